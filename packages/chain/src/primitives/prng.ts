import { assert } from './error.ts'
import { taggedHashBytes } from './hash.ts'
import type { Bytes } from './types.ts'
import { utf8ToBytes } from './utf8.ts'

/** A seeded, repeatable source of integers for simulation and tests. Not for secrets. */
export interface Prng {
  u32(): number
  u64(): bigint
  /** Uniform integer in [0, n), n from 1 to 2^32. */
  int(n: number): number
  /** True with probability numerator ÷ denominator. */
  bool(probability?: readonly [number, number]): boolean
  bytes(length: number): Bytes
  pick<T>(list: readonly T[]): T
  /** A shuffled copy. */
  shuffle<T>(list: readonly T[]): T[]
}

/** sfc32: additions and shifts only, so every platform yields the same stream. */
function sfc32(seed: Bytes): () => number {
  const word = (at: number): number =>
    (seed[at] as number) |
    ((seed[at + 1] as number) << 8) |
    ((seed[at + 2] as number) << 16) |
    ((seed[at + 3] as number) << 24) |
    0
  let a = word(0)
  let b = word(4)
  let c = word(8)
  let counter = 1
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    c |= 0
    return sum >>> 0
  }
  for (let warm = 0; warm < 12; warm++) next()
  return next
}

export function createPrng(seed: string | bigint): Prng {
  const u32 = sfc32(taggedHashBytes('aelf/prng/1', utf8ToBytes(typeof seed === 'bigint' ? `#${seed}` : seed)))
  const int = (n: number): number => {
    assert(Number.isInteger(n) && n >= 1 && n <= 0x100000000, 'prng range is 1 to 2^32')
    // Values above the last whole multiple of n would favour small results.
    const bound = 0x100000000 - (0x100000000 % n)
    let value = u32()
    while (value >= bound) value = u32()
    return value % n
  }
  return {
    u32,
    u64: () => (BigInt(u32()) << 32n) | BigInt(u32()),
    int,
    bool: (probability = [1, 2]) => int(probability[1]) < probability[0],
    bytes: (length) => Uint8Array.from({ length }, () => u32() & 255),
    pick: <T>(list: readonly T[]): T => {
      assert(list.length > 0, 'pick from an empty list')
      return list[int(list.length)] as T
    },
    shuffle: <T>(list: readonly T[]): T[] => {
      const copy = [...list]
      for (let last = copy.length - 1; last > 0; last--) {
        const other = int(last + 1)
        const held = copy[last] as T
        copy[last] = copy[other] as T
        copy[other] = held
      }
      return copy
    },
  }
}
