import { describe, expect, test } from 'vitest'
import { createMainChain, type MainChain, mainCollection } from '#chains'
import { createRevealChain, type DposProposeInput, type DposState, scheduleAt } from '#consensus/dpos'
import {
  type Collection,
  type ContractIdentity,
  defineContract,
  defineItem,
  defineMethod,
  type ExecuteContext,
  type Item,
  pathOf,
  writing,
} from '#contracts/runtime'
import { createEraExecutor, type Era, type EraExecutor, type Eras } from '#executor'
import {
  type Block,
  encodeArgs,
  readCurrentCollection,
  type SignedTransaction,
  signHeader,
  transactionId,
} from '#kernel'
import {
  assert,
  type Bytes,
  type Hash,
  type Hex,
  privateKeyToAddress,
  sha256,
  taggedHash,
  utf8ToBytes,
} from '#primitives'
import { createMemoryStore, type MemoryStore } from '#store'
import { type Ledger, openLedger } from './index.ts'

type TestLedger = Ledger<DposState, DposProposeInput>

const ELF = 100_000_000n
const producers = Array.from({ length: 5 }, (_, index) => {
  const key = sha256(utf8ToBytes(`upgrade test producer ${index}`))
  return { key, address: privateKeyToAddress(key), reveals: createRevealChain(key, 400), generated: 0n }
})

const GREETER: ContractIdentity = { name: 'greeter', number: 700 }
const greetings: Item<'', 'bytes32 from, uint32 count'> = defineItem(GREETER, {
  number: 1,
  name: 'greetings',
  key: '',
  value: 'bytes32 from, uint32 count',
  bound: 'one entry',
})
const greet = defineMethod({
  number: 1,
  signature: 'function greet()',
  intent: 'Greet',
  doc: 'Counts.',
  resources: () => [writing(greetings)],
  verify: () => undefined,
  execute: (ctx) => {
    const found = ctx.get(greetings, {})
    assert(found !== undefined, 'moved over')
    ctx.set(greetings, {}, { from: found.from, count: found.count + 1 })
  },
})
const [successor, broken, heavy, renumbered] = [0, 1, 2, 3].map((n) => taggedHash(`aelf/upgrade-test/${n + 1}`)) as [
  Hash, Hash, Hash, Hash,
] // biome-ignore format: one row

/** The main collection with one contract more, which takes over by `activate`, and cheaper bytes. */
const withGreeter = (activate: (ctx: ExecuteContext, upgrade: { readonly from: Hash }) => void): Collection => ({
  ...mainCollection,
  contracts: [
    ...mainCollection.contracts,
    defineContract({
      identity: GREETER,
      state: [greetings],
      methods: [greet],
      views: [],
      events: [],
      errors: [],
      params: [],
      ports: [],
      hooks: { activate },
      invariants: [],
      genesis: () => undefined,
    }),
  ],
  params: { 'token.feePerByte': 10n },
})
const collections: ReadonlyMap<Hash, Collection> = new Map([
  [successor, withGreeter((ctx, { from }) => ctx.set(greetings, {}, { from, count: 0 }))],
  [broken, withGreeter(() => assert(false, 'nothing to take over'))],
  [
    heavy,
    withGreeter((ctx) => {
      for (let count = 0; count < 300_000; count++) ctx.set(greetings, {}, { from: successor, count })
    }),
  ],
  [
    renumbered,
    {
      ...mainCollection,
      contracts: mainCollection.contracts.map((contract) =>
        contract.identity.name === 'token'
          ? { ...contract, methods: contract.methods.map((one) => ({ ...one, intent: `${one.intent}!` })) }
          : contract,
      ),
    },
  ],
])

/** Locked in by two blocks in a row, confirmed by one. */
function createChain(): MainChain {
  const balances = producers.map(({ address }) => ({ account: address, amount: 1_000n * ELF }))
  return createMainChain({
    network: 'upgrade test',
    chainId: 7,
    genesisTimeMs: 1_700_000_000_000,
    slotMs: 4_000,
    termSeconds: 604_800,
    producers: producers.map(({ address, reveals }) => ({ address, commitment: reveals.commitment })),
    candidates: [],
    votes: [],
    balances,
    foundation: balances[0]?.account as Hex as never,
    params: { 'collection.window': 2n, 'collection.lockIn': 2n, 'collection.confirm': 1n },
  })
}

