import type { Hash } from './types.ts'

/** Bits for each id that is expected: one in seventy strangers raises a false alarm. */
const BITS_PER_ID = 16
const WORD_BITS = 32

const KEY_BITS = 28

/** What filters ask of an id: the number that its first seven digits make, whatever order their bits come in. */
export function filterKeyOf(id: Hash): number {
  let number = 0
  // After the prefix.
  for (let index = 2; index < 9; index++) {
    const code = id.charCodeAt(index)
    // Digits and letters of lower-case hex.
    number = (number << 4) | (code < 58 ? code - 48 : code - 87)
  }
  return number
}

/**
 * Says for certain that a hash was not added, and nearly always that one was. Looking a text up in a large map or set costs microseconds
 * in memory that is not at hand; most who ask about a new transaction are told here that nobody knows it.
 */
export class IdFilter {
  private readonly words: Uint32Array
  private readonly mask: number
  /** What leaves as many high bits of a key as the mask leaves low ones. */
  private readonly shift: number

  /** For about so many ids; more of them only raise more false alarms. */
  constructor(expected: number) {
    let bits = WORD_BITS
    let shift = KEY_BITS - 5
    for (; shift > 0 && bits < BITS_PER_ID * expected; bits *= 2) shift -= 1
    this.words = new Uint32Array(bits / WORD_BITS)
    this.mask = bits - 1
    this.shift = shift
  }

  add(id: Hash): void {
    const key = filterKeyOf(id)
    this.set(key & this.mask)
    this.set(key >>> this.shift)
  }

  /** False means that it was never added. */
  mayHave(id: Hash): boolean {
    return this.mayHaveKey(filterKeyOf(id))
  }

  /** As `mayHave`, for who asks several filters. */
  mayHaveKey(key: number): boolean {
    return this.isSet(key & this.mask) && this.isSet(key >>> this.shift)
  }

  private set(bit: number): void {
    const { words } = this
    words[bit >>> 5] = (words[bit >>> 5] as number) | (1 << (bit & 31))
  }

  private isSet(bit: number): boolean {
    return ((this.words[bit >>> 5] as number) & (1 << (bit & 31))) !== 0
  }
}
