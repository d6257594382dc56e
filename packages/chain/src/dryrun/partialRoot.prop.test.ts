import fc from 'fast-check'
import { expect, test } from 'vitest'
import { emptySparseTree, type SparseTree } from '#kernel'
import { type Bytes, bytesToHash, type Hash } from '#primitives'
import { partialRoot } from './partialRoot.ts'

/** Paths that meet deep down as often as at the top. */
const path = fc
  .record({ common: fc.nat(3), bits: fc.nat(255), tail: fc.constantFrom(0, 1, 128) })
  .map(({ common, bits, tail }): Hash => {
    const bytes = new Uint8Array(32)
    bytes[common] = bits
    bytes[31] = tail
    return bytesToHash(bytes)
  })
const value = fc.uint8Array({ minLength: 1, maxLength: 3 })

/** The root from proofs alone, fetching what is wanted from the tree. */
function rootFromProofs(tree: SparseTree, diff: ReadonlyMap<Hash, Bytes | null>, extra: readonly Hash[]): Hash {
  const at = (one: Hash) => ({ path: one, value: tree.get(one), proof: tree.prove(one) })
  const entries = new Map(extra.map((one) => [one, at(one)]))
  for (;;) {
    const wanted: Hash[] = []
    const root = partialRoot(diff, [...entries.values()], (one) => wanted.push(one))
    if (wanted.length === 0) return root
    for (const one of wanted) entries.set(one, at(one))
  }
}

test('property: the root after any changes follows from proofs of the changed paths', () => {
  const change = fc.tuple(path, fc.option(value, { nil: null }))
  fc.assert(
    fc.property(
      fc.array(fc.tuple(path, value), { maxLength: 40 }),
      fc.array(change, { minLength: 1, maxLength: 20 }),
      fc.array(path, { maxLength: 5 }),
      (before, changes, extra) => {
        const tree = emptySparseTree().update(new Map(before))
        // Half of the removals meet a value.
        const met = changes.map(([at, to], n): [Hash, Bytes | null] => [before[n % (before.length + 1)]?.[0] ?? at, to])
        for (const diff of [new Map(changes), new Map(met), new Map([...changes, ...met])]) {
          expect(rootFromProofs(tree, diff, extra)).toBe(tree.update(diff).root)
        }
      },
    ),
    { numRuns: 400 },
  )
})
