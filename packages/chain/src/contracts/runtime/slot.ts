import { assert, type Bytes, equalBytes, reader, writer } from '#primitives'
import type { Place } from './place.ts'

/** A stored value: bytes, a counter's amount above zero, or nothing. */
export type Value = Bytes | bigint | null

export const bytesOf = (value: Value): Bytes | null =>
  typeof value === 'bigint' ? writer().u256(value).finish() : value

/** An entry as a block sees it. */
export interface Slot {
  readonly place: Place
  /** Before the block; undefined while it was not asked for. */
  base: Value | undefined
  /** Written by the block; undefined when it was not. */
  pending: Value | undefined
  /** Whether anything but additions was done to it. */
  exact: boolean
  /** Of a value that came from another journal and was not written since: whether it differs from the base. */
  changed: boolean | undefined
  /** Of an entry that was only added to: all that was added and all that was taken, what was rolled back too. */
  up: bigint
  down: bigint
}

/** Most values of a counter are far below. */
export const SAFE_AMOUNT: bigint = 1n << 255n
export const END_OF_AMOUNTS: bigint = 1n << 256n

export function same(a: Value, b: Value): boolean {
  if (a === null || b === null) return a === b
  if (typeof a === 'bigint' && typeof b === 'bigint') return a === b
  return equalBytes(bytesOf(a) as Bytes, bytesOf(b) as Bytes)
}

export function amountOf({ item }: Place, value: Value): bigint {
  if (value === null) return 0n
  if (!item.counter) assert(false, `${item.name} does not hold a counter`)
  if (typeof value === 'bigint') return value
  // A counter's value is one uint256, see `defineCounter`.
  const input = reader(value)
  const amount = input.u256()
  input.end()
  return amount
}
