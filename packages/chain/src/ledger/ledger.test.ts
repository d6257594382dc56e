import { describe, expect, test } from 'vitest'
import {
  checkExecution,
  createRevealChain,
  type DposProposeInput,
  type DposState,
  decodeState,
  dpos,
  encodeState,
  type RevealChain,
  scheduleAt,
} from '#consensus/dpos'
import {
  type Block,
  type Genesis,
  genesisBlock,
  type Header,
  headerHash,
  type SignedTransaction,
  signHeader,
  statePath,
  systemAddress,
  transactionId,
} from '#kernel'
import {
  type Address,
  AelfError,
  type Bytes,
  bytesToHash,
  type Hash,
  type Hex,
  hexToBytes,
  privateKeyToAddress,
  sha256,
  utf8ToBytes,
  ZERO_HASH,
} from '#primitives'
import { createMemoryStore, type MemoryStore } from '#store'
import { makeOlder } from '#testing'
import { type BlockExecutor, type ImportResult, type Ledger, type LedgerPorts, openLedger } from './index.ts'

interface Producer {
  readonly key: Bytes
  readonly address: Address
  readonly chain: RevealChain
  generated: bigint
}

const producers: Producer[] = Array.from({ length: 5 }, (_, index) => {
  const key = sha256(utf8ToBytes(`ledger test producer ${index}`))
  return { key, address: privateKeyToAddress(key), chain: createRevealChain(key, 400), generated: 0n }
})

const genesis: Genesis = {
  network: 'ledger test',
  chainId: 7,
  genesisTimeMs: 1_700_000_000_000n,
  slotMs: 4000n,
  collectionHash: `0x${'00'.repeat(32)}` as Hash,
  state: new Map([[statePath(systemAddress(9), 1, Uint8Array.of(1)), Uint8Array.of(42)]]),
  producers: producers.map(({ address, chain }) => ({ address, commitment: chain.commitment })),
  params: {},
}
const first = genesisBlock(genesis)
const pathOf = (tx: SignedTransaction): Hash => statePath(tx.contract, 1, tx.args)

/** Writes the nonce under the arguments; refuses arguments of one zero byte. */
const executor: BlockExecutor = {
  execute({ transactions, mode }) {
    const bad = transactions.filter((tx) => tx.args.length === 1 && tx.args[0] === 0)
    if (bad.length > 0 && mode === 'validate') throw new AelfError('execution.unpayable', 'cannot pay')
    const good = transactions.filter((tx) => !bad.includes(tx))
    return {
      transactions: good,
      receipts: good.map((tx) => ({ transactionId: transactionId(tx), status: 'success', fee: 1n, events: [] })),
      diff: new Map(good.map((tx) => [pathOf(tx), utf8ToBytes(tx.nonce)])),
      summary: { evicted: [] },
      dropped: bad.map(transactionId),
    }
  },
}

let nonces = 0
function transaction(on: { height: bigint; hash: Hash }, args: number[] = [7]): SignedTransaction {
  nonces += 1
  return {
    version: 1,
    walletChainId: 1n,
    from: producers[0]?.address as Address,
    contract: systemAddress(9),
    method: 1,
    args: Uint8Array.from(args),
    refHeight: on.height,
    refHash: on.hash.slice(0, 18) as Hex,
    feeLimit: 1n,
    nonce: `0x${nonces.toString(16).padStart(16, '0')}`,
    authorization: { kind: 0, signature: `0x${'11'.repeat(65)}` },
  }
}

type TestLedger = Ledger<DposState, DposProposeInput>

function open(
  store: MemoryStore,
  ports: Partial<LedgerPorts<DposState, DposProposeInput>> = {},
  keepStates = 1024,
): Promise<TestLedger> {
  const quiet = (): void => undefined
  return openLedger<DposState, DposProposeInput>(
    { genesis, genesisBlock: first, keepStates },
    {
      engine: dpos,
      codec: { encode: encodeState, decode: decodeState },
      executor,
      store,
      checkExecution,
      logger: { debug: quiet, info: quiet, warn: quiet, error: quiet },
      authenticate: async (transactions) => transactions.map((tx) => tx.from),
      ...ports,
    },
  )
}

