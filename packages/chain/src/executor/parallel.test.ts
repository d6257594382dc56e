import { describe, expect, test } from 'vitest'
import type { SignedTransaction } from '#kernel'
import type { Address } from '#primitives'
import { compareExecutors, createLaneWorld, inlineLanes, outcomeOf } from '../testing/lanes/index.ts'
import { BREAK_EVEN, createCostBook, createParallelExecutor, createSerialExecutor, type Lanes } from './index.ts'

/** Everything is worth sharing. */
const NOWHERE = { shelf: 0, n: 0, amount: 1n }
const ALWAYS = { blockUs: 0, callUs: 0 }

describe('parallel execution', () => {
  test('is serial execution, byte for byte: receipts, diff, costs, summary, events, what is dropped [EXEC-SERIAL-1]', async () => {
    const taken: number[] = []
    const counted = (lanes: Lanes): Lanes => ({
      ...lanes,
      open: (lane, order) => {
        taken.push(lane)
        return lanes.open(lane, order)
      },
    })
    const result = await compareExecutors({
      seed: 'lanes in ci',
      blocks: 1500,
      most: 16,
      executors: ({ registry }) => [
        createSerialExecutor(registry),
        ...[1, 3].map((count) =>
          createParallelExecutor(registry, {
            lanes: counted(inlineLanes(registry, count)),
            measuring: { costs: createCostBook() },
            breakEven: ALWAYS,
          }),
        ),
      ],
    })
    expect(result.blocks).toBe(1500)
    expect(Math.min(result.invalid, result.dropped, result.failed)).toBeGreaterThan(100)
    expect(taken.length).toBeGreaterThan(3000)
  }, 60_000)
})

describe('in turns', () => {
  const world = createLaneWorld(30)
  const { registry, accounts } = world
  const block = (count: number) =>
    world.input(1n, {
      parentState: world.genesis(),
      mode: 'validate',
      transactions: Array.from({ length: count }, (_, index) => {
        const [from, account] = [accounts[index % 30]!, accounts[(7 * index) % 30]!]
        return world.call('work.spin', from, { ...NOWHERE, account, n: index % 3, amount: BigInt(index) })
      }),
    })
  const measuring = { costs: createCostBook() }

  test('others execute blocks in between, and it comes to the same [EXEC-SERIAL-1]', async () => {
    const serial = createSerialExecutor(registry)
    const parallel = createParallelExecutor(registry, {
      lanes: { ...inlineLanes(registry, 1), ready: () => 0 },
      measuring,
    })
    const input = block(700)
    const whole = await outcomeOf(serial, input)
    for (const executor of [{ execute: serial.executeInTurns }, parallel]) {
      let turns = 0
      const breathe = async (): Promise<void> => {
        turns += 1
        await new Promise((resolve) => setImmediate(resolve))
        serial.execute(block(10))
      }
      expect((await outcomeOf(executor, { ...input, breathe })).text).toBe(whole.text)
      expect(turns).toBe(2)
    }
  })

  test('without others it stays in one turn', () => {
    expect(createSerialExecutor(registry).executeInTurns(block(700))).not.toBeInstanceOf(Promise)
  })
})

describe('a block of all kinds', () => {
  const world = createLaneWorld(30)
  const { registry, accounts } = world
  const spin = (from: number) => world.call('work.spin', accounts[from]!, { ...NOWHERE, account: accounts[0]!, n: 1 })
  const alone = (from: number) => world.call('work.alone', accounts[from]!, { ...NOWHERE, account: accounts[0]! })
  /** A third of a block's budget and a little more. */
  const heavy = (from: number, shelf: number) =>
    world.call('work.heavy', accounts[from]!, { ...NOWHERE, account: accounts[0]!, shelf, n: 21_000 })
  const executors = () => [
    createSerialExecutor(registry),
    createParallelExecutor(registry, {
      lanes: inlineLanes(registry, 1),
      measuring: { costs: createCostBook() },
      breakEven: ALWAYS,
    }),
  ]
  const run = (transactions: SignedTransaction[], mode: 'build' | 'validate') =>
    Promise.all(
      executors().map((executor) =>
        outcomeOf(executor, world.input(1n, { parentState: world.genesis(), transactions, mode })),
      ),
    )

  test('non-parallel ones come last and pay their floor, too costly ones wait, and everybody builds the same [EXEC-ORDER-1] [EXEC-BUDGET-1]', async () => {
    const kinds = [
      alone(1),
      heavy(2, 0),
      spin(3),
      heavy(4, 1),
      { ...alone(5), feeLimit: 400_000n },
      heavy(6, 2),
      spin(7),
    ]
    const [serial, parallel] = await run(kinds, 'build')
    expect(parallel?.text).toBe(serial?.text)
    const built = serial?.output
    // The third heavy one does not fit any more, and who allows no more than a common fee cannot run alone.
    expect(built?.transactions).toEqual([kinds[1], kinds[2], kinds[3], kinds[6], kinds[0]])
    expect(built?.dropped.map(({ transaction, reason }) => [kinds.indexOf(transaction as never), reason])).toEqual([
      [5, 'overBudget'],
      [4, 'feeLimit'],
    ])
    expect(built?.receipts.at(-1)?.fee).toBeGreaterThan(1_000_000n)
    expect(built?.receipts.slice(0, -1).every(({ fee }) => fee < 1_000_000n)).toBe(true)
    const [checked, checkedToo] = await run([...(built?.transactions ?? [])], 'validate')
    expect(checkedToo?.text).toBe(checked?.text)
    expect(checked?.output?.receipts).toEqual(built?.receipts)
  })

  test('a validator refuses a block over its execution budget, however it executes [EXEC-BUDGET-1]', async () => {
    const [serial, parallel] = await run([heavy(2, 0), spin(3), heavy(4, 1), heavy(6, 2), spin(7)], 'validate')
    expect(serial?.text).toBe('execution.overBudget {"index":3}')
    expect(parallel?.text).toBe(serial?.text)
    const [late, lateToo] = await run([spin(3), alone(1), spin(7)], 'validate')
    expect(late?.text).toBe('execution.order {"index":2}')
    expect(lateToo?.text).toBe(late?.text)
  })
})

