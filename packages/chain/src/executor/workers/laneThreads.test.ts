import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { ZERO_HASH } from '#primitives'
import { compareExecutors, createLaneWorld, outcomeOf } from '../../testing/lanes/index.ts'
import { createCostBook, createParallelExecutor, createSerialExecutor } from '../index.ts'
import { createLaneThreads, type LaneThreads } from './index.ts'

const ALWAYS = { blockUs: 0, callUs: 0 }
/** Runs the thread from source: a thread does not take over the loader of the test. */
const code = `import { register } from ${JSON.stringify(
  pathToFileURL(
    createRequire(import.meta.url)
      .resolve('tsx/esm/api')
      .replace(/cjs$/, 'mjs'),
  ).href,
)}
register()
await import(${JSON.stringify(new URL('../../testing/lanes/thread.ts', import.meta.url).href)})`
const program = {
  url: new URL(`data:text/javascript,${encodeURIComponent(code)}`),
  execArgv: ['--conditions=@aelf/source'],
}
const opened: LaneThreads[] = []
afterAll(() => Promise.all(opened.map((threads) => threads.close())))

async function open(
  setup: unknown,
  count = 1,
  patienceMs = 60_000,
): Promise<{ threads: LaneThreads; failures: string[] }> {
  const failures: string[] = []
  const threads = createLaneThreads({ count, program, setup, patienceMs, onFailure: (reason) => failures.push(reason) })
  opened.push(threads)
  await threads.start()
  return { threads, failures }
}

/** A block of independent transfers and additions, executed alone and with threads. */
async function playOnce(threads: LaneThreads): Promise<void> {
  const world = createLaneWorld(40)
  const { registry, accounts } = world
  const transactions = accounts.map((from, index) =>
    world.call('work.add', from, { account: accounts[(index * 7) % 40]!, shelf: 0, n: 0, amount: 5n }),
  )
  const input = world.input(1n, { parentState: world.genesis(), transactions, mode: 'validate' })
  const measuring = { costs: createCostBook() }
  const parallel = createParallelExecutor(registry, { lanes: threads.lanes(ZERO_HASH), measuring, breakEven: ALWAYS })
  const { text } = await outcomeOf(parallel, input)
  expect(text).toBe((await outcomeOf(createSerialExecutor(registry), input)).text)
}

describe('lanes on threads', () => {
  test('give what serial execution gives, on random blocks, with several threads [EXEC-SERIAL-1]', async () => {
    const { threads, failures } = await open({}, 2)
    expect(threads.ready()).toBe(2)
    let shared = 0
    const result = await compareExecutors({
      seed: 'threads in ci',
      blocks: 300,
      most: 24,
      executors: ({ registry }) => {
        const lanes = threads.lanes(ZERO_HASH)
        const measuring = { costs: createCostBook() }
        const counted: typeof lanes = {
          ...lanes,
          open: (lane, order) => {
            shared += 1
            return lanes.open(lane, order)
          },
        }
        return [
          createSerialExecutor(registry),
          createParallelExecutor(registry, { lanes: counted, measuring, breakEven: ALWAYS }),
        ]
      },
    })
    expect(result.blocks).toBe(300)
    expect(shared).toBeGreaterThan(300)
    expect(failures).toEqual([])
  }, 60_000)

  test('a block that is invalid leaves the thread to the next one', async () => {
    const { threads, failures } = await open({})
    const world = createLaneWorld(40)
    const { registry, accounts } = world
    const call = (name: string, from: (typeof accounts)[number]) =>
      world.call(`work.${name}`, from, { account: from, shelf: 0, n: 0, amount: 5n })
    const [first, ...rest] = accounts
    // A call that runs alone stands first, which is seen when the thread has begun.
    const transactions = [call('alone', first!), ...rest.map((from) => call('add', from))]
    const input = world.input(1n, { parentState: world.genesis(), transactions, mode: 'validate' })
    const measuring = { costs: createCostBook() }
    const lanes = threads.lanes(ZERO_HASH)
    const parallel = createParallelExecutor(registry, { lanes, measuring, breakEven: ALWAYS })
    for (let round = 0; round < 3; round++) {
      expect(lanes.ready(input.parentState)).toBe(1)
      await expect(parallel.execute(input)).rejects.toMatchObject({ code: 'execution.order' })
    }
    expect(lanes.ready(input.parentState)).toBe(1)
    await playOnce(threads)
    expect(failures).toEqual([])
  }, 60_000)

  test('a thread that ends in the middle of a block loses nothing, and another one begins', async () => {
    const { threads, failures } = await open({ dieAt: 2 })
    await playOnce(threads)
    await playOnce(threads)
    expect(failures).toEqual(['the thread has ended'])
    await threads.start()
    expect(threads.ready()).toBe(1)
    await playOnce(threads)
    expect(failures).toHaveLength(1)
  }, 60_000)

  test('a thread that does not answer is given up, and so is one without the contracts', async () => {
    const slow = await open({ sleepAt: 1 }, 1, 100)
    await playOnce(slow.threads)
    expect(slow.failures).toEqual([expect.stringContaining('did not answer within')])
    const blank = await open({ blank: true })
    const lanes = blank.threads.lanes(ZERO_HASH)
    for (const ready of [1, 1, 1, 0]) {
      expect(lanes.ready(createLaneWorld().genesis())).toBe(ready)
      await playOnce(blank.threads)
    }
    // It says so itself, and stays for collections that it has.
    expect(blank.failures).toEqual([])
  }, 60_000)

  test('a program that cannot begin is tried five times; then the node executes alone', async () => {
    const failures: string[] = []
    const nowhere = { url: new URL('./none.js', import.meta.url) }
    const threads = createLaneThreads({ count: 1, program: nowhere, setup: {}, onFailure: (why) => failures.push(why) })
    opened.push(threads)
    for (let round = 0; round < 7; round++) await threads.start()
    expect(failures).toHaveLength(5)
    expect(threads.lanes(ZERO_HASH).ready(createLaneWorld().genesis())).toBe(0)
    expect(threads.lanes(ZERO_HASH).ready({ get: () => undefined })).toBe(0)
    await playOnce(threads)
  }, 60_000)
})