class Installed implements Eras {
  readonly first: Era
  readonly asked: Hash[] = []
  private readonly chain: MainChain
  private readonly known = new Map<Hash, Era>()
  private readonly hidden: Set<Hash>

  constructor(chain: MainChain, hidden: readonly Hash[] = []) {
    this.chain = chain
    this.first = chain.first
    this.hidden = new Set(hidden)
    this.known.set(chain.first.hash, chain.first)
  }

  find(hash: Hash): Era | undefined {
    const code = this.hidden.has(hash) ? undefined : collections.get(hash)
    if (code !== undefined && !this.known.has(hash)) this.known.set(hash, this.chain.openEra(hash, code))
    return this.known.get(hash)
  }

  async obtain(hash: Hash): Promise<Era | undefined> {
    this.asked.push(hash)
    return this.find(hash)
  }

  install(hash: Hash): void {
    this.hidden.delete(hash)
  }
}

interface Machine {
  readonly ledger: TestLedger
  readonly executor: EraExecutor
  readonly eras: Installed
}

async function open(store: MemoryStore = createMemoryStore(), hidden: readonly Hash[] = []): Promise<Machine> {
  const chain = createChain()
  const eras = new Installed(chain, hidden)
  const executor = createEraExecutor(eras)
  const quiet = (): void => undefined
  const ledger = await openLedger<DposState, DposProposeInput>(
    { genesis: chain.genesis, genesisBlock: chain.genesisBlock, keepStates: 64 },
    {
      engine: chain.engine,
      codec: { encode: chain.encodeState, decode: chain.decodeState },
      checkExecution: chain.checkExecution,
      executor: {
        ready: (parent, height) => executor.ready(parent, height),
        async execute({ parent, transactions, environment, mode }) {
          const output = await executor.execute({ parentState: parent, transactions, env: environment, mode })
          return { ...output, dropped: output.dropped.map(({ transaction }) => transactionId(transaction)) }
        },
      },
      store,
      logger: { debug: quiet, info: quiet, warn: quiet, error: quiet },
      authenticate: async (transactions) =>
        transactions.map((tx) => (executor.methodOf(tx) === undefined ? undefined : tx.from)),
    },
  )
  return { ledger, executor, eras }
}

const ZERO: Hash = `0x${'00'.repeat(32)}` as Hash

async function make(
  ledger: TestLedger,
  slot: bigint,
  signal: Hash,
  candidates: SignedTransaction[] = [],
): Promise<Block> {
  const address = scheduleAt(ledger.headState(), slot)?.producer
  const producer = producers.find((one) => one.address === address)
  assert(producer !== undefined, 'somebody is scheduled')
  const built = await ledger.buildBlock({
    slot,
    producer: producer.address,
    candidates,
    signal,
    propose: (summary) => ({
      slot,
      producer: producer.address,
      summary,
      generatedHeight: producer.generated,
      preimageOf: (anchor) => producer.reveals.preimageOf(anchor),
    }),
  })
  assert(built !== undefined, 'built')
  const block = { header: signHeader(built.header, producer.key), transactions: built.transactions }
  if (block.header.height > producer.generated) producer.generated = block.header.height
  return block
}

/** Blocks in consecutive slots on one ledger; all of them. */
async function grow(ledger: TestLedger, fromSlot: bigint, signals: readonly Hash[]): Promise<Block[]> {
  const blocks: Block[] = []
  for (const [index, signal] of signals.entries()) {
    const block = await make(ledger, fromSlot + BigInt(index), signal)
    await ledger.importBlock(block)
    blocks.push(block)
  }
  return blocks
}

let nonces = 0
function greeting(on: TestLedger): SignedTransaction {
  nonces += 1
  const { height, hash } = on.head().header
  return {
    version: 1,
    walletChainId: 7n,
    from: producers[0]?.address as never,
    contract: greetings.address,
    method: 1,
    args: encodeArgs(greet.abi, {}),
    refHeight: height,
    refHash: hash.slice(0, 18) as Hex,
    feeLimit: ELF,
    nonce: `0x${nonces.toString(16).padStart(16, '0')}`,
    authorization: { kind: 0, signature: `0x${'11'.repeat(65)}` },
  }
}
const bytesAt = ({ ledger }: Machine): Bytes | undefined => ledger.headTree().get(pathOf(greetings, {}))
const hashIn = ({ ledger }: Machine): Hash | undefined => readCurrentCollection(ledger.headTree())?.hash