/** The block of a slot on a ledger's head, signed, not imported. */
async function make(ledger: TestLedger, slot: bigint, candidates: SignedTransaction[] = []): Promise<Block> {
  const producer = producerAt(ledger, slot)
  const built = await ledger.buildBlock({
    slot,
    producer: producer.address,
    candidates,
    propose: (summary) => ({
      slot,
      producer: producer.address,
      summary,
      generatedHeight: producer.generated,
      preimageOf: (anchor) => producer.chain.preimageOf(anchor),
    }),
  })
  if (built === undefined) throw new Error('not scheduled')
  return { header: signHeader(built.header, producer.key), transactions: built.transactions }
}

function producerAt(ledger: TestLedger, slot: bigint): Producer {
  const address = scheduleAt(ledger.headState(), slot)?.producer
  const producer = producers.find((one) => one.address === address)
  if (producer === undefined) throw new Error('no producer')
  return producer
}

async function step(
  ledgers: TestLedger[],
  slot: bigint,
  candidates: SignedTransaction[] = [],
): Promise<ImportResult<DposState>> {
  const [leader, ...others] = ledgers as [TestLedger, ...TestLedger[]]
  const producer = producerAt(leader, slot)
  const block = await make(leader, slot, candidates)
  const result = await leader.importBlock(block)
  producer.generated = block.header.height
  for (const other of others) await other.importBlock(block)
  return result
}

/** Makes a block as its producer would, who remembers how high it ever produced. */
async function mint(ledger: TestLedger, slot: bigint, candidates: SignedTransaction[] = []): Promise<Block> {
  const producer = producerAt(ledger, slot)
  const block = await make(ledger, slot, candidates)
  if (block.header.height > producer.generated) producer.generated = block.header.height
  return block
}

async function grow(ledgers: TestLedger[], fromSlot: bigint, count: number): Promise<bigint> {
  let slot = fromSlot
  for (let index = 0; index < count; index += 1, slot += 1n) {
    const head = ledgers[0]?.head().header ?? first.header
    await step(ledgers, slot, [transaction(head, [(index % 5) + 1, index % 3])])
  }
  return slot
}

async function blocksOf(ledger: TestLedger, from: bigint, to: bigint): Promise<Block[]> {
  const blocks: Block[] = []
  for (let height = from; height <= to; height += 1n) {
    const stored = await ledger.block((await ledger.hashAt(height)) as Hash)
    if (stored === undefined) throw new Error(`no block at ${height}`)
    blocks.push(stored.block)
  }
  return blocks
}

function fresh(): void {
  for (const producer of producers) producer.generated = 0n
}

/** Header fields changed and signed again by the right producer, so that only the named check can object. */
function forge(block: Block, change: Partial<Header>): Block {
  const key = producers.find((one) => one.address === block.header.producer)?.key as Bytes
  const { signature: _, hash: __, ...header } = block.header
  return { ...block, header: signHeader({ ...header, ...change }, key) }
}

/** Stored pages of the state that have values. */
async function pagesOf(store: MemoryStore): Promise<[Bytes, Bytes][]> {
  const pages = await store.range({ gte: Uint8Array.of(9), lt: Uint8Array.of(10) })
  return pages.filter(([, bytes]) => bytes.length > 8)
}

const sha256Hash = (n: number): Hash => bytesToHash(sha256(Uint8Array.of(n & 255, n >> 8)))

function createMemo(): NonNullable<LedgerPorts<DposState, DposProposeInput>['memo']> {
  const outcomes = new Map()
  return { trusted: true, get: (hash) => outcomes.get(hash), put: (hash, outcome) => void outcomes.set(hash, outcome) }
}

