import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { adding, defineItem, everywhere, type Resource, reading, writing } from '#contracts/runtime'
import type { FieldValue } from '#kernel'
import { conflicts, resourceMap } from '../index.ts'
import { groupsOf, spread } from './groups.ts'

const IDENTITY = { name: 'sample', number: 78 }
const item = (number: number, key: string) =>
  defineItem(IDENTITY, { number, name: `item${number}`, key, value: 'uint256 amount', bound: 'test' })
/** Two objects may declare the same item; the last one is another contract's idea of the second. */
const items = [item(1, 'uint8 a, string b'), item(2, 'string a'), item(3, ''), item(2, 'string a')]
const FIRST: readonly (readonly FieldValue[])[] = [[0, 1, 2, 3], ['', '/', '*'], [0], ['', '/', '*']]
const HOW = { read: reading, add: adding, write: writing }

const resource: fc.Arbitrary<Resource> = fc
  .record({
    at: fc.nat(3),
    access: fc.constantFrom('read' as const, 'read' as const, 'add' as const, 'add' as const, 'write' as const),
    first: fc.nat(3),
    whole: fc.nat(19),
  })
  .map(({ at, access, first, whole }) => {
    const of = items[at]!
    const values = FIRST[at]!
    return whole === 0 ? everywhere(access, of) : HOW[access](of, values[first % values.length])
  })
const block = fc.array(fc.array(resource, { maxLength: 4 }), { maxLength: 14 })

/** Everybody against everybody, until nothing moves. */
function naive(declared: readonly (readonly Resource[])[]): number[][] {
  const maps = declared.map(resourceMap)
  const label = declared.map((_, index) => index)
  for (let moved = true; moved; ) {
    moved = false
    for (let a = 0; a < maps.length; a++) {
      for (let b = 0; b < maps.length; b++) {
        if (a === b || !conflicts(maps[a]!, maps[b]!) || label[a] === label[b]) continue
        label[a] = label[b] = Math.min(label[a]!, label[b]!)
        moved = true
      }
    }
  }
  return [...new Set(label)].map((root) => label.flatMap((own, index) => (own === root ? [index] : [])))
}

describe('groups', () => {
  test('are what conflicts pairwise, directly or through others', () => {
    let several = 0
    fc.assert(
      fc.property(block, (declared) => {
        const groups = groupsOf(declared)
        if (groups.length > 1 && groups.length < declared.length) several++
        expect(groups).toEqual(naive(declared))
      }),
      { numRuns: 3000 },
    )
    expect(several).toBeGreaterThan(300)
  })

  test('additions to one partition do not bind, one read of it binds all', () => {
    const [, balances] = items
    const adders = Array.from({ length: 5 }, () => [adding(balances!, 'fees')])
    expect(groupsOf(adders)).toHaveLength(5)
    expect(groupsOf([...adders, [reading(balances!, 'fees')]])).toEqual([[0, 1, 2, 3, 4, 5]])
    expect(groupsOf([[everywhere('add', balances!)], ...adders])).toHaveLength(6)
    expect(groupsOf([[everywhere('read', balances!)], ...adders])).toHaveLength(1)
  })
})

describe('spreading', () => {
  test('every transaction is in one lane, with its group, in block order, and no lane is longer than it must be', () => {
    const weighed = fc.array(fc.tuple(fc.integer({ min: 1, max: 50 }), fc.nat(5)), { maxLength: 30 })
    fc.assert(
      fc.property(weighed, fc.integer({ min: 1, max: 4 }), (list, count) => {
        const groups = [0, 1, 2, 3, 4, 5]
          .map((label) => list.flatMap(([, own], index) => (own === label ? [index] : [])))
          .filter(({ length }) => length > 0)
        const expected = list.map(([weight]) => weight)
        const { lanes, loads } = spread(groups, expected, { lanes: count, moving: 0 })
        expect(lanes.flat().sort((a, b) => a - b)).toEqual([...list.keys()])
        for (const lane of lanes) expect(lane).toEqual([...lane].sort((a, b) => a - b))
        for (const group of groups)
          expect(lanes.filter((lane) => group.some((member) => lane.includes(member)))).toHaveLength(1)
        const total = expected.reduce((sum, weight) => sum + weight, 0)
        const largest = Math.max(0, ...groups.map((group) => group.reduce((sum, at) => sum + expected[at]!, 0)))
        expect(Math.max(...loads)).toBeLessThanOrEqual(Math.max(largest, total / count + largest))
      }),
      { numRuns: 300 },
    )
  })
})