describe('the first block of a collection [EXEC-UPGRADE-1]', () => {
  test('moves state over and runs with the new methods, parameters and fees', async () => {
    const [a, b] = [await open(), await open()]
    const blocks = await grow(a.ledger, 1n, [successor, successor, successor])
    for (const block of blocks) await b.ledger.importBlock(block)
    expect(readCurrentCollection(a.ledger.headTree())).toEqual({
      hash: successor, since: 4n, former: a.eras.first.hash,
    }) // biome-ignore format: one row
    expect(bytesAt(a)).toBeUndefined()
    // A call that would stand in it finds the state as it will be then, and its method; one on the head's own height does not.
    const tx = greeting(a.ledger)
    const next = { state: a.ledger.headTree(), env: a.ledger.environment(a.ledger.head(), 4n) }
    expect(a.executor.verifyForAdmission(tx, next)).toMatchObject({ ok: true, fee: 100_000n + 10n * 163n })
    expect(a.executor.eraAt(next.state, 3n).hash).toBe(a.eras.first.hash)
    const block = await make(a.ledger, 4n, ZERO, [tx])
    expect(block.transactions).toHaveLength(1)
    for (const { ledger } of [a, b]) await ledger.importBlock(block)
    expect(a.ledger.headTree().root).toBe(b.ledger.headTree().root)
    const receipts = (await b.ledger.block(block.header.hash))?.receipts
    expect(receipts).toMatchObject([{ status: 'success', fee: 100_000n + 10n * 163n }])
    expect(bytesAt(b)?.slice(32)).toEqual(Uint8Array.of(0, 0, 0, 1))
    expect(bytesAt(b)?.slice(0, 32)).toEqual(Uint8Array.from(Buffer.from(a.eras.first.hash.slice(2), 'hex')))
    // Nothing is moved over twice.
    await grow(b.ledger, 5n, [ZERO, ZERO])
    expect(bytesAt(b)?.slice(32)).toEqual(Uint8Array.of(0, 0, 0, 1))
  })

  test.each([
    ['a contract that refuses', broken],
    ['more work than an activation may be', heavy],
    ['numbers with another meaning', renumbered],
  ])('is called off by %s, and the chain goes on [EXEC-UPGRADE-2]', async (_why, hash) => {
    const [a, b] = [await open(), await open()]
    const blocks = await grow(a.ledger, 1n, [hash, hash, hash, ZERO, ZERO])
    for (const block of blocks) await b.ledger.importBlock(block)
    expect(readCurrentCollection(b.ledger.headTree())).toEqual({ hash: b.eras.first.hash, since: 4n, former: hash })
    expect(bytesAt(b)).toBeUndefined()
    expect(a.ledger.headTree().root).toBe(b.ledger.headTree().root)
    // Another one can still follow.
    await grow(a.ledger, 6n, [successor, successor, successor, ZERO])
    expect(hashIn(a)).toBe(successor)
    expect(bytesAt(a)).toBeDefined()
  })
})

describe('a node that starts again in the middle of a collection', () => {
  test('knows the methods that only it has before any block has run, so that its pool comes back whole', async () => {
    const store = createMemoryStore()
    const a = await open(store)
    await grow(a.ledger, 1n, [successor, successor, successor, ZERO])
    const tx = greeting(a.ledger)
    expect(a.executor.methodOf(tx)).toBeDefined()
    const again = await open(store)
    // As the pool does: the method of the next block's collection first, then whoever finds the signer asks for it.
    const { height } = again.ledger.head().header
    const { registry } = again.executor.eraAt(again.ledger.headTree(), height + 1n)
    expect(registry.method(tx.contract, tx.method)).toBeDefined()
    expect(again.executor.methodOf(tx)?.intent).toBe('Greet')
  })
})

