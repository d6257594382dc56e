import { createDevnetChain, type DevnetChain } from '#chains'
import { findMethod } from '#contracts/metadata'
import {
  type Block,
  encodeArgs,
  encodeBlock,
  encodeTransaction,
  type MethodDescriptor,
  type SignedTransaction,
  signTransaction,
  type UnsignedTransaction,
} from '#kernel'
import { createNode, installEngines, type RunningNode } from '#node'
import { createMemoryNetwork, encodeMessage } from '#p2p'
import {
  type Address,
  asAddress,
  type Bytes,
  type Hash,
  type Hex,
  hexToBytes,
  type Logger,
  type Net,
} from '#primitives'
import { createMemoryStore } from '#store'
import { Timeline } from '#testing'

/** A chain that honest producers made, with what an attacker can see of it. */
export interface HonestChain {
  readonly world: DevnetChain
  readonly genesisMs: number
  /** From height 1 on. */
  readonly blocks: readonly Block[]
  readonly hashOf: ReadonlyMap<bigint, Hash>
  readonly transfers: readonly SignedTransaction[]
}

export const SLOT_MS = 1000
/** Heights a node starts from; the chain goes on beyond, so that an attacker can bring true blocks, too. */
export const KNOWN_HEIGHT = 24
const CHAIN_HEIGHT = 36
const DELEGATES = 4
const GENESIS_MS = 1_700_000_000_000

const quiet: Logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

export const receiver: Address = asAddress(`0x${'4b'.repeat(20)}`)

export function transferMethod(): MethodDescriptor {
  const method = findMethod('token', 'transfer')
  if (method === undefined) throw new Error('the token contract has no transfer')
  return method
}

interface Mark {
  readonly refHeight: bigint
  readonly refHash: Hex
}

/** A valid transfer of a demo account, with whatever an attacker changes in it before signing. */
export function transferOf(
  { chain, accounts }: DevnetChain,
  { from, nonce, mark, change }: { from: number; nonce: Hex; mark: Mark; change?: Partial<UnsignedTransaction> },
): SignedTransaction {
  const method = transferMethod()
  const account = accounts[from % accounts.length]
  if (account === undefined) throw new Error('there is no account')
  const unsigned: UnsignedTransaction = {
    version: 1,
    walletChainId: 6118001n,
    from: account.address,
    contract: method.contractAddress,
    method: method.number,
    args: encodeArgs(method.abi, { to: receiver, symbol: 'ELF', amount: 1n }),
    ...mark,
    feeLimit: 10_000_000n,
    nonce,
    ...change,
  }
  const privateKey = hexToBytes(account.privateKey)
  return signTransaction(unsigned, { method, network: chain.network, privateKey })
}

const nonceOf = (count: number): Hex => `0x${count.toString(16).padStart(16, '0')}`