describe('importing', () => {
  test('default: a chain grows, becomes irreversible, and two ledgers agree', async () => {
    fresh()
    const [a, b] = await Promise.all([open(createMemoryStore()), open(createMemoryStore())])
    await grow([a, b], 1n, 24)
    expect(a.head().header.height).toBe(24n)
    expect(b.head().header.hash).toBe(a.head().header.hash)
    expect(a.finalized().header.height).toBeGreaterThan(10n)
    expect(b.headTree().root).toBe(a.headTree().root)
    const ten = await a.hashAt(10n)
    const stored = await a.block(ten as Hash)
    expect(stored).toMatchObject({ canonical: true, finalized: true })
    const id = transactionId(stored?.block.transactions[0] as SignedTransaction)
    expect(await a.place(id)).toEqual({ blockHash: ten, index: 0 })
    const last = a.head()
    expect(await a.place([...last.ids][0] as Hash)).toEqual({ blockHash: last.header.hash, index: 0 })
    expect((await a.importBlock(stored?.block as Block)).status).toBe('known')
    const branch = forge(stored?.block as Block, { signal: `0x${'01'.repeat(32)}` as Hash })
    await expect(a.importBlock(branch)).rejects.toMatchObject({ code: 'block.belowFinalized' })
  })

  test('behavior: headers are read together as they are one by one, stored or in memory', async () => {
    fresh()
    const store = createMemoryStore()
    const ledger = await open(store)
    await grow([ledger], 1n, 24)
    const one = async (height: bigint): Promise<Bytes | undefined> => {
      const hash = await ledger.hashAt(height)
      return hash === undefined ? undefined : ledger.encoded('header', hash)
    }
    const all: (Bytes | undefined)[] = []
    for (let height = 0n; height <= 24n; height += 1n) all.push(await one(height))
    expect(ledger.finalized().header.height).toBeLessThan(24n)
    for (const [from, most] of [
      ...[0, 1, 15, 24].map((height) => [height, 100] as const),
      ...[0, 5, 23, 25, 99].map((height) => [height, 3] as const),
    ])
      expect(await ledger.headersFrom(BigInt(from), most)).toEqual(all.slice(from, from + most))
    // Blocks of before headers were stored beside them.
    await makeOlder(store)
    await store.write([{ del: Uint8Array.of(8, ...hexToBytes((await ledger.hashAt(6n)) as Hash)) }], { sync: true })
    expect(await ledger.headersFrom(5n, 3)).toEqual(all.slice(5, 8))
  })

  test('behavior: a place stored by an older version, which named the block itself, is read', async () => {
    fresh()
    const store = createMemoryStore()
    const ledger = await open(store)
    await grow([ledger], 1n, 24)
    const hash = (await ledger.hashAt(9n)) as Hash
    const id = transactionId((await ledger.block(hash))?.block.transactions[0] as SignedTransaction)
    const key = Uint8Array.of(5, ...hexToBytes(id))
    expect(await store.get(key)).toEqual(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0))
    expect(await ledger.place(id)).toEqual({ blockHash: hash, index: 0 })
    const older = Uint8Array.of(...hexToBytes(sha256Hash(1)), 0, 0, 0, 3)
    await store.write([{ put: [key, older] }], { sync: true })
    expect(await ledger.place(id)).toEqual({ blockHash: sha256Hash(1), index: 3 })
    expect(await ledger.place(sha256Hash(2))).toBeUndefined()
  })

  const forgeries: [string, (block: Block) => Block][] = [
    ['block.wrongChain', (b) => forge(b, { chainId: 8 })],
    ['block.wrongHeight', (b) => forge(b, { height: b.header.height + 1n })],
    ['block.hash', (b) => ({ ...b, header: { ...b.header, hash: ZERO_HASH } })],
    // [HDR-NET-1]
    ['block.extension', (b) => forge(b, { extension: new Uint8Array() })],
    ['block.extension', (b) => forge(b, { extension: new Uint8Array(32).fill(9) })],
    ['block.indexRoot', (b) => forge(b, { indexRoot: ZERO_HASH })],
    ['block.consensus', (b) => forge(b, { slot: b.header.slot + 1n })],
    ['block.consensus', (b) => ({ ...b, header: signHeader(b.header, sha256(Uint8Array.of(9))) })],
    ['block.transactionRoot', (b) => ({ ...b, transactions: [] })],
    ['block.receiptRoot', (b) => forge(b, { receiptRoot: ZERO_HASH })],
    ['block.stateRoot', (b) => forge(b, { stateRoot: ZERO_HASH })],
    ['block.orphan', (b) => forge(b, { parentHash: `0x${'12'.repeat(32)}` as Hash })],
  ]
  test.each(forgeries)('error: %s', async (code, damage) => {
    fresh()
    const [a, b] = await Promise.all([open(createMemoryStore()), open(createMemoryStore())])
    const slot = await grow([a, b], 1n, 3)
    const block = await make(a, slot, [transaction(a.head().header)])
    await expect(b.importBlock(damage(block))).rejects.toMatchObject({ code })
    expect(b.head().header.height).toBe(3n)
    expect((await b.importBlock(block)).headChanged).toBe(true)
  })

  /** A block whose producer included transactions no honest builder would. */
  async function withTransactions(ledger: TestLedger, slot: bigint, transactions: SignedTransaction[]): Promise<Block> {
    const { transactionRootOf, receiptRootOf } = await import('#kernel')
    const block = await make(ledger, slot)
    const receipts = transactions.map((tx) => ({
      transactionId: transactionId(tx),
      status: 'success' as const,
      fee: 1n,
      events: [],
    }))
    return {
      ...forge(block, { transactionRoot: transactionRootOf(transactions), receiptRoot: receiptRootOf(receipts) }),
      transactions,
    }
  }

  test('error: transactions that may not be there', async () => {
    fresh()
    const [a, b] = await Promise.all([open(createMemoryStore()), open(createMemoryStore())])
    const slot = await grow([a, b], 1n, 3)
    const tx = transaction(a.head().header)
    const old = (await a.block(a.head().header.hash))?.block.transactions[0] as SignedTransaction
    const cases: [string, SignedTransaction[]][] = [
      ['block.duplicateTransaction', [tx, tx]],
      ['block.replay', [old]],
      ['block.mark', [transaction({ height: 2n, hash: `0x${'12'.repeat(32)}` as Hash })]],
      ['block.mark', [transaction({ height: 4n, hash: a.head().header.hash })]],
      ['block.execution', [transaction(a.head().header, [0])]],
    ]
    for (const [code, transactions] of cases) {
      await expect(b.importBlock(await withTransactions(a, slot, transactions))).rejects.toMatchObject({ code })
    }
    const c = await open(createMemoryStore(), { authenticate: async (list) => list.map(() => undefined) })
    const signed = await make(await open(createMemoryStore()), 1n, [transaction(first.header)])
    await expect(c.importBlock(signed)).rejects.toMatchObject({ code: 'block.signature' })
  })

  test('behavior: a mark is accepted 64 blocks above the one it names and refused at 65 [TX-MARK-1]', async () => {
    fresh()
    const [a, b] = await Promise.all([open(createMemoryStore()), open(createMemoryStore())])
    const slot = await grow([a, b], 1n, 5)
    const marked = a.head().header
    const [last, late] = [transaction(marked), transaction(marked)]
    const then = await grow([a, b], slot, 63)
    const inTime = await make(a, then, [last])
    expect(inTime).toMatchObject({ header: { height: marked.height + 64n }, transactions: [last] })
    expect((await b.importBlock(inTime)).headChanged).toBe(true)
    const after = await grow([a], then, 1)
    const tooLate = await withTransactions(a, after, [late])
    expect(tooLate.header.height).toBe(marked.height + 65n)
    await expect(a.importBlock(tooLate)).rejects.toMatchObject({ code: 'block.mark' })
  })

  test('behavior: a transaction counts once, in every later block and after a crash [TX-REPLAY-1]', async () => {
    fresh()
    const store = createMemoryStore()
    let ledger = await open(store)
    const marked = first.header
    const tx = transaction(marked)
    await step([ledger], 1n, [tx])
    let slot = 2n
    for (const code of [...Array<string>(64).fill('block.replay'), 'block.mark']) {
      const again = await withTransactions(ledger, slot, [tx])
      await expect(ledger.importBlock(again), `height ${again.header.height}`).rejects.toMatchObject({ code })
      expect((await make(ledger, slot, [tx])).transactions).toEqual([])
      slot = await grow([ledger], slot, 1)
      if (slot % 20n !== 0n) continue
      store.crash()
      ledger = await open(store)
    }
    expect(ledger.head().header.height).toBe(66n)
  })

  test('behavior: what was only on an abandoned branch may be included again [TX-REPLAY-1]', async () => {
    fresh()
    const ledger = await open(createMemoryStore())
    const slot = await grow([ledger], 1n, 2)
    const other = await open(createMemoryStore())
    for (const height of [1n, 2n]) {
      const stored = await ledger.block((await ledger.hashAt(height)) as Hash)
      await other.importBlock(stored?.block as Block)
    }
    const tx = transaction(ledger.head().header)
    await ledger.importBlock(await mint(ledger, slot, [tx]))
    const longer = [await mint(other, slot + 1n)]
    await other.importBlock(longer[0] as Block)
    longer.push(await mint(other, slot + 2n))
    for (const block of longer) await ledger.importBlock(block)
    expect((await ledger.importBlock(await mint(ledger, slot + 3n, [tx]))).headChanged).toBe(true)
    expect(await ledger.place(transactionId(tx))).toMatchObject({ index: 0 })
  })

  test('error: a block from the future waits for its slot', async () => {
    fresh()
    const [a, b] = await Promise.all([open(createMemoryStore()), open(createMemoryStore())])
    const block = await make(a, 3n)
    await expect(b.importBlock(block, { nowSlot: 2n })).rejects.toMatchObject({
      code: 'block.consensus',
      details: { rule: 'dpos.futureSlot' },
    })
    expect((await b.importBlock(block, { nowSlot: 3n })).status).toBe('imported')
    expect((await b.importBlock(block)).status).toBe('known')
  })

  test('behavior: others go first between the steps of a large block, and see nothing of it before it is there', async () => {
    fresh()
    const seen: bigint[] = []
    const a: TestLedger = await open(createMemoryStore(), {
      async breathe() {
        await new Promise((resolve) => setImmediate(resolve))
        seen.push(a.head().header.height)
      },
    })
    const b = await open(createMemoryStore())
    const many = Array.from({ length: 300 }, (_, index) => transaction(first.header, [index & 255, index >> 8]))
    await step([a, b], 1n, many)
    expect(seen).toEqual([0n, 0n, 0n, 0n, 0n])
    expect(a.head().header.hash).toBe(b.head().header.hash)
    expect(a.headTree().size).toBe(b.headTree().size)
    await step([a, b], 2n, [transaction(a.head().header)])
    expect(seen).toHaveLength(5)
  })

  test('behavior: building drops what cannot be included and keeps marks to 64 blocks', async () => {
    fresh()
    const ledger = await open(createMemoryStore())
    const early = transaction(first.header)
    const bad = transaction(first.header, [0])
    const good = transaction(first.header)
    const producer = producerAt(ledger, 1n)
    const built = await ledger.buildBlock({
      slot: 1n,
      producer: producer.address,
      candidates: [bad, good],
      propose: (summary) => ({
        slot: 1n,
        producer: producer.address,
        summary,
        generatedHeight: 0n,
        preimageOf: (anchor) => producer.chain.preimageOf(anchor),
      }),
    })
    expect(built?.transactions).toEqual([good])
    expect(built?.dropped).toEqual([transactionId(bad)])
    const slot = await grow([ledger], 1n, 63)
    expect((await make(ledger, slot, [early])).transactions).toEqual([early])
    await grow([ledger], slot, 1)
    expect((await make(ledger, slot + 1n, [early])).transactions).toEqual([])
  })
})

