import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { createSerialExecutor } from '#executor'
import { type Block, decodeBlock, encodeBlock, sealHeader } from '#kernel'
import {
  type Authenticator,
  createAuthenticator,
  createLogger,
  createNode,
  createSystemClock,
  type RunningNode,
} from '#node'
import { createMemoryNetwork } from '#p2p'
import { type Bytes, bytesToHex, type Exec, hexToBytes, type KeyValue, signDigest } from '#primitives'
import { createGroupCommit, openLevelStore } from '#store'
import { encodeAll, signTransfers, type World } from './fixtures.ts'
import { rateRow, type Sample, type Section, sampleOf, type Timing, timed } from './harness.ts'

const BLOCK = 2000
const BUDGET_MS = 25_000
/** Calls that wait at once, as on a busy server. */
const CONCURRENT = 200

interface Bench {
  readonly world: World
  /** Takes transactions and builds blocks. */
  readonly builder: RunningNode
  /** Has the builder's signers: imports what it knew from its pool. */
  readonly neighbour: RunningNode
  /** Knows nothing of the transactions before the block comes. */
  readonly stranger: RunningNode
}

async function openNode(
  world: World,
  name: string,
  parts: { store: KeyValue; authenticator: Authenticator },
): Promise<RunningNode> {
  const clock = createSystemClock()
  return createNode(
    { name, keepStates: 64, relay: false },
    {
      chain: world.chain,
      clock,
      net: createMemoryNetwork({ clock }).join(name),
      logger: createLogger('error'),
      ...parts,
    },
  )
}

/** Builds, seals and adopts the next block from the pool. */
async function produce({ world, builder }: Bench, slot: bigint): Promise<Bytes> {
  const { ledger, mempool } = builder
  const { producer } = world
  const candidates = mempool.select({ maxTransactions: BLOCK, maxBytes: 4_000_000 })
  const built = await ledger.buildBlock({
    slot,
    producer: producer.address,
    candidates,
    propose: (summary) => ({
      slot,
      producer: producer.address,
      summary,
      generatedHeight: ledger.head().header.height,
      preimageOf: (anchor) => producer.reveals.preimageOf(anchor),
    }),
  })
  if (built === undefined || built.transactions.length !== BLOCK) throw new Error('the block is not full')
  const signature = bytesToHex(signDigest(hexToBytes(built.hash), producer.privateKey))
  const block: Block = { header: sealHeader(built.header, signature), transactions: built.transactions }
  const { added } = await ledger.importBlock(block)
  const included = added.flatMap(({ ids }) => [...ids])
  await mempool.follow({ included, removed: [], finalizedHeight: ledger.finalized().header.height })
  return encodeBlock(block)
}

async function admit({ builder }: Bench, envelopes: readonly Bytes[]): Promise<number> {
  for (let from = 0; from < envelopes.length; from += CONCURRENT) {
    const group = envelopes.slice(from, from + CONCURRENT)
    await Promise.all(group.map((envelope) => builder.mempool.add(envelope, { durable: true })))
  }
  return envelopes.length
}

interface Step {
  readonly name: string
  before?(): void
  run(): Promise<number>
}

function stepsOf(bench: Bench): Step[] {
  const { world, neighbour, stranger } = bench
  let envelopes: Bytes[] = []
  let bytes: Bytes = new Uint8Array(0)
  let slot = 0n
  const importing = (name: string, node: RunningNode): Step => ({
    name,
    async run() {
      await node.ledger.importBlock(decodeBlock(bytes))
      return BLOCK
    },
  })
  return [
    {
      name: 'admitted by the pool, from bytes to synced journal',
      before() {
        envelopes = encodeAll(signTransfers(world, BLOCK))
      },
      run: () => admit(bench, envelopes),
    },
    {
      name: 'built, sealed and committed by the producer',
      async run() {
        slot += 1n
        bytes = await produce(bench, slot)
        return BLOCK
      },
    },
    importing('imported from bytes and committed, signers known', neighbour),
    importing('imported from bytes and committed, signers unknown', stranger),
  ]
}

/** One step follows from the other, so the order is the same in every round. */
async function runSteps(steps: readonly Step[], rounds: number): Promise<Sample[]> {
  const timings = steps.map((): Timing[] => [])
  const start = performance.now()
  for (let round = -1; round < rounds; round += 1) {
    if (round >= 2 && performance.now() - start > BUDGET_MS) break
    for (const [index, step] of steps.entries()) {
      step.before?.()
      const timing = await timed(() => step.run())
      // The first round warms up.
      if (round >= 0) timings[index]?.push(timing)
    }
  }
  return steps.map(({ name }, index) => sampleOf(name, timings[index] ?? []))
}

/** What one transfer costs on its way through a node without RPC, each block durable before it counts. */
export async function measureCommit(
  world: World,
  exec: Exec,
  options: { readonly rounds: number; readonly limit: { readonly name: string; readonly value: number } },
): Promise<Section> {
  const directory = await mkdtemp(join(tmpdir(), 'aelf-bench-'))
  const executor = createSerialExecutor(world.chain.registry)
  const createAuth = (): Authenticator =>
    createAuthenticator({ exec, network: world.chain.network, method: (transaction) => executor.methodOf(transaction) })
  const shared = createAuth()
  const stores = await Promise.all(
    ['a', 'b', 'c'].map(async (name) => createGroupCommit(await openLevelStore(join(directory, name)))),
  )
  const [a, b, c] = stores as [KeyValue, KeyValue, KeyValue]
  try {
    const bench = {
      world,
      builder: await openNode(world, 'builder', { store: a, authenticator: shared }),
      neighbour: await openNode(world, 'neighbour', { store: b, authenticator: shared }),
      stranger: await openNode(world, 'stranger', { store: c, authenticator: createAuth() }),
    }
    const samples = await runSteps(stepsOf(bench), options.rounds)
    return {
      title: `Node without RPC, blocks of ${BLOCK} transfers, synced LevelDB`,
      rows: samples.map((sample) => rateRow(sample, 'tx/s', options.limit)),
    }
  } finally {
    await Promise.all(stores.map((store) => store.close()))
    await rm(directory, { recursive: true, force: true })
  }
}
