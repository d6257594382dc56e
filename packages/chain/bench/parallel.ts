import {
  createCostBook,
  createParallelExecutor,
  createSerialExecutor,
  type ExecutionInput,
  type Executor,
} from '#executor'
import { createLaneThreads, type LaneThreads } from '#executor/workers'
import { decodeTransaction, encodeTransaction, type SignedTransaction } from '#kernel'
import { reclaimer, ZERO_HASH } from '#primitives'
import { createLaneWorld, type LaneWorld } from '#testing'
import { costRow, interleave, median, type Row, type Sample, type Section, timed } from './harness.ts'
import { type MachineLimit, makeJobs, openLimit } from './limit.ts'

/** Transactions of a block; each from a sender of its own. */
const BLOCK = 2000
const WORK_US = [0, 5, 20, 100] as const
const CONFLICTS = 0.3
/** Shared whatever is expected, to see what sharing costs. */
const ALWAYS = { blockUs: 0, callUs: 0 }

/** Short blocks are executed several times in a row: one alone says little. */
const blocksOf = (us: number): number => (us <= 5 ? 8 : us <= 20 ? 2 : 1)

interface Case {
  readonly name: string
  /** Blocks in a row. */
  readonly blocks: number
  readonly transactions: readonly SignedTransaction[]
}

/** Blocks after which a hash takes as long as it does from then on. */
const CALIBRATED = 10

/** How many hashes in a row take a microsecond here. */
async function hashesPerUs(world: LaneWorld): Promise<number> {
  const executor = createSerialExecutor(world.registry)
  const block = (n: number): ExecutionInput =>
    world.input(1n, { parentState: world.genesis(), transactions: spins(world, n, 0).slice(0, 200), mode: 'validate' })
  const us = async (n: number): Promise<number> => {
    const input = block(n)
    const rates = []
    // By the clock: the engine still compiles, on other threads, what they are as fast as only later.
    for (let round = 0; round < CALIBRATED + 5; round++)
      rates.push((await timed(() => executor.execute(input).receipts.length)).rate)
    return 1e6 / median(rates.slice(CALIBRATED))
  }
  return 400 / ((await us(400)) - (await us(0)))
}

/** Calls of so many hashes; the first share of them binds all that name the same of 16 shelves. */
function spins(world: LaneWorld, n: number, conflicts: number): SignedTransaction[] {
  return world.accounts.slice(0, BLOCK).map((from, index) =>
    world.call(index % 10 < 10 * conflicts ? 'work.spinShared' : 'work.spin', from, {
      account: from,
      shelf: index % 16,
      n,
      amount: 1n,
    }),
  )
}

function transfers(world: LaneWorld): SignedTransaction[] {
  const { accounts } = world
  return accounts.slice(0, BLOCK).map((from, index) =>
    world.call('token.transfer', from, {
      to: accounts[(index * 7 + 1) % accounts.length] ?? from,
      symbol: 'ELF',
      amount: 5n,
    }),
  )
}

/**
 * Blocks after which a node has tried twice whether sharing gains, and does so once in a hundred: what is measured then is a node that has run
 * for a minute.
 */
const BLOCKS_TRIED = 26
/** Blocks after which threads are warm. */
const BLOCKS_WARM = 5
/** Signatures of one run of bare threads, some 30 ms on one. */
const BARE_JOBS = 500

/** An executor after it has seen such blocks: expectations are measured, threads have begun. */
async function warm(executor: Executor, input: ExecutionInput, blocks: number): Promise<void> {
  for (let round = 0; round < blocks; round++) await executor.execute(input)
}

/** By Amdahl: what share of a block's time stays on one core, from the speed-up with so many lanes. */
const serialShare = (speedUp: number, lanes: number): number => (lanes / speedUp - 1) / (lanes - 1)

/** By the clock: processor time is that of all threads together. */
const gainOf = (sample: Sample, base: Sample): number =>
  median(sample.rates.map((rate, round) => rate / (base.rates[round] ?? Number.NaN)))

interface Bench {
  readonly world: LaneWorld
  /** One thread beside the caller. */
  readonly one: LaneThreads
  /** Two threads beside the caller. */
  readonly two: LaneThreads
  /** Threads that share nothing: what the machine itself gains from its second core at the time. */
  readonly bare: readonly [MachineLimit, MachineLimit]
  readonly rounds: number
}