describe('branches', () => {
  test('behavior: a longer branch takes over and hands back what was on the other', async () => {
    fresh()
    const store = createMemoryStore()
    const [a, b] = await Promise.all([open(store), open(createMemoryStore())])
    const slot = await grow([a, b], 1n, 2)
    const lost = transaction(a.head().header)
    const short = await mint(a, slot, [lost])
    await a.importBlock(short)
    const one = await mint(b, slot + 1n)
    await b.importBlock(one)
    const two = await mint(b, slot + 2n)
    await b.importBlock(two)
    expect((await a.importBlock(one)).headChanged).toBe(false)
    const result = await a.importBlock(two)
    expect(result.headChanged).toBe(true)
    expect(result.removed.map((node) => node.header.hash)).toEqual([short.header.hash])
    expect(result.removed[0]?.body?.block.transactions).toEqual([lost])
    expect(result.added.map((node) => node.header.hash)).toEqual([one.header.hash, two.header.hash])
    expect(a.headTree().root).toBe(b.headTree().root)
    expect(await a.place(transactionId(lost))).toBeUndefined()
    expect((await a.block(short.header.hash))?.canonical).toBe(false)
    await makeOlder(store)
    await grow([b, a], slot + 3n, 20)
    expect(await a.block(short.header.hash)).toBeUndefined()
    expect(a.finalized().header.hash).toBe(b.finalized().header.hash)
  })
})