describe('sharing', () => {
  /** Blocks of 40 calls that bind each other or not, with what calls are expected to take: how many were given to a lane. */
  function shared(us: number, options: { readonly bound?: boolean; readonly calls?: number } = {}): Promise<number> {
    const world = createLaneWorld(40)
    const { registry, accounts } = world
    const costs = createCostBook()
    const name = options.bound === true ? 'spinShared' : 'spin'
    const registered = registry.methodByName('work', name)!
    for (let block = 0; block < 60; block++) costs.note(registered, { calls: 10, us: us * 10, units: 200 })
    let given = 0
    const lanes = inlineLanes(registry, 1)
    const parallel = createParallelExecutor(registry, {
      lanes: {
        ...lanes,
        open: (lane, order) => {
          const opened = lanes.open(lane, order)
          const give = (end: number): void => {
            given += 1
            opened.give(end)
          }
          return { ...opened, give }
        },
      },
      measuring: { costs },
    })
    const transactions = accounts
      .slice(0, options.calls ?? 40)
      .map((from) => world.call(`work.${name}`, from, { ...NOWHERE, account: from, n: 1 }))
    const input = world.input(1n, { parentState: world.genesis(), transactions, mode: 'validate' })
    return Promise.resolve(parallel.execute(input)).then(() => given)
  }

  test('only blocks that are expected to gain are shared', async () => {
    expect(await shared(200)).toBeGreaterThan(5)
    expect(await shared(BREAK_EVEN.callUs - 1)).toBe(0)
    expect(await shared(200, { calls: 10 })).toBe(0)
    expect(await shared(200, { bound: true })).toBe(0)
  })

  test('a wrong declaration of the fee is noticed where lanes meet, and the block is executed alone', async () => {
    const world = createLaneWorld(10)
    // Nothing says that two calls of one payer touch its balance.
    const registry = { ...world.registry, fees: { ...world.registry.fees, declares: () => [] } }
    const from = world.accounts[0]!
    const transactions = [0, 1, 2, 3].map((shelf) =>
      world.call('work.put', from, { ...NOWHERE, account: from, shelf, n: 0 }),
    )
    const input = world.input(1n, { parentState: world.genesis(), transactions, mode: 'validate' })
    let orders = 0
    const lanes = inlineLanes(registry, 1)
    const parallel = createParallelExecutor(registry, {
      lanes: {
        ...lanes,
        open: (lane, order) => {
          orders += 1
          return lanes.open(lane, order)
        },
      },
      measuring: { costs: createCostBook() },
      breakEven: ALWAYS,
    })
    expect((await outcomeOf(parallel, input)).text).toBe((await outcomeOf(createSerialExecutor(registry), input)).text)
    expect(orders).toBe(1)
  })
})

test('what waits until lanes have met fails as it would have failed in its place', async () => {
  const world = createLaneWorld(10)
  const { registry, accounts } = world
  const [a, b, c, d] = accounts as [Address, Address, Address, Address]
  const transactions = [
    // In two lanes, as additions to one balance do not bind.
    world.call('token.transfer', a, { to: c, symbol: 'ELF', amount: 1n }),
    world.call('token.transfer', b, { to: c, symbol: 'ELF', amount: 1n }),
    // Pays with that balance, so it waits; there is nothing to take yet.
    world.call('work.take', c, { ...NOWHERE, account: d, amount: 5n }),
    world.call('work.add', d, { ...NOWHERE, account: d, amount: 10n }),
  ]
  const input = world.input(1n, { parentState: world.genesis(), transactions, mode: 'validate' })
  const serial = await outcomeOf(createSerialExecutor(registry), input)
  const parallel = createParallelExecutor(registry, {
    lanes: inlineLanes(registry, 1),
    measuring: { costs: createCostBook() },
    breakEven: ALWAYS,
  })
  expect(serial.output?.receipts.map(({ status }) => status)).toEqual(['success', 'success', 'failed', 'success'])
  expect((await outcomeOf(parallel, input)).text).toBe(serial.text)
})

test('where shared blocks take longer than one core would, blocks are executed alone for a while', async () => {
  const world = createLaneWorld(40)
  const { registry, accounts } = world
  let us = 0
  let shared = 0
  const lanes = inlineLanes(registry, 1)
  const parallel = createParallelExecutor(registry, {
    lanes: {
      ...lanes,
      open: (lane, order) => {
        shared += 1
        // Somebody else has the core.
        us += 50_000
        return lanes.open(lane, order)
      },
    },
    // Ten microseconds from one look at the clock to the next.
    measuring: { costs: createCostBook(), nowUs: () => (us += 10) },
    breakEven: { ...ALWAYS, backOff: true },
  })
  const transactions = accounts.map((from) => world.call('work.spin', from, { ...NOWHERE, account: from, n: 1 }))
  for (let block = 1; block <= 20; block++)
    await parallel.execute(world.input(BigInt(block), { parentState: world.genesis(), transactions, mode: 'validate' }))
  // Six to get warm, and three of the trial.
  expect(shared).toBe(9)
})
