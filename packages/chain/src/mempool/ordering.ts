import type { PoolEntry } from './types.ts'

/** Below zero when `a` goes into a block before `b`: higher fee per byte, then earlier arrival. */
export function compareEntries(a: PoolEntry, b: PoolEntry): number {
  const left = a.fee * BigInt(b.envelope.length)
  const right = b.fee * BigInt(a.envelope.length)
  if (left !== right) return left > right ? -1 : 1
  if (a.arrival === b.arrival) return 0
  return a.arrival < b.arrival ? -1 : 1
}

/** Position of `entry` in a sorted list, or where it would be. */
export function positionOf(sorted: readonly PoolEntry[], entry: PoolEntry): number {
  const last = sorted.at(-1)
  // Mostly a new one has the price of the one before, and comes after it.
  if (last === undefined || compareEntries(last, entry) < 0) return sorted.length
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const other = sorted[middle]
    if (other !== undefined && compareEntries(other, entry) < 0) low = middle + 1
    else high = middle
  }
  return low
}
