import { describe, expect, test } from 'vitest'
import { createLaneWorld } from '../../testing/lanes/index.ts'
import { createSerialExecutor } from '../index.ts'
import { createCostBook } from './costs.ts'

const { registry } = createLaneWorld()
const transfer = registry.methodByName('token', 'transfer')!
const spin = registry.methodByName('work', 'spin')!

describe('expected work', () => {
  test('begins with the units of a method, at what units of others took', () => {
    const book = createCostBook()
    expect(book.expect(transfer)).toBeCloseTo(23 * 0.6)
    book.note(transfer, { calls: 10, us: 460, units: 230 })
    // Two microseconds a unit were measured by then.
    expect(book.expect(spin)).toBeCloseTo(23 * 2)
    book.note(spin, { calls: 1, us: 20, units: 10 })
    const [first, second] = book.list()
    expect(first).toMatchObject({ contract: 'token', method: 'transfer', calls: 10, units: 23, totalMeasuredUs: 460 })
    expect(second).toMatchObject({ method: 'spin', calls: 1, units: 10, totalMeasuredUs: 20 })
    expect(second?.totalExpectedUs).toBeCloseTo(20, 0)
  })

  test('follows what is measured, and one interrupted block moves it little', () => {
    const book = createCostBook()
    for (let block = 0; block < 60; block++) book.note(transfer, { calls: 100, us: 500, units: 2300 })
    expect(book.expect(transfer)).toBeCloseTo(5, 1)
    book.note(transfer, { calls: 1, us: 1_000_000, units: 23 })
    expect(book.expect(transfer)).toBeLessThan(9)
    book.note(transfer, { calls: 100, us: 90_000, steadyUs: 500, units: 2300 })
    expect(book.expect(transfer)).toBeLessThan(9)
    book.note(transfer, { calls: 0, us: 0, units: 0 })
    expect(book.list()[0]?.calls).toBe(6101)
  })

  test('an executor with a clock notes its calls by method; one without notes nothing', () => {
    let us = 0
    const costs = createCostBook()
    const world = createLaneWorld()
    const [alice, bob] = world.accounts
    const list = [
      world.call('work.add', alice!, { account: bob!, shelf: 0, n: 0, amount: 1n }),
      world.call('work.alone', bob!, { account: bob!, shelf: 0, n: 0, amount: 1n }),
      { ...world.call('work.add', bob!, { account: bob!, shelf: 0, n: 0, amount: 1n }), feeLimit: 1n },
    ]
    const input = world.input(1n, { parentState: world.genesis(), transactions: list, mode: 'build' })
    createSerialExecutor(registry, { costs }).execute(input)
    expect(costs.list()).toEqual([])
    createSerialExecutor(registry, { costs, nowUs: () => (us += 7) }).execute(input)
    expect(costs.list().map(({ method, calls, totalMeasuredUs }) => [method, calls, totalMeasuredUs])).toEqual([
      ['add', 1, 7],
      ['alone', 1, 7],
    ])
  })
})
