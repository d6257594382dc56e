import type { Hash } from './types.ts'

/** Bits for each id that is expected: one in sixteen strangers raises a false alarm. */
const BITS_PER_ID = 16
const WORD_BITS = 32

/** The number that the first seven digits after the prefix make, whatever order their bits come in. */
function numberOf(id: Hash): number {
  let number = 0
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

  /** For about so many ids; more of them only raise more false alarms. */
  constructor(expected: number) {
    let bits = WORD_BITS
    while (bits < BITS_PER_ID * expected) bits *= 2
    this.words = new Uint32Array(bits / WORD_BITS)
    this.mask = bits - 1
  }

  add(id: Hash): void {
    const bit = numberOf(id) & this.mask
    const { words } = this
    words[bit >>> 5] = (words[bit >>> 5] as number) | (1 << (bit & 31))
  }

  /** False means that it was never added. */
  mayHave(id: Hash): boolean {
    const bit = numberOf(id) & this.mask
    return ((this.words[bit >>> 5] as number) & (1 << (bit & 31))) !== 0
  }
}