describe('a ledger without the collection', () => {
  test('stands before its first block and goes on once it is there, also after a restart', async () => {
    const a = await open()
    const blocks = await grow(a.ledger, 1n, [successor, successor, successor, ZERO, ZERO])
    const store = createMemoryStore()
    const b = await open(store, [successor])
    for (const block of blocks.slice(0, 3)) await b.ledger.importBlock(block)
    const refused = { code: 'block.collection', retryable: true, details: { collection: successor, height: '4' } }
    await expect(b.ledger.importBlock(blocks[3] as Block)).rejects.toMatchObject(refused)
    await expect(make(b.ledger, 4n, ZERO)).rejects.toMatchObject({ code: 'block.collection' })
    expect(b.eras.asked).toContain(successor)
    // What it left behind is still read, with the collection that wrote it.
    const state = b.ledger.headTree()
    const env = b.ledger.environment(b.ledger.head(), 4n)
    expect(b.executor.eraAt(state, env.height).hash).toBe(b.eras.first.hash)
    expect(b.executor.view({ contract: 'collection', view: 'status', args: {} }, { state, env })).toBeTruthy()
    const again = await open(store, [successor])
    await expect(again.ledger.importBlock(blocks[3] as Block)).rejects.toMatchObject({ code: 'block.collection' })
    again.eras.install(successor)
    for (const block of blocks.slice(3)) await again.ledger.importBlock(block)
    expect(again.ledger.headTree().root).toBe(a.ledger.headTree().root)
  })
})

describe('a ledger that stands before an activation and lacks the collection before it', () => {
  test('asks for it: what follows is compared with it', async () => {
    const a = await open()
    const { first } = a.eras
    const blocks = await grow(a.ledger, 1n, [successor, successor, successor, first.hash, first.hash, first.hash, ZERO])
    expect(readCurrentCollection(a.ledger.headTree())).toEqual({ hash: first.hash, since: 7n, former: successor })
    const store = createMemoryStore()
    const b = await open(store)
    for (const block of blocks.slice(0, 6)) await b.ledger.importBlock(block)
    const again = await open(store, [successor])
    const refused = { code: 'block.collection', details: { collection: successor, height: '6' } }
    await expect(again.ledger.importBlock(blocks[6] as Block)).rejects.toMatchObject(refused)
    expect(again.eras.asked).toEqual([successor])
    again.eras.install(successor)
    await again.ledger.importBlock(blocks[6] as Block)
    expect(again.ledger.headTree().root).toBe(a.ledger.headTree().root)
  })
})

describe('a reorganisation', () => {
  test('across lock-in and activation needs nothing: the state says what runs', async () => {
    const [x, y, node] = [await open(), await open(), await open()]
    const [common] = (await grow(x.ledger, 1n, [ZERO])) as [Block]
    await y.ledger.importBlock(common)
    // X is locked in at 3, confirmed at 4, runs with the successor from 5; Y never signals and is longer.
    const onX = await grow(x.ledger, 2n, [successor, successor, successor, ZERO])
    const onY = await grow(y.ledger, 3n, [ZERO, ZERO, ZERO, ZERO, ZERO])
    await node.ledger.importBlock(common)
    for (const block of onX) await node.ledger.importBlock(block)
    expect(hashIn(node)).toBe(successor)
    expect(bytesAt(node)).toBeDefined()
    for (const block of onY) await node.ledger.importBlock(block)
    expect(node.ledger.head().header.hash).toBe(y.ledger.head().header.hash)
    expect(hashIn(node)).toBe(node.eras.first.hash)
    expect(bytesAt(node)).toBeUndefined()
    // Blocks of both branches are built and checked with what their own parent says.
    const further = await grow(x.ledger, 8n, [ZERO, ZERO, ZERO])
    const moved = []
    for (const block of further) moved.push((await node.ledger.importBlock(block)).removed.length)
    expect(moved).toContain(5)
    expect(hashIn(node)).toBe(successor)
    expect(node.ledger.headTree().root).toBe(x.ledger.headTree().root)
    const fork = await open()
    for (const block of [common, ...onY, ...onX, ...further]) await fork.ledger.importBlock(block)
    expect(fork.ledger.head().header.hash).toBe(x.ledger.head().header.hash)
  })
})
