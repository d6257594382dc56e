import {
  createCostBook,
  createParallelExecutor,
  createSerialExecutor,
  type ExecutionInput,
  type Executor,
  type Lanes,
} from '#executor'
import { createLaneThreads, type LaneThreads } from '#executor/workers'
import type { SignedTransaction } from '#kernel'
import { ZERO_HASH } from '#primitives'
import { createLaneWorld, type LaneWorld } from '#testing'
import { costRow, interleave, median, type Row, type Section, timed } from './harness.ts'

/** Transactions of a block; each from a sender of its own. */
const BLOCK = 2000
const WORK_US = [0, 5, 20, 100] as const
const CONFLICTS = 0.3
/** Shared whatever is expected, to see what sharing costs. */
const ALWAYS = { blockUs: 0, callUs: 0, fullest: 2 }

interface Case {
  readonly name: string
  readonly transactions: readonly SignedTransaction[]
}

/** How many hashes in a row take a microsecond here. */
async function hashesPerUs(world: LaneWorld): Promise<number> {
  const executor = createSerialExecutor(world.registry)
  const block = (n: number): ExecutionInput =>
    world.input(1n, { parentState: world.genesis(), transactions: spins(world, n, 0).slice(0, 200), mode: 'validate' })
  const us = async (n: number): Promise<number> => {
    const input = block(n)
    executor.execute(input)
    const rates = []
    for (let round = 0; round < 5; round++)
      rates.push((await timed(() => executor.execute(input).receipts.length)).processorRate)
    return 1e6 / median(rates)
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

/** A node's executor after it has seen such blocks: expectations are measured, threads have begun. */
async function warm(executor: Executor, input: ExecutionInput, threads: LaneThreads): Promise<void> {
  for (let round = 0; round < 3; round++) await executor.execute(input)
  await threads.start()
}

async function measureCase(
  world: LaneWorld,
  threads: LaneThreads,
  rounds: number,
  { name, transactions }: Case,
): Promise<Row[]> {
  const parentState = world.genesis()
  const input = world.input(1n, { parentState, transactions, mode: 'validate' })
  const nowUs = (): number => performance.now() * 1000
  const serial = createSerialExecutor(world.registry, { costs: createCostBook(), nowUs })
  const lanes: Lanes = threads.lanes(ZERO_HASH)
  const parallel = (breakEven?: typeof ALWAYS): Executor =>
    createParallelExecutor(world.registry, {
      lanes,
      measuring: { costs: createCostBook(), nowUs },
      ...(breakEven === undefined ? {} : { breakEven }),
    })
  const [node, always] = [parallel(), parallel(ALWAYS)]
  await warm(node, input, threads)
  await warm(always, input, threads)
  const run = (executor: Executor) => async () => (await executor.execute(input)).receipts.length
  const samples = await interleave(
    [
      { name: `${name}: serial`, run: run(serial) },
      { name: `${name}: as a node decides`, run: run(node) },
      { name: `${name}: always shared`, run: run(always) },
    ],
    rounds,
  )
  const [base] = samples
  return samples.map((sample) => {
    const row = costRow(sample)
    if (base === undefined || sample === base) return row
    // By the clock: processor time is that of all threads together.
    const ratio = median(sample.rates.map((rate, round) => rate / (base.rates[round] ?? Number.NaN)))
    return { ...row, ratio, base: 'serial, by the clock' }
  })
}

/** Blocks of contract work and of plain transfers on one core, and with as many lanes as the machine has cores, at least two. */
export async function measureParallel(rounds: number): Promise<Section> {
  const world = createLaneWorld(BLOCK)
  const threads = createLaneThreads({
    count: 1,
    program: { url: new URL('../dist/testing/lanes/thread.js', import.meta.url) },
    setup: { engines: true },
    patienceMs: 10_000,
  })
  try {
    await threads.start()
    const perUs = await hashesPerUs(world)
    const cases: Case[] = [
      { name: 'transfers', transactions: transfers(world) },
      ...WORK_US.map((us) => ({ name: `${us} µs of work`, transactions: spins(world, Math.round(us * perUs), 0) })),
      {
        name: `20 µs of work, ${100 * CONFLICTS} % conflict`,
        transactions: spins(world, Math.round(20 * perUs), CONFLICTS),
      },
    ]
    const rows: Row[] = []
    for (const each of cases) rows.push(...(await measureCase(world, threads, rounds, each)))
    return { title: `Parallel execution, blocks of ${BLOCK}, main thread and one more`, rows }
  } finally {
    await threads.close()
  }
}