describe('restart', () => {
  test('behavior: a crash at any block brings back the same head, root, engine state and past states', async () => {
    fresh()
    const store = createMemoryStore()
    let ledger = await open(store)
    let slot = 1n
    const roots = new Map<bigint, Hash>()
    for (let round = 0; round < 6; round += 1) {
      for (let count = 0; count < 7; count += 1, slot += 1n) {
        await step([ledger], slot, [transaction(ledger.head().header, [count, round])])
        roots.set(ledger.head().header.height, ledger.headTree().root)
      }
      const before = {
        head: ledger.head().header,
        root: ledger.finalized().header,
        state: encodeState(ledger.headState()),
      }
      store.crash()
      if (round === 3) await makeOlder(store)
      ledger = await open(store)
      expect(ledger.head().header).toEqual(before.head)
      expect(ledger.finalized().header).toEqual(before.root)
      expect(encodeState(ledger.headState())).toEqual(before.state)
      expect(ledger.headTree().root).toBe(before.head.stateRoot)
    }
    for (const height of [41n, 30n, 5n, 1n]) expect((await ledger.treeAt(height)).root).toBe(roots.get(height))
    expect(ledger.recent().includes([...ledger.head().ids][0] as Hash, 0n)).toBe(true)
    const small = await open(store, {}, 8)
    await expect(small.treeAt(20n)).rejects.toMatchObject({ code: 'state.notKept' })
    await expect(ledger.treeAt(99n)).rejects.toMatchObject({ code: 'state.notKept' })
  })

  test('behavior: a branch that lost decides nothing when it is read back before the one that won', async () => {
    fresh()
    const [store, elsewhere] = [createMemoryStore(), await open(createMemoryStore())]
    const ledger = await open(store)
    const slot = await grow([ledger, elsewhere], 1n, 2)
    const won = await mint(ledger, slot)
    const sibling = await mint(elsewhere, slot + 1n, [transaction(elsewhere.head().header)])
    let lost = sibling
    // Blocks of one height are read in the order of their hashes.
    for (let n = 1; lost.header.hash > won.header.hash; n += 1) lost = forge(sibling, { signal: sha256Hash(n) })
    const decides = (state: DposState): ReturnType<typeof dpos.finalise> =>
      state.hash === lost.header.hash ? { prevoted: 0n, finalized: state.height } : dpos.finalise(state)
    await ledger.importBlock(won)
    expect((await ledger.importBlock(lost)).headChanged).toBe(false)
    const again = await open(store, { engine: { ...dpos, finalise: decides } })
    expect(again.head().header.hash).toBe(won.header.hash)
    expect(again.finalized().header.hash).toBe(ledger.finalized().header.hash)
  })

  test('behavior: a failed write leaves the ledger where it was', async () => {
    fresh()
    const inner = createMemoryStore()
    let fail = false
    const store = {
      ...inner,
      write: (...args: Parameters<MemoryStore['write']>) =>
        fail ? Promise.reject(new Error('disk full')) : inner.write(...args),
    }
    const ledger = await open(store)
    await grow([ledger], 1n, 2)
    const block = await make(ledger, 3n)
    fail = true
    await expect(ledger.importBlock(block)).rejects.toThrow('disk full')
    await expect(ledger.importBlocks([block])).rejects.toThrow('disk full')
    expect(ledger.head().header.height).toBe(2n)
    fail = false
    expect((await ledger.importBlock(block)).headChanged).toBe(true)
  })

  test('behavior: blocks that share a write leave the same store as one after the other', async () => {
    fresh()
    const stores = [createMemoryStore(), createMemoryStore(), createMemoryStore()] as const
    const [source, single, batched] = await Promise.all([open(stores[0]), open(stores[1]), open(stores[2])])
    await grow([source], 1n, 24)
    const blocks = await blocksOf(source, 1n, 24n)
    for (const block of blocks) await single.importBlock(block)
    const { result, refused } = await batched.importBlocks(blocks)
    expect(refused).toBeUndefined()
    expect(result?.added.map(({ header }) => header.height)).toEqual(blocks.map(({ header }) => header.height))
    expect(result?.finalized.at(-1)?.header.hash).toBe(single.finalized().header.hash)
    expect(batched.head().header.hash).toBe(single.head().header.hash)
    const everything = { gte: new Uint8Array(0), lt: Uint8Array.of(255) }
    expect(await stores[2].range(everything)).toEqual(await stores[1].range(everything))
    stores[2].crash()
    expect((await open(stores[2])).head().header.hash).toBe(source.head().header.hash)
    expect(await batched.importBlocks(blocks)).toEqual({ result: undefined })
  })

  test('behavior: while some blocks are written the next are executed, and adopted only after them', async () => {
    fresh()
    const source = await open(createMemoryStore())
    await grow([source], 1n, 140)
    const blocks = await blocksOf(source, 1n, 140n)
    const store = createMemoryStore()
    const gates: (() => void)[] = []
    let [executed, failing] = [0, 0]
    const gated = {
      ...store,
      async write(...args: Parameters<MemoryStore['write']>) {
        await new Promise<void>((resolve) => gates.push(resolve))
        if (gates.length === failing) throw new Error('disk full')
        await store.write(...args)
      },
    }
    const opening = open(gated, {
      executor: {
        execute(input) {
          executed += 1
          return executor.execute(input)
        },
      },
    })
    const turns = async (): Promise<void> => {
      for (let turn = 0; turn < 2000; turn++) await undefined
    }
    await turns()
    gates[0]?.()
    const ledger = await opening
    const importing = ledger.importBlocks(blocks)
    await turns()
    // The first part waits for the disk; the second is executed, and waits for the first.
    expect([gates.length, executed, ledger.head().header.height]).toEqual([2, 128, 0n])
    gates[1]?.()
    await turns()
    expect([gates.length, executed, ledger.head().header.height]).toEqual([3, 140, 64n])
    // The disk refuses the second part: what was executed on top of it is nothing, and what is on the disk is reported.
    failing = 3
    gates[2]?.()
    const { result, refused } = await importing
    expect(result?.added).toHaveLength(64)
    expect(refused).toMatchObject({ block: { header: { height: 65n } }, error: { message: 'disk full' } })
    expect(ledger.head().header.height).toBe(64n)
    const again = ledger.importBlocks(blocks)
    for (let gate = 3; gate < 5; gate++) {
      await turns()
      gates[gate]?.()
    }
    const rest = await again
    expect(rest.refused).toBeUndefined()
    expect(rest.result?.nodes.map(({ header }) => header.height)).toEqual(
      blocks.slice(64).map(({ header }) => header.height),
    )
    expect(ledger.head().header.hash).toBe(source.head().header.hash)
    store.crash()
    expect((await open(store)).head().header.hash).toBe(source.head().header.hash)
  })

  test('error: of blocks that share a write, those before a refused one are imported and those after it are not', async () => {
    fresh()
    const [source, other] = await Promise.all([open(createMemoryStore()), open(createMemoryStore())])
    await grow([source], 1n, 6)
    const blocks = await blocksOf(source, 1n, 6n)
    const spoiled = blocks.map((block, index) => (index === 3 ? forge(block, { stateRoot: ZERO_HASH }) : block))
    const { result, refused } = await other.importBlocks(spoiled)
    expect(result?.nodes).toHaveLength(3)
    expect(refused?.block).toBe(spoiled[3])
    expect(refused?.error).toMatchObject({ code: 'block.stateRoot' })
    expect(other.head().header.height).toBe(3n)
    // Known ones are passed over; a block that does not follow is an orphan.
    expect((await other.importBlocks(blocks.slice(0, 5))).result?.nodes).toHaveLength(2)
    const apart = await open(createMemoryStore())
    expect(await apart.importBlocks(blocks.slice(2))).toMatchObject({ refused: { error: { code: 'block.orphan' } } })
  })

  test('error: a store of another chain, and a damaged one', async () => {
    fresh()
    const store = createMemoryStore()
    const ledger = await open(store)
    await grow([ledger], 1n, 60)
    const other = { ...genesis, network: 'another' }
    await expect(
      openLedger(
        { genesis: other, genesisBlock: genesisBlock(other), keepStates: 8 },
        {
          engine: dpos,
          codec: { encode: encodeState, decode: decodeState },
          executor,
          store,
          checkExecution,
          logger: { debug() {}, info() {}, warn() {}, error() {} },
          authenticate: async () => [],
        },
      ),
    ).rejects.toMatchObject({ code: 'ledger.otherChain' })
    const [page] = await pagesOf(store)
    const bytes = page?.[1] as Bytes
    for (const wrong of [Uint8Array.of(1, 2, 3), bytes.slice(0, -1), bytes.with(8, 255)]) {
      await store.write([{ put: [page?.[0] as Bytes, wrong] }], { sync: true })
      await expect(open(store)).rejects.toMatchObject({ code: 'ledger.corrupt' })
    }
  })
})

