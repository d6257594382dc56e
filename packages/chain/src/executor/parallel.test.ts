import { describe, expect, test } from 'vitest'
import { compareExecutors, inlineLanes } from '../testing/lanes/index.ts'
import { createCostBook, createParallelExecutor, createSerialExecutor, type Lanes } from './index.ts'

/** Everything is worth sharing. */
const ALWAYS = { blockUs: 0, callUs: 0, fullest: 2 }

describe('parallel execution', () => {
  test('is serial execution, byte for byte: receipts, diff, costs, summary, events, what is dropped [EXEC-SERIAL-1]', async () => {
    const taken: number[] = []
    const counted = (lanes: Lanes): Lanes => ({
      ...lanes,
      run: (lane, order) => {
        taken.push(lane)
        return lanes.run(lane, order)
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
