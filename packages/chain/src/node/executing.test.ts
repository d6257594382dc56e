import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { mainCollectionHash } from '#chains'
import { createCostBook, createParallelExecutor, createSerialExecutor } from '#executor'
import { createLaneThreads, type LaneThreads } from '#executor/workers'
import { ZERO_HASH } from '#primitives'
import { createSandbox, outcomeOf, sandboxAccount } from '#testing'
import { defaultLanes, type LaneSetup } from './executing.ts'

const loader = createRequire(import.meta.url)
  .resolve('tsx/esm/api')
  .replace(/cjs$/, 'mjs')
const code = `import { register } from ${JSON.stringify(pathToFileURL(loader).href)}
register()
await import(${JSON.stringify(new URL('./laneProgram.ts', import.meta.url).href)})`
const opened: LaneThreads[] = []
afterAll(() => Promise.all(opened.map((threads) => threads.close())))

describe('threads of a node', () => {
  test('have the built-in contracts and execute as the node does; what they lack is executed without them', async () => {
    const setup: LaneSetup = { builtIn: mainCollectionHash, params: {}, bundleFolder: '/nonexistent' }
    const url = new URL(`data:text/javascript,${encodeURIComponent(code)}`)
    const threads = createLaneThreads({
      count: 1,
      program: { url, execArgv: ['--conditions=@aelf/source'] },
      setup,
      patienceMs: 60_000,
    })
    opened.push(threads)
    await threads.start()
    const accounts = Array.from({ length: 60 }, (_, index) => sandboxAccount(index))
    const box = createSandbox({ balances: accounts.map((account) => ({ account, amount: 10n ** 10n })) })
    const transactions = accounts.map((from, index) =>
      box.transaction({
        from,
        contract: 'token',
        method: 'transfer',
        args: { to: sandboxAccount(1000 + index), symbol: 'ELF', amount: 7n },
      }),
    )
    const feePolicy = { feeOf: () => 322_000n }
    const input = { parentState: box.state(), transactions, env: box.env(), feePolicy, mode: 'build' as const }
    const expected = await outcomeOf(createSerialExecutor(box.registry), input)
    expect(expected.output?.receipts.every(({ status }) => status === 'success')).toBe(true)
    for (const [era, answered] of [
      [mainCollectionHash, 1],
      [ZERO_HASH, 0],
    ] as const) {
      const lanes = threads.lanes(era)
      let answers = 0
      const parallel = createParallelExecutor(box.registry, {
        lanes: {
          ready: (state) => lanes.ready(state),
          open: (lane, order) => {
            const opened = lanes.open(lane, order)
            const answer = (us: number): ReturnType<typeof opened.answer> =>
              opened.answer(us).then((given) => {
                answers += 1
                return given
              })
            return { ...opened, answer }
          },
        },
        measuring: { costs: createCostBook() },
        breakEven: { blockUs: 0, callUs: 0 },
      })
      expect((await outcomeOf(parallel, input)).text).toBe(expected.text)
      expect(answers).toBe(answered)
    }
  }, 60_000)

  test('are as many as there are other cores, none on one core', () => {
    expect(defaultLanes()).toBeGreaterThanOrEqual(0)
    expect(defaultLanes()).toBeLessThanOrEqual(16)
  })
})
