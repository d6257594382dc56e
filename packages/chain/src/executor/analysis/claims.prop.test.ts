import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { adding, defineItem, everywhere, type Resource, reading, writing } from '#contracts/runtime'
import type { FieldValue } from '#kernel'
import { conflicts, resourceMap } from '../index.ts'
import { Claims } from './claims.ts'

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
/** What a transaction declares, and its lane. */
const block = fc.array(fc.tuple(fc.array(resource, { maxLength: 4 }), fc.nat(3)), { maxLength: 14 })

describe('claims', () => {
  test('name the lane of every earlier transaction that conflicts, and none where nothing does', () => {
    const seen = { none: 0, some: 0, idle: 0 }
    // One block after the other.
    const claims = new Claims()
    fc.assert(
      fc.property(block, (list) => {
        claims.begin()
        const maps = list.map(([declared]) => resourceMap(declared))
        for (const [index, [declared, lane]] of list.entries()) {
          const lanes = claims.lanesOf(declared)
          const earlier = list.slice(0, index)
          let needed = 0
          for (const [at, [, other]] of earlier.entries()) if (conflicts(maps[at]!, maps[index]!)) needed |= 1 << other
          // More than that only by way of a partition where order matters already.
          expect(lanes & needed).toBe(needed)
          if (needed === 0) expect(lanes).toBe(0)
          if (earlier.length === 0) seen.idle += 1
          else if (needed === 0) seen.none += 1
          else seen.some += 1
          claims.give(1 << lane)
        }
      }),
      { numRuns: 3000 },
    )
    expect(Math.min(seen.none, seen.some)).toBeGreaterThan(2_000)
  })

  test('many more partitions than are remembered are told apart', () => {
    const claims = new Claims()
    for (let block = 0; block < 3; block++) {
      claims.begin()
      for (let first = 0; first < 50_000; first++) {
        const declared = [writing(items[1]!, `${block % 2}${first}`)]
        if (claims.lanesOf(declared) !== 0) throw new Error('nothing was there')
        claims.give(1)
        if (first % 1000 === 0) expect(claims.lanesOf(declared)).toBe(1)
      }
    }
  })

  test('additions to one partition do not bind, a read of it waits for all of them', () => {
    const [, balances] = items
    const claims = new Claims()
    for (const lane of [1, 2, 4]) {
      expect(claims.lanesOf([adding(balances!, 'fees')])).toBe(0)
      claims.give(lane)
    }
    expect(claims.lanesOf([everywhere('add', balances!)])).toBe(0)
    expect(claims.lanesOf([reading(balances!, 'else')])).toBe(0)
    expect(claims.lanesOf([reading(balances!, 'fees')])).toBe(7)
    expect(claims.lanesOf([everywhere('read', balances!)])).toBe(7)
    // Reading and adding amounts to writing.
    expect(claims.lanesOf([reading(balances!, 'fees'), adding(balances!, 'fees')])).toBe(7)
  })
})
