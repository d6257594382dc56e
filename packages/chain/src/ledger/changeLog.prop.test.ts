import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Bytes, bytesToHex } from '#primitives'
import { ChangeLog, type NewestChanges } from './changeLog.ts'

const pathOf = (page: number, tail: number): Bytes =>
  Uint8Array.from({ length: 32 }, (_, at) => (at === 0 ? page : at === 31 ? tail : 7))
const change = fc.record({
  page: fc.constantFrom(0, 1, 255),
  tail: fc.nat({ max: 5 }),
  // Now and then one that needs a piece of memory of its own.
  value: fc.oneof(
    { weight: 200, arbitrary: fc.option(fc.uint8Array({ maxLength: 9 }), { nil: null }) },
    { weight: 1, arbitrary: fc.constant(new Uint8Array(2_100_000).fill(3)) },
  ),
})
const blocks = fc.array(fc.array(change, { maxLength: 8 }), { maxLength: 12 })

const asList = ({ paths, values }: NewestChanges): [string, string | null][] =>
  values.map((value, index) => [
    bytesToHex(paths.slice(index * 32, index * 32 + 32)),
    value === null ? null : bytesToHex(value.slice(0, 20)) + value.length,
  ])

describe('change log', () => {
  it('behavior: of each path of a page the newest change after a height is given, in path order', () => {
    fc.assert(
      fc.property(blocks, fc.nat({ max: 13 }), (list, above) => {
        const log = new ChangeLog()
        const wanted = new Map<number, Map<string, string | null>>([0, 1, 255].map((page) => [page, new Map()]))
        // As they are read: the newest block first, each path once.
        for (const [index, changes] of list.entries()) {
          const height = list.length - index
          const once = new Map(changes.map((one) => [`${one.page}/${one.tail}`, one]))
          for (const { page, tail, value } of once.values()) {
            const path = pathOf(page, tail)
            log.add(BigInt(height), path, value)
            // What is given was copied.
            const known = wanted.get(page)
            const text = bytesToHex(path)
            path.fill(9)
            if (height <= above || known?.has(text) === true) continue
            known?.set(text, value === null ? null : bytesToHex(value.slice(0, 20)) + value.length)
          }
        }
        for (const [page, known] of wanted) {
          const sorted = [...known].sort(([a], [b]) => (a < b ? -1 : 1))
          expect(asList(log.take(page, BigInt(above)))).toEqual(sorted)
          expect(log.take(page, 0n).values).toEqual([])
        }
        log.close()
      }),
      { numRuns: 200 },
    )
  })
})