test('behavior: an outcome shared by a neighbour gives the same ledger', async () => {
  fresh()
  let executions = 0
  const counting: BlockExecutor = {
    execute: (input) => {
      executions += 1
      return executor.execute(input)
    },
  }
  const memo = createMemo()
  const a = await open(createMemoryStore())
  const [b, c] = await Promise.all([
    open(createMemoryStore(), { memo, executor: counting }),
    open(createMemoryStore(), { memo, executor: counting }),
  ])
  await grow([a, b, c], 1n, 5)
  expect(c.headTree().root).toBe(a.headTree().root)
  expect(executions).toBe(5)
  expect(headerHash(c.head().header)).toBe(a.head().header.hash)
})

test('behavior: a node that starts again takes the neighbours’ state only where its store holds the same', async () => {
  fresh()
  const memo = createMemo()
  const store = createMemoryStore()
  const ledger = await open(store, { memo })
  await grow([ledger], 1n, 60)
  expect((await open(store, { memo })).headTree()).toBe(ledger.headTree())
  expect((await open(store)).headTree().root).toBe(ledger.headTree().root)
  // Other bytes in the state, in a record: its own work finds them out.
  const stored = (await store.range({ gte: Uint8Array.of(12), lt: Uint8Array.of(13) })).slice(-1)
  // In a path, since a value may have been changed since.
  for (const [entries, at] of [
    [await pagesOf(store), 9],
    [stored, -1],
  ] as const) {
    const spoilt = entries.map(([key, value]) => ({ put: [key, value.with(at, (value.at(at) ?? 0) ^ 1)] }) as const)
    await store.write(spoilt, { sync: true })
    await expect(open(store, { memo })).rejects.toThrow()
    await store.write(
      entries.map((entry) => ({ put: entry })),
      { sync: true },
    )
  }
  expect((await open(store, { memo })).headTree()).toBe(ledger.headTree())
})

