import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createJournal, defineCounter, findPlace, type Journal, type Place } from '#contracts/runtime'
import type { StateReader } from '#kernel'
import { type Bytes, bigintToBytes, bytesToBigint, bytesToHex, type Hash } from '#primitives'
import { encodeEntries, readEntries } from './laneEntries.ts'

const item = defineCounter(
  { name: 'sample', number: 78 },
  { number: 1, name: 'amounts', key: 'uint8 at', bound: 'test' },
)
const places: readonly Place[] = Array.from({ length: 9 }, (_, at) => findPlace(item, { at }))
/** The first three are the journal's own, the next three are only added to, the last are another part's. */
const OWN = 0
const SHARED = 3
const THEIRS = 6
const base = new Map<Hash, Bytes>(
  places.flatMap(({ path }, at) => (at % 3 === 0 ? [] : [[path, bigintToBytes(BigInt(10 * at), 32)] as const])),
)
const state: StateReader = { get: (path) => base.get(path) }

type Other = 'listAhead' | 'diff' | 'written' | 'take'
type Step =
  | { readonly kind: 'set' | 'add'; readonly at: number; readonly amount: bigint; readonly isUndone: boolean }
  | { readonly kind: Other }

const amount = fc.bigInt(1n, 40n)
const added = fc.record({
  kind: fc.constant('add' as const),
  at: fc.integer({ min: SHARED, max: SHARED + 2 }),
  amount,
  isUndone: fc.boolean(),
})
const write = (from: number): fc.Arbitrary<Step> =>
  fc.oneof(
    fc.record({
      kind: fc.constantFrom('set' as const, 'add' as const),
      at: fc.integer({ min: from, max: from + 2 }),
      amount: fc.oneof(amount, fc.constant(10n * BigInt(from + 1))),
      isUndone: fc.boolean(),
    }),
    added,
  )
const other = (kind: Other): fc.Arbitrary<Step> => fc.constant({ kind })

function change(journal: Journal, model: Map<Hash, bigint>, step: Step): void {
  if (step.kind !== 'set' && step.kind !== 'add') return
  const place = places[step.at] as Place
  const before = journal.checkpoint()
  if (step.kind === 'set') journal.setAmount(place, step.amount)
  else journal.add(place, step.amount)
  if (step.isUndone) {
    if (step.amount % 2n === 0n) journal.listAhead()
    journal.rollback(before)
    return
  }
  const known = model.get(place.path) ?? bytesToBigint(base.get(place.path) ?? new Uint8Array(0))
  model.set(place.path, step.kind === 'set' ? step.amount : known + step.amount)
}

/** What differs from the base, as texts. */
const texts = (values: Iterable<readonly [Hash, Bytes | null]>): string[] =>
  [...values].map(([path, bytes]) => `${path} ${bytes === null ? '' : bytesToHex(bytes)}`).sort()

function expected(model: ReadonlyMap<Hash, bigint>): string[] {
  const changed = [...model].filter(([path, value]) => value !== bytesToBigint(base.get(path) ?? new Uint8Array(0)))
  return texts(changed.map(([path, value]) => [path, value === 0n ? null : bigintToBytes(value, 32)]))
}

test('what a journal lists is what differs, whenever it lists a part of it ahead, and whatever it takes', () => {
  const seen = { taken: 0, listed: 0 }
  const steps = fc.array(
    fc.oneof(
      { arbitrary: write(OWN), weight: 8 },
      { arbitrary: other('listAhead'), weight: 2 },
      { arbitrary: other('diff'), weight: 1 },
      { arbitrary: other('written'), weight: 1 },
      { arbitrary: other('take'), weight: 2 },
    ),
    { maxLength: 24 },
  )
  fc.assert(
    fc.property(
      steps,
      fc.array(write(THEIRS), { maxLength: 8 }),
      fc.array(added, { maxLength: 3 }),
      (own, first, second) => {
        const journal = createJournal(state)
        const model = new Map<Hash, bigint>()
        let takes = 0
        const handedOver: { readonly diff: ReadonlyMap<Hash, Bytes | null>; readonly was: string[] }[] = []
        for (const step of own) {
          change(journal, model, step)
          if (step.kind === 'listAhead') {
            journal.listAhead()
            seen.listed += 1
          } else if (step.kind === 'diff') {
            const diff = journal.diff()
            expect(texts(diff)).toEqual(expected(model))
            handedOver.push({ diff, was: texts(diff) })
          } else if (step.kind === 'written') {
            for (const path of model.keys()) expect(journal.written().has(path)).toBe(true)
          } else if (step.kind === 'take' && takes < 2) {
            takes += 1
            seen.taken += 1
            const part = createJournal(state)
            const left = new Map<Hash, bigint>()
            for (const one of takes === 1 ? first : second) change(part, left, one)
            const entries = encodeEntries(part.partial(), new Map([[item, 0]]))
            expect(journal.take(readEntries(entries, [item]))).toBe(true)
            for (const [path, value] of left) {
              const before = bytesToBigint(base.get(path) ?? new Uint8Array(0))
              model.set(path, (model.get(path) ?? before) + value - before)
            }
          }
        }
        expect(texts(journal.diff())).toEqual(expected(model))
        for (const { diff, was } of handedOver) expect(texts(diff)).toEqual(was)
      },
    ),
    { numRuns: 5000 },
  )
  expect(Math.min(seen.taken, seen.listed)).toBeGreaterThan(1000)
})
