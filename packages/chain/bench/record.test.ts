import { expect, test } from 'vitest'
import { compare, type Recorded, ratiosOf, verdictOf, withRun } from './record.ts'

const facts = { date: '2026-01-01', machine: 'any', node: 'v20', commit: 'abc' }
const nothing: Recorded = { saved: [], ratios: {} }
const rate = (value: number) => [{ key: 'block: imported', value, isCost: false }]
const cost = (value: number) => [{ key: 'state: update', value, isCost: true }]

test('default: the median of the last three runs is what counts', () => {
  const recorded = [9, 1, 2, 3].reduce((known, value) => withRun(known, rate(value), facts), nothing)
  expect(recorded.ratios['block: imported']).toEqual({ median: 2, last: [1, 2, 3], isCost: false })
  expect(recorded.saved).toHaveLength(3)
  const later = withRun(recorded, cost(4), facts)
  expect(later.ratios['block: imported']?.median).toBe(2)
})

test('behavior: a loss of more than 15 % fails the run and is named, a gain never', () => {
  const recorded = withRun(withRun(nothing, rate(1), facts), cost(2), facts)
  for (const [ratios, lost] of [
    [rate(0.86), 0],
    [rate(0.84), 1],
    [rate(Number.NaN), 1],
    [rate(5), 0],
    [cost(2.3), 0],
    [cost(2.4), 1],
    [cost(0.1), 0],
  ] as const) {
    const comparison = compare(ratios, recorded)
    expect(comparison.lost).toHaveLength(lost)
    expect(verdictOf(comparison, 0.02).fails).toBe(lost > 0)
  }
  expect(verdictOf(compare(rate(0.5), recorded), 0).lines).toContain(
    'LOST 50 %: block: imported: 0.500 instead of 1.00',
  )
})

test('behavior: on a machine that others use, a loss is told and fails nothing', () => {
  const verdict = verdictOf(compare(rate(0.5), withRun(nothing, rate(1), facts)), 0.11)
  expect(verdict.fails).toBe(false)
  expect(verdict.lines.join('\n')).toMatch(/LOST 50 %.*others used 11 % of the cores/s)
})

test('behavior: a ratio that went missing from a part that ran is named, and so is a new one', () => {
  const recorded = withRun(withRun(nothing, rate(1), facts), cost(2), facts)
  const comparison = compare([{ key: 'block: imports', value: 1, isCost: false }], recorded)
  expect(comparison).toEqual({ lost: [], compared: 0, unknown: ['block: imports'], missing: ['block: imported'] })
})

test('behavior: both ratios of a row count, each under a name of its own', () => {
  const rows = [
    { name: 'a', value: 1, unit: 'ms' },
    { name: 'b', value: 1, unit: 'tx/s', ratio: 0.5, base: 'L', ofLimit: 0.4 },
    { name: 'c', value: 1, unit: 'ms', ratio: 2, isCost: true as const },
    { name: 'd', value: 1, unit: 'ms', ratio: 2, isLoose: true as const },
  ]
  expect(ratiosOf('block', { title: '', rows })).toEqual([
    { key: 'block: b', value: 0.5, isCost: false },
    { key: 'block: b, by the clock to L', value: 0.4, isCost: false },
    { key: 'block: c', value: 2, isCost: true },
  ])
})
