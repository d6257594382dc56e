import type { Invariant, StateScan } from '#contracts/runtime'
import { accountPositions, candidates, dayOf, expiring, positions, swept, votes } from './state.ts'

type Sums = ReadonlyMap<string, bigint>

function sum(parts: readonly { readonly name: string; readonly weight: bigint }[]): Sums {
  const sums = new Map<string, bigint>()
  for (const { name, weight } of parts) sums.set(name, (sums.get(name) ?? 0n) + weight)
  return sums
}

function difference(what: string, expected: Sums, found: Sums): string | undefined {
  const wrong = [...new Set([...expected.keys(), ...found.keys()])].find(
    (name) => (expected.get(name) ?? 0n) !== (found.get(name) ?? 0n),
  )
  return wrong === undefined
    ? undefined
    : `${what} of ${wrong}: ${found.get(wrong) ?? 0n} stored, ${expected.get(wrong) ?? 0n} by positions`
}

/** Positions whose weight was not swept. */
function counting(scan: StateScan) {
  const sweptDay = new Map(scan.entries(swept).map(({ key, value }) => [key.delegate, value.day]))
  return scan
    .entries(positions)
    .map(({ value }) => ({ delegate: value.delegate, day: dayOf(value.endsAt), weight: value.weight }))
    .filter(({ delegate, day }) => day > (sweptDay.get(delegate) ?? 0))
}

const voteSums = (scan: StateScan): string | undefined =>
  difference(
    'votes',
    sum(counting(scan).map(({ delegate, weight }) => ({ name: delegate, weight }))),
    sum(scan.entries(votes).map(({ key, value }) => ({ name: key.delegate, weight: value.amount }))),
  )

const bucketSums = (scan: StateScan): string | undefined =>
  difference(
    'expiring votes',
    sum(counting(scan).map(({ delegate, day, weight }) => ({ name: `${delegate} on day ${day}`, weight }))),
    sum(
      scan
        .entries(expiring)
        .map(({ key, value }) => ({ name: `${key.delegate} on day ${key.day}`, weight: value.amount })),
    ),
  )

const listed = (scan: StateScan): string | undefined => {
  const ids = new Set(
    scan
      .entries(accountPositions)
      .flatMap(({ key, value }) =>
        Array.from(
          { length: (value.lockIds.length - 2) / 64 },
          (_, index) => `${key.owner} 0x${value.lockIds.slice(2 + index * 64, 66 + index * 64)}`,
        ),
      ),
  )
  const missing = scan.entries(positions).find(({ key, value }) => !ids.delete(`${value.owner} ${key.lockId}`))
  if (missing !== undefined) return `position ${missing.key.lockId} is not on its owner’s list`
  return ids.size === 0 ? undefined : `a listed position does not exist: ${[...ids][0]}`
}

const sequences = (scan: StateScan): string | undefined => {
  const all = scan.entries(candidates).map(({ value }) => value.sequence)
  return new Set(all).size === all.length ? undefined : 'two candidates share a sequence number'
}

export const invariants: readonly Invariant[] = [
  { number: 1, name: 'voteSums', check: voteSums },
  { number: 2, name: 'bucketSums', check: bucketSums },
  { number: 3, name: 'listedPositions', check: listed },
  { number: 4, name: 'sequences', check: sequences },
]
