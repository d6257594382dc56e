import { describe, expect, test } from 'vitest'
import type { RuleName } from './rules.ts'
import { addSums, playSlice, type SliceResult, type Sums } from './slice.ts'

const run = (rule: RuleName, seeds: number): SliceResult => playSlice({ rule, from: '1', seeds })

function sumOf({ sums }: SliceResult, place: string): Sums {
  const total = new Map<string, Sums>()
  addSums(
    total,
    sums.filter(([name]) => name.startsWith(place)).map(([, one]) => ['all', one]),
  )
  const all = total.get('all')
  if (all === undefined) throw new Error(`no run ${place}`)
  return all
}

describe('the rule of irreversibility, with adversaries', () => {
  test('behavior: 4,000 seeds: nothing conflicts or falls, and nobody honest contradicts itself', () => {
    const result = run('twoPhase', 4000)
    expect(result.found).toEqual([])
    const within = sumOf(result, 'within')
    // A model in which nothing happens finds nothing.
    expect(within.finalized / within.runs).toBeGreaterThan(20)
    expect(within.forks / within.runs).toBeGreaterThan(5)
    expect(within.switches / within.runs).toBeGreaterThan(10)
    expect(within.terms).toBeGreaterThan(100)
    // Too many faulty producers do break it, and their headers name them.
    const beyond = sumOf(result, 'beyond')
    expect(beyond.conflicts).toBeGreaterThan(0)
    expect(beyond.blamed).toBe(beyond.conflicts)
  }, 60_000)

  test('error: the implied irreversible height makes conflicting blocks irreversible within 4,000 seeds', () => {
    const result = run('impliedHeight', 4000)
    expect(result.found.map(({ rule }) => rule)).toContain('conflict')
    expect(sumOf(result, 'within').conflicts).toBeGreaterThan(0)
  }, 60_000)

  test('error: a quorum of one less conflicts within 100 seeds, and names too few within 1,000', () => {
    const rules = run('lowThreshold', 1000).found.map(({ rule }) => rule)
    expect(rules).toContain('too few named')
    expect(run('lowThreshold', 100).found.map(({ rule }) => rule)).toContain('conflict')
  }, 60_000)

  test('error: who follows the longest chain contradicts itself within 100 seeds', () => {
    expect(run('longestChain', 100).found.map(({ rule }) => rule)).toContain('honest contradicts')
  })

  test('behavior: the same seeds give the same result', () => {
    expect(run('twoPhase', 300)).toEqual(run('twoPhase', 300))
  })
})
