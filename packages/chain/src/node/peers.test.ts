import { expect, test, vi } from 'vitest'
import {
  type Block,
  EMPTY_LIST_ROOT,
  encodeBlock,
  encodeBody,
  encodeHeaderEntry,
  type SignedTransaction,
  sealHeader,
  systemAddress,
} from '#kernel'
import { LedgerError } from '#ledger'
import type { PoolEntry } from '#mempool'
import { createMemoryNetwork, decodeMessage, encodeMessage, type Message } from '#p2p'
import { asHash, type Bytes, type Clock, type Hash, type Logger, ZERO_ADDRESS, ZERO_HASH } from '#primitives'
import { Timeline } from '#testing'
import { plainDecoder } from './decoder.ts'
import { Peers } from './peers.ts'
import type { PeersDeps } from './peersDeps.ts'

const clock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}
const HEAVY_BYTES = 120_000
const heavy: SignedTransaction = {
  version: 1,
  walletChainId: 1n,
  from: ZERO_ADDRESS,
  contract: systemAddress(1),
  method: 1,
  args: new Uint8Array(HEAVY_BYTES),
  refHeight: 0n,
  refHash: '0x0000000000000000',
  feeLimit: 0n,
  nonce: '0x0000000000000000',
  authorization: { kind: 0, signature: `0x${'00'.repeat(65)}` },
}

/** A block with so many heavy transactions; nothing in it is true but its place. */
function blockAfter(parent: Hash, height: bigint, transactions = 0): Block {
  const header = {
    version: 1,
    chainId: 1,
    height,
    parentHash: parent,
    slot: height,
    producer: ZERO_ADDRESS,
    transactionRoot: EMPTY_LIST_ROOT,
    receiptRoot: EMPTY_LIST_ROOT,
    stateRoot: ZERO_HASH,
    indexRoot: EMPTY_LIST_ROOT,
    signal: ZERO_HASH,
    consensus: new Uint8Array(0),
    extension: new Uint8Array(0),
  } as const
  return {
    header: sealHeader(header, `0x${'00'.repeat(65)}`),
    transactions: new Array<SignedTransaction>(transactions).fill(heavy),
  }
}

function chainOf(...sizes: readonly number[]): Block[] {
  const blocks = [blockAfter(ZERO_HASH, 0n)]
  for (const size of sizes) {
    const { hash, height } = (blocks.at(-1) as Block).header
    blocks.push(blockAfter(hash, height + 1n, size))
  }
  return blocks
}

/** Peers over a chain that only grows and refuses some bodies. */
function peersOver(
  name: string,
  net: ReturnType<typeof createMemoryNetwork>,
  blocks: readonly Block[],
  time: Clock = clock,
  pool: ReadonlyMap<Hash, PoolEntry> = new Map(),
) {
  const bundles = new Map<Hash, Bytes>()
  const chain = [...blocks]
  const strikes: string[] = []
  const quiet = (): void => undefined
  const warn: Logger['warn'] = (_, fields) => void strikes.push(String(fields?.['peer']))
  const nodeOf = (block: Block | undefined): never =>
    (block === undefined ? undefined : { header: block.header }) as never
  const find = (hash: Hash): Block | undefined => chain.find(({ header }) => header.hash === hash)
  const deps: PeersDeps<never> = {
    net: net.join(name),
    clock: time,
    logger: { debug: quiet, info: quiet, warn, error: quiet },
    ledger: {
      head: () => nodeOf(chain.at(-1)),
      finalized: () => nodeOf(chain[0]),
      node: (hash) => nodeOf(find(hash)),
      hashAt: async (height) => chain[Number(height)]?.header.hash,
      headState: () => undefined as never,
      encoded: async (part, hash) => {
        const block = find(hash)
        if (block === undefined) return undefined
        if (part === 'block') return encodeBlock(block)
        return part === 'header' ? encodeHeaderEntry({ header: block.header }) : encodeBody(block.transactions)
      },
      headersFrom: async (height, most) =>
        chain.slice(Number(height), Number(height) + most).map(({ header }) => encodeHeaderEntry({ header })),
      importBlock: async (block) => {
        if (find(block.header.parentHash) === undefined) throw new LedgerError('block.orphan', 'no parent')
        if (block.transactions.length === 1) throw new LedgerError('block.transactionRoot', 'another body')
        chain.push(block)
        return { status: 'imported', nodes: [nodeOf(block)], headChanged: true, removed: [], added: [], finalized: [] }
      },
      importBlocks: () => Promise.reject(new Error('unused')),
    },
    decoder: plainDecoder,
    mempool: {
      addAll: () => Promise.reject(new Error('unused')),
      get: (id) => pool.get(id),
      own: () => [...pool.values()].filter(({ isOwn }) => isOwn),
    },
    engine: {} as never,
    witness: { saw: quiet, sawLate: quiet },
    suspicion: { goodMark: quiet, unknownMark: quiet, heardHead: quiet },
    bundle: async (hash) => bundles.get(hash),
    checkHeader: quiet,
    nowSlot: () => 1000n,
    slotStartMs: (slot) => Number(slot) * 1000,
    signersOf: async () => [],
    ahead: quiet,
    imported: async () => undefined,
  }
  return { peers: new Peers({ relay: false }, deps), chain, strikes, bundles }
}

