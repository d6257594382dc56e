import type { Amount } from './values.ts'

export const LOCK_DAYS_MIN: number = 90
export const LOCK_DAYS_MAX: number = 1_080
/** Smallest vote: one ELF. */
export const VOTE_AMOUNT_MIN: Amount = 100_000_000n
export const DAY_MS: number = 86_400_000
const SPAN = 990n

/** Voting weight of a lock: amount × (1.00 at 90 days … 4.00 at 1,080 days), rounded down. Same integers as the contract's. */
export function stakeWeight(amount: Amount, lockDays: number): bigint {
  return (amount * (SPAN + 3n * BigInt(lockDays - LOCK_DAYS_MIN))) / SPAN
}

/** Multiplier in hundredths: 100 at 90 days, 400 at 1,080 days, rounded down. */
export function multiplierHundredths(amount: Amount, weight: bigint): number {
  return amount === 0n ? 0 : Number((weight * 100n) / amount)
}

/** part / whole in basis points, rounded down; 0 of nothing. */
export function shareBps(part: bigint, whole: bigint): number {
  return whole === 0n ? 0 : Number((part * 10_000n) / whole)
}

/** Multiplier of a lock in ten-thousandths, rounded down: 10,000 = 1.0000. */
export function lockMultiplier(lockDays: number): number {
  return Number(stakeWeight(10_000n, lockDays))
}

/** True for a whole number of days that a vote may be locked for. */
export function isLockDays(lockDays: number): boolean {
  return Number.isInteger(lockDays) && lockDays >= LOCK_DAYS_MIN && lockDays <= LOCK_DAYS_MAX
}