describe('the stored state', () => {
  const kind = (number: number) => ({ gte: Uint8Array.of(number), lt: Uint8Array.of(number + 1) })

  test('behavior: pages are of several heights, and what changed since is done again', async () => {
    fresh()
    const store = createMemoryStore()
    const ledger = await open(store)
    await grow([ledger], 1n, 60)
    const heights = (await store.range(kind(9))).map(([, bytes]) => bytes[7])
    expect(new Set(heights).size).toBeGreaterThan(2)
    store.crash()
    const again = await open(store)
    expect(again.finalized().header.height).toBe(ledger.finalized().header.height)
    expect(again.headTree().root).toBe(ledger.headTree().root)
    expect([...again.headTree().entries()]).toEqual([...ledger.headTree().entries()])
    // It goes on with the page that was written longest ago.
    await grow([again], 61n, 20)
    expect((await open(store)).headTree().root).toBe(again.headTree().root)
  })

  test('error: a disk that does not answer while pages are read says so once, and not that a page is wrong', async () => {
    fresh()
    const store = createMemoryStore()
    await grow([await open(store)], 1n, 60)
    let isReading = false
    const get = (key: Bytes): Promise<Bytes | undefined> => {
      isReading ||= key[0] === 9
      return isReading && (key[0] === 12 || key[1] === 1) ? Promise.reject(new Error(`no ${key[0]}`)) : store.get(key)
    }
    await expect(open(Object.assign(Object.create(store) as MemoryStore, { get }))).rejects.toThrow('no 12')
  })

  test('behavior: a store from before there were pages is turned into one of today, whenever that is cut short', async () => {
    fresh()
    const store = createMemoryStore()
    const ledger = await open(store)
    await grow([ledger], 1n, 30)
    const { root } = ledger.headTree()
    // As it was: every value under its path, no pages and no mark.
    const before = [...(await ledger.treeAt(ledger.finalized().header.height)).entries()]
    const pages = await store.range({ gte: Uint8Array.of(9), lt: Uint8Array.of(11) })
    await store.write(
      [
        ...pages.map(([key]) => ({ del: key })),
        ...before.map(([path, value]) => ({ put: [Uint8Array.of(6, ...hexToBytes(path)), value] as const })),
      ],
      { sync: true },
    )
    let writes = 0
    for (let allowed = 0; writes <= allowed; allowed += 5) {
      writes = 0
      const failing = {
        ...store,
        async write(...args: Parameters<MemoryStore['write']>) {
          writes += 1
          if (writes > allowed) throw new Error('the power is gone')
          await store.write(...args)
        },
      }
      if (allowed > 40) throw new Error('it never ends')
      const opened = await open(failing).catch((error: unknown) => error)
      if (writes <= allowed) {
        expect((opened as TestLedger).headTree().root).toBe(root)
        break
      }
      expect(opened).toMatchObject({ message: 'the power is gone' })
      store.crash()
      writes = 0
    }
    expect(await store.range(kind(6))).toEqual([])
    expect(await store.range(kind(9))).toHaveLength(256)
    const again = await open(store)
    expect(again.headTree().root).toBe(root)
    await grow([again], 31n, 5)
    expect((await open(store)).headTree().root).toBe(again.headTree().root)
  })
})