/** Makes a chain by running its producers on a simulated clock. */
async function growChain(): Promise<HonestChain> {
  installEngines(quiet)
  const world = createDevnetChain({
    genesisTimeMs: GENESIS_MS,
    slotMs: SLOT_MS,
    delegates: DELEGATES,
    backups: 1,
    seed: 'fuzz',
    reveals: 512,
  })
  const clock = new Timeline({ startMs: GENESIS_MS })
  const network = createMemoryNetwork({ clock })
  const nodes: RunningNode[] = []
  for (const { name, privateKey, reveals, revealSource } of world.delegates) {
    const node = await createNode(
      { name, keepStates: 64, relay: false, producer: { privateKey, reveals, revealSource } },
      { chain: world.chain, clock, net: network.join(name), store: createMemoryStore(), logger: quiet },
    )
    nodes.push(node)
    node.start()
  }
  const [first] = nodes
  if (first === undefined) throw new Error('there is no node')
  const transfers: SignedTransaction[] = []
  for (let slot = 1; first.ledger.head().header.height < CHAIN_HEIGHT; slot += 1) {
    if (slot > 4 * CHAIN_HEIGHT) throw new Error('the honest chain does not grow')
    const { height, hash } = first.ledger.head().header
    const mark = { refHeight: height, refHash: hash.slice(0, 18) as Hex }
    for (let count = slot % 4; count > 0; count -= 1) {
      const transfer = transferOf(world, { from: count, nonce: nonceOf(slot * 8 + count), mark })
      await first.api.submit(encodeTransaction(transfer))
      transfers.push(transfer)
    }
    await clock.runUntil(GENESIS_MS + slot * SLOT_MS + 500)
  }
  const blocks: Block[] = []
  const hashOf = new Map<bigint, Hash>([[0n, world.chain.network.genesisHash]])
  for (let height = 1n; height <= CHAIN_HEIGHT; height += 1n) {
    const hash = await first.ledger.hashAt(height)
    const stored = hash === undefined ? undefined : await first.ledger.block(hash)
    if (stored === undefined) throw new Error(`there is no block ${height}`)
    blocks.push(stored.block)
    hashOf.set(height, stored.block.header.hash)
  }
  for (const node of nodes) await node.stop()
  return { world, genesisMs: GENESIS_MS, blocks, hashOf, transfers }
}

let grown: Promise<HonestChain> | undefined
/** The honest chain; made once. */
export function honestChain(): Promise<HonestChain> {
  grown ??= growChain()
  return grown
}

type Handler = Parameters<Net['onMessage']>[0]

/** A real node without a producer, and a network on which everybody else is the attacker. */
export interface Victim {
  readonly node: RunningNode
  readonly clock: Timeline
  /** What the node's log calls an error. */
  readonly errors: readonly string[]
  /** What the node sent since the last look. */
  sent(): Bytes[]
  /** Delivers, and waits until all work of it is done. */
  deliver(peer: string, message: Bytes): Promise<void>
}

/** Most own messages kept between two looks. */
const MAX_SENT = 256

export async function openVictim(chain: HonestChain): Promise<Victim> {
  const last = chain.blocks.at(-1)?.header.slot ?? 0n
  const clock = new Timeline({ startMs: chain.genesisMs + (Number(last) + 2) * SLOT_MS })
  const errors: string[] = []
  let sent: Bytes[] = []
  const handlers = new Set<Handler>()
  const keep = (message: Bytes): void => {
    if (sent.length < MAX_SENT) sent.push(message)
  }
  const net: Net = {
    broadcast: keep,
    send: (_peer, message) => keep(message),
    onMessage: (handler) => {
      handlers.add(handler)
      return () => handlers.delete(handler)
    },
    onPeer: () => () => {},
    judge: () => {},
    peers: () => ['friend'],
  }
  const logger: Logger = {
    ...quiet,
    error: (message, fields) =>
      errors.push(
        `${message} ${JSON.stringify(fields ?? {}, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value))}`,
      ),
  }
  const node = await createNode(
    { name: 'victim', keepStates: 64, relay: true },
    { chain: chain.world.chain, clock, net, store: createMemoryStore(), logger },
  )
  node.start()
  const deliver = async (peer: string, message: Bytes): Promise<void> => {
    for (const handler of handlers) await handler(peer, message)
    // Nothing here waits for a disk: one turn of the loop settles all promises.
    await new Promise((resolve) => setImmediate(resolve))
    await node.ledger.idle()
  }
  for (const block of chain.blocks.slice(0, KNOWN_HEIGHT)) {
    await deliver('friend', encodeMessage({ kind: 'block', block: encodeBlock(block) }))
  }
  if (node.ledger.head().header.height !== BigInt(KNOWN_HEIGHT)) throw new Error('the victim did not take the chain')
  const takeSent = (): Bytes[] => {
    const taken = sent
    sent = []
    return taken
  }
  return { node, clock, errors, sent: takeSent, deliver }
}
