import type { Invariant, StateScan } from '#contracts/runtime'
import { candidate, counts, current, signals, upgradeCount, upgrades } from './state.ts'

/** Every count is that of the window's entries. */
const counted = (scan: StateScan): string | undefined => {
  const found = new Map<string, bigint>()
  for (const { value } of scan.entries(signals)) found.set(value.hash, (found.get(value.hash) ?? 0n) + 1n)
  const stored = scan.entries(counts)
  const wrong = stored.find(({ key, value }) => found.get(key.hash) !== value.amount)
  if (wrong !== undefined) return `${wrong.key.hash} counts ${wrong.value.amount} blocks`
  return stored.length === found.size ? undefined : `${found.size} signalled hashes, ${stored.length} counted`
}

/** Neither the window nor a candidate holds what is in force already. */
const successors = (scan: StateScan): string | undefined => {
  const now = scan.entries(current)[0]?.value.hash
  const named = [...scan.entries(signals), ...scan.entries(candidate)].some(({ value }) => value.hash === now)
  return named ? `${now} is in force and is its own successor` : undefined
}

const listed = (scan: StateScan): string | undefined => {
  const count = scan.entries(upgradeCount)[0]?.value.amount ?? 0n
  const found = scan.entries(upgrades).length
  return BigInt(found) === count ? undefined : `${found} upgrades listed, ${count} counted`
}

export const invariants: readonly Invariant[] = [
  { number: 1, name: 'counted', check: counted },
  { number: 2, name: 'successors', check: successors },
  { number: 3, name: 'listed', check: listed },
]
