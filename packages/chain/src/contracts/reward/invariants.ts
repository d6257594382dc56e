import type { Invariant, StateScan } from '#contracts/runtime'
import { SCALE } from './params.ts'
import { blocks, commissions, dayOf, makers, owed, points, policies, running, shares } from './state.ts'

/** Blocks are counted for exactly those who are listed. */
const counted = (scan: StateScan): string | undefined => {
  const listed = scan.entries(makers).flatMap(({ value }) => (value.addresses.length - 2) / 40)[0] ?? 0
  const found = scan.entries(blocks).length
  return listed === found ? undefined : `${found} producers with blocks, ${listed} listed`
}

/** What is owed covers every commission and every share, each recomputed term by term. */
const covered = (scan: StateScan): string | undefined => {
  const earned = new Map<string, { startedAt: bigint; endDay: number; number: number; term: number; part: bigint }[]>()
  for (const { key, value } of scan.entries(points)) {
    const list = earned.get(key.delegate) ?? []
    const before = list[list.length - 1]
    const index = value.index - list.reduce((sum, { part }) => sum + part, 0n)
    if (before !== undefined && before.number + 1 !== key.number) return `points of ${key.delegate} have a gap`
    list.push({ ...value, number: key.number, part: index })
    earned.set(key.delegate, list)
  }
  let claims = scan.entries(commissions).reduce((sum, { value }) => sum + value.amount, 0n)
  for (const { value: share } of scan.entries(shares)) {
    const main = (earned.get(share.delegate) ?? [])
      .filter(({ number, startedAt }) => number > share.cursor && startedAt >= share.since)
      .filter(({ endDay }) => endDay < dayOf(share.endsAt))
    const former = (earned.get(share.formerDelegate) ?? []).filter(({ term }) => term === share.formerTerm)
    const sum = (list: typeof main): bigint => list.reduce((total, { part }) => total + part, 0n)
    claims += (share.weight * sum(main) + share.formerWeight * sum(former)) / SCALE
  }
  const held = scan.entries(owed)[0]?.value.amount ?? 0n
  return claims <= held ? undefined : `claims of ${claims}, ${held} owed`
}

/** The weight a term is shared among is exactly that of the shares that take part in it. */
const weights = (scan: StateScan): string | undefined => {
  const now = scan.entries(running)[0]?.value
  if (now === undefined) return undefined
  const sums = new Map<string, bigint>()
  const add = (delegate: string, weight: bigint): void => void sums.set(delegate, (sums.get(delegate) ?? 0n) + weight)
  for (const { value: share } of scan.entries(shares)) {
    if (share.since <= now.startedAt && dayOf(share.endsAt) > dayOf(now.endsAt)) add(share.delegate, share.weight)
    if (share.formerTerm === now.term) add(share.formerDelegate, share.formerWeight)
  }
  const wrong = scan
    .entries(policies)
    .find(({ key, value }) => value.term === now.term && value.weight !== (sums.get(key.delegate) ?? 0n))
  return wrong === undefined
    ? undefined
    : `${wrong.key.delegate} shares among ${wrong.value.weight}, its votes have ${sums.get(wrong.key.delegate) ?? 0n}`
}

export const invariants: readonly Invariant[] = [
  { number: 1, name: 'counted', check: counted },
  { number: 2, name: 'covered', check: covered },
  { number: 3, name: 'weights', check: weights },
]