async function measureCase(
  { world, one, two, bare, rounds }: Bench,
  { name, transactions, blocks }: Case,
): Promise<Row[]> {
  const parentState = world.genesis()
  // As a node has them: read from their bytes.
  const read = transactions.map((transaction) => decodeTransaction(encodeTransaction(transaction)))
  const input = world.input(1n, { parentState, transactions: read, mode: 'validate' })
  const nowUs = (): number => performance.now() * 1000
  const serial = createSerialExecutor(world.registry, { costs: createCostBook(), nowUs })
  const parallel = (threads: LaneThreads, breakEven?: typeof ALWAYS): Executor =>
    createParallelExecutor(world.registry, {
      lanes: threads.lanes(ZERO_HASH),
      measuring: { costs: createCostBook(), nowUs },
      ...(breakEven === undefined ? {} : { breakEven }),
    })
  const [node, always, both] = [parallel(one), parallel(one, ALWAYS), parallel(two, ALWAYS)]
  await warm(node, input, BLOCKS_TRIED)
  await warm(always, input, BLOCKS_WARM)
  await warm(both, input, BLOCKS_WARM)
  const run = (executor: Executor) => async () => {
    let executed = 0
    for (let block = 0; block < blocks; block++) executed += (await executor.execute(input)).receipts.length
    return executed
  }
  reclaimer().collect()
  const samples = await interleave(
    [
      { name: `${name}: serial`, run: run(serial) },
      { name: `${name}: as a node decides`, run: run(node) },
      { name: `${name}: always shared, 1 worker`, run: run(always) },
      { name: `${name}: always shared, 2 workers`, run: run(both) },
      ...bare.map(({ candidate }) => candidate),
    ],
    rounds,
  )
  const [base, ...rest] = samples.slice(0, -2)
  const [bareOne, bareTwo] = samples.slice(-2)
  if (base === undefined || bareOne === undefined || bareTwo === undefined) throw new Error('all were measured')
  const shared = rest.map((sample): Row => {
    const row = costRow(sample)
    const ratio = gainOf(sample, base)
    // What a node does is held to its record; sharing whatever the cost is there to be seen.
    const loose = sample.name.includes(': always') ? { isLoose: true as const } : {}
    return { ...row, ...loose, ratio, base: 'serial, by the clock' }
  })
  const value = 100 * serialShare(shared[1]?.ratio ?? Number.NaN, 2)
  return [
    costRow(base),
    ...shared,
    { name: `${name}: stays serial (Amdahl, from 1 worker)`, value, unit: '%' },
    { name: `${name}: two bare threads to one`, value: gainOf(bareTwo, bareOne), unit: '×' },
  ]
}

/** Blocks of contract work and of plain transfers on one core, with one thread beside the caller, and with two. */
export async function measureParallel(rounds: number): Promise<Section> {
  const world = createLaneWorld(BLOCK)
  const threads = (count: number): LaneThreads =>
    createLaneThreads({
      count,
      program: { url: new URL('../dist/testing/lanes/thread.js', import.meta.url) },
      setup: { engines: true },
      patienceMs: 10_000,
    })
  const jobs = makeJobs().slice(0, BARE_JOBS)
  const bare = [openLimit(jobs, 1), openLimit(jobs, 2)] as const
  const bench = { world, one: threads(1), two: threads(2), bare, rounds }
  try {
    await Promise.all([bench.one.start(), bench.two.start()])
    const perUs = await hashesPerUs(world)
    const cases: Case[] = [
      { name: 'transfers', transactions: transfers(world), blocks: blocksOf(0) },
      ...WORK_US.map((us) => ({
        name: `${us} µs of work`,
        transactions: spins(world, Math.round(us * perUs), 0),
        blocks: blocksOf(us),
      })),
      {
        name: `20 µs of work, ${100 * CONFLICTS} % conflict`,
        transactions: spins(world, Math.round(20 * perUs), CONFLICTS),
        blocks: blocksOf(20),
      },
    ]
    const rows: Row[] = []
    for (const each of cases) rows.push(...(await measureCase(bench, each)))
    return { title: `Parallel execution, blocks of ${BLOCK}; workers beside the calling thread`, rows }
  } finally {
    await Promise.all([bench.one, bench.two, ...bare].map((each) => each.close()))
  }
}
