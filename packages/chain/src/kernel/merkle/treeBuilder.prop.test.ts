import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Bytes, bytesToHash, bytesToHex, compareBytes, concatBytes } from '#primitives'
import {
  createTreeBuilder,
  decodePage,
  emptySparseTree,
  mergeEntries,
  orderOfPaths,
  TREE_PAGES,
  type TreeEntries,
} from '../index.ts'
import { processArena } from './arena.ts'

/** Paths with long shared beginnings. */
const path = fc
  .tuple(fc.constantFrom(0, 1, 128, 255), fc.constantFrom(0, 1), fc.nat({ max: 7 }))
  .map(([head, middle, tail]) =>
    Uint8Array.from({ length: 32 }, (_, at) => (at === 0 ? head : at < 31 ? middle : tail)),
  )
const entries = fc
  .uniqueArray(
    fc.tuple(
      path,
      fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.constantFrom(new Uint8Array(32), Uint8Array.of(0, 0, 7))),
    ),
    {
      selector: ([key]) => bytesToHex(key),
      maxLength: 30,
    },
  )
  .map((list) => list.sort(([a], [b]) => compareBytes(a, b)))

type Entry = readonly [path: Bytes, value: Bytes]
const entriesOf = (list: readonly Entry[]): TreeEntries => ({
  paths: concatBytes(...list.map(([key]) => key)),
  values: list.map(([, value]) => value),
})

describe('tree builder', () => {
  it('behavior: parts of any size make the tree that one update makes, and leave nothing behind', () => {
    const before = processArena().usage()
    fc.assert(
      fc.property(entries, fc.integer({ min: 1, max: 9 }), (list, part) => {
        const builder = createTreeBuilder()
        for (let from = 0; from < list.length; from += part) builder.add(entriesOf(list.slice(from, from + part)))
        const tree = builder.finish()
        const whole = emptySparseTree().update(new Map(list.map(([key, value]) => [bytesToHash(key), value])))
        expect(tree.root).toBe(whole.root)
        expect(tree.size).toBe(list.length)
        for (const [key, value] of list) expect(tree.get(bytesToHash(key))).toEqual(value)
        // What is stored in pages makes the same tree again.
        const stored = createTreeBuilder()
        for (let page = 0; page < TREE_PAGES; page++) stored.add(decodePage(tree.page(page), page))
        const again = stored.finish()
        expect(again.root).toBe(tree.root)
        again.drop()
        tree.drop()
        whole.drop()
        const after = processArena().usage()
        expect([after.inner, after.leaves]).toEqual([before.inner, before.leaves])
      }),
      { numRuns: 200 },
    )
  })

  it('behavior: entries merged with changes are those of a map that was changed', () => {
    const change = fc.tuple(path, fc.option(fc.uint8Array({ maxLength: 3 }), { nil: null }))
    fc.assert(
      fc.property(entries, fc.array(change, { maxLength: 30 }), (list, given) => {
        const keys = concatBytes(...given.map(([key]) => key))
        const order = [...orderOfPaths(keys)].map((index) => given[index] as (typeof given)[0])
        expect(order).toEqual([...given].sort(([a], [b]) => compareBytes(a, b)))
        const changes = new Map(order.map(([key, value]) => [bytesToHex(key), { key, value }]))
        const wanted = new Map(list.map((entry) => [bytesToHex(entry[0]), entry]))
        for (const [text, { key, value }] of changes) {
          if (value === null) wanted.delete(text)
          else wanted.set(text, [key, value])
        }
        const changed = [...changes.values()]
        const merged = mergeEntries(entriesOf(list), {
          paths: concatBytes(...changed.map(({ key }) => key)),
          values: changed.map(({ value }) => value),
        })
        expect(merged).toEqual(entriesOf([...wanted.values()].sort(([a], [b]) => compareBytes(a, b))))
      }),
      { numRuns: 200 },
    )
  })

  it('error: paths come in order, each once', () => {
    const [low, high] = [new Uint8Array(32), new Uint8Array(32).fill(1)]
    const value = Uint8Array.of(1)
    for (const second of [low, high]) {
      const builder = createTreeBuilder()
      builder.add(entriesOf([[high, value]]))
      expect(() => builder.add(entriesOf([[second, value]]))).toThrow(
        expect.objectContaining({ code: 'assertion.failed' }),
      )
    }
  })
})