test('behavior: blocks too large for one message together are fetched one by one', async () => {
  const net = createMemoryNetwork({ clock })
  const blocks = chainOf(16, 34, 34, 0)
  const server = peersOver('server', net, blocks)
  const late = peersOver('late', net, blocks.slice(0, 1))
  server.peers.start()
  await vi.waitFor(() => expect(late.chain).toHaveLength(blocks.length), 3000)
  expect([...server.strikes, ...late.strikes]).toEqual([])
  server.peers.stop()
  late.peers.stop()
})

test('behavior: a bad orphan is not held against who brings its parent, and the good ones beside it are taken', async () => {
  const net = createMemoryNetwork({ clock })
  const [genesis, first, second] = chainOf(0, 0) as [Block, Block, Block]
  const node = peersOver('node', net, [genesis])
  const [evil, honest] = [net.join('evil'), net.join('honest')]
  const message = (block: Block): Bytes => encodeMessage({ kind: 'block', block: encodeBlock(block) })
  const header = sealHeader({ ...second.header, slot: 3n }, second.header.signature)
  const spoiled: Block = { header, transactions: [heavy] }
  evil.send('node', message(spoiled))
  evil.send('node', message(second))
  honest.send('node', message(first))
  await vi.waitFor(() => expect(node.chain).toHaveLength(3), 3000)
  expect(node.strikes).not.toContain('honest')
  node.peers.stop()
})

test('behavior: a block that waits for its parent is asked for again when it is announced', async () => {
  const net = createMemoryNetwork({ clock })
  const blocks = chainOf(0, 0) as [Block, Block, Block]
  const node = peersOver('node', net, blocks.slice(0, 1))
  // The newest block arrives, the question for what lies between is lost.
  const deaf = net.join('deaf')
  const asked = new Promise<void>((resolve) => deaf.onMessage(() => void resolve()))
  deaf.send('node', encodeMessage({ kind: 'block', block: encodeBlock(blocks[2]) }))
  await asked
  const server = peersOver('server', net, blocks)
  server.peers.start()
  await vi.waitFor(() => expect(node.chain).toHaveLength(3), 3000)
  server.peers.stop()
  node.peers.stop()
})

test('behavior: a newcomer is offered what this node stands for and still waits, though it was sent out before', async () => {
  const net = createMemoryNetwork({ clock })
  const entries = ['1', '2', '3', '4'].map((digit) => {
    const entry: Omit<PoolEntry, 'transaction'> = {
      id: asHash(`0x${digit.repeat(64)}`),
      envelope: Uint8Array.of(Number(digit)),
      fee: 0n,
      arrival: 0n,
      isOwn: false,
    }
    return entry as PoolEntry
  })
  const [included, ...waiting] = entries as [PoolEntry, ...PoolEntry[]]
  const pool = new Map(entries.map((entry) => [entry.id, entry]))
  const node = peersOver('node', net, chainOf(), clock, pool)
  const heardBy = (name: string): Promise<Message> => {
    const { onMessage } = net.join(name)
    return new Promise((resolve) => {
      onMessage((_, bytes) => {
        const message = decodeMessage(bytes)
        if (message.kind === 'transactions') resolve(message)
        return undefined
      })
    })
  }
  const early = heardBy('early')
  // The last came from others.
  for (const entry of entries.slice(0, 3)) node.peers.offers.publish(entry)
  expect(await early).toMatchObject({ transactions: [[1], [2], [3]].map((bytes) => Uint8Array.from(bytes)) })
  pool.delete(included.id)
  expect(waiting.map(({ isOwn }) => isOwn)).toEqual([true, true, false])
  expect(await heardBy('newcomer')).toMatchObject({ transactions: [[2], [3]].map((bytes) => Uint8Array.from(bytes)) })
  node.peers.stop()
})

test('behavior: a head that moves many times is told now and then, and the newest is', async () => {
  const time = new Timeline({ startMs: 0 })
  const net = createMemoryNetwork({ clock: time })
  const heard: bigint[] = []
  net.join('neighbour').onMessage((_, bytes) => {
    const message = decodeMessage(bytes)
    if (message.kind === 'announce') heard.push(message.height)
    return undefined
  })
  const [genesis, ...blocks] = chainOf(...new Array<number>(60).fill(0)) as [Block, ...Block[]]
  const { peers, chain } = peersOver('node', net, [genesis], time)
  for (const block of blocks) {
    chain.push(block)
    peers.announce()
    await time.runUntil(time.now() + 2)
  }
  await time.runUntil(time.now() + 1_000)
  expect(heard[0]).toBe(1n)
  expect(heard.at(-1)).toBe(60n)
  // A neighbour takes 20 of them a second, and parts from who goes on beyond.
  expect(heard.length).toBeLessThan(5)
  // A while later nobody has to wait.
  peers.announce()
  await time.runUntil(time.now() + 1)
  expect(heard.filter((height) => height === 60n)).toHaveLength(2)
  peers.stop()
})
