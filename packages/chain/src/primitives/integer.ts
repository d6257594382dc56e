import { PrimitiveError } from './error.ts'

function checkOperands(a: bigint, b: bigint, divisor: bigint): void {
  if (a < 0n || b < 0n || divisor <= 0n)
    throw new PrimitiveError('primitive.range', 'mulDiv takes natural numbers and a divisor above zero')
}

/** floor(a × b ÷ divisor) of natural numbers. Throws `primitive.range`. */
export function mulDiv(a: bigint, b: bigint, divisor: bigint): bigint {
  checkOperands(a, b, divisor)
  return (a * b) / divisor
}

/** ceil(a × b ÷ divisor) of natural numbers. Throws `primitive.range`. */
export function mulDivUp(a: bigint, b: bigint, divisor: bigint): bigint {
  checkOperands(a, b, divisor)
  return (a * b + divisor - 1n) / divisor
}

/** Largest integer whose square is not above `value`. Throws `primitive.range` when negative. */
export function isqrt(value: bigint): bigint {
  if (value < 0n) throw new PrimitiveError('primitive.range', 'isqrt of a negative number')
  if (value < 2n) return value
  let root = 1n << BigInt((value.toString(2).length + 1) >> 1)
  for (;;) {
    const next = (root + value / root) >> 1n
    if (next >= root) return root
    root = next
  }
}

export function minBigint(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}

export function maxBigint(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}

/** `value` held between `least` and `most`. */
export function clampBigint(value: bigint, least: bigint, most: bigint): bigint {
  return minBigint(maxBigint(value, least), most)
}
