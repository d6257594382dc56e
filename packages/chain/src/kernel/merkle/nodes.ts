import type { Bytes, Hash } from '#primitives'

/*
 * Nodes are numbered: twice the slot, and one more for a leaf; zero is no node. Slots count from one.
 * An inner node is eleven words: left, right, state, hash. A leaf is nineteen: state, place and size of its value, path, hash.
 * The size is the length of the value and, from bit 24 on, how many zero bytes it begins with, which are not kept: amounts are small.
 * The state is eight times the number of holders (parents and trees), one more when the hash is known, and of an inner node two and four
 * more when the left and the right child had none when it was made.
 */
export const ONE_HOLDER = 8
export const HASHED = 1
export const LEFT_UNHASHED = 2
export const INNER_WORDS = 11
export const INNER_STATE = 2
export const INNER_HASH = 3
export const LEAF_WORDS = 19
export const LEAF_VALUE = 1
export const LEAF_SIZE = 2
export const LEAF_PATH = 3
export const LEAF_HASH = 11
export const HASH_WORDS = 8
/** Values are placed by eight bytes. */
export const UNIT_SHIFT = 3

export const MAX_VALUE_BYTES = 0xffffff
const MAX_ZEROS = 255

/** The size of a value, as a leaf has it. */
export function sizeOf(value: Bytes): number {
  let zeros = 0
  while (zeros < MAX_ZEROS && zeros < value.length && value[zeros] === 0) zeros++
  return (zeros << 24) | value.length
}

export const lengthIn = (size: number): number => size & MAX_VALUE_BYTES
export const zerosIn = (size: number): number => size >>> 24
/** Bytes that are kept of a value. */
export const keptIn = (size: number): number => lengthIn(size) - zerosIn(size)

export const isLeaf = (ref: number): boolean => (ref & 1) === 1
export const innerAt = (ref: number): number => (ref >> 1) * INNER_WORDS
export const leafAt = (ref: number): number => (ref >> 1) * LEAF_WORDS

/** Value of a hex digit in lower case. Without a branch: nobody could foretell which way it goes. */
function digitAt(path: Hash, at: number): number {
  const code = path.charCodeAt(at)
  return (code & 15) + (code >> 6) * 9
}

/** The node a path leads to: a leaf, which may be of another path, or none. */
export function nodeOf(words: Int32Array, top: number, path: Hash): number {
  let ref = top
  for (let at = 2; ref !== 0 && !isLeaf(ref); at++) {
    const digit = digitAt(path, at)
    for (let bit = 3; bit >= 0 && ref !== 0 && !isLeaf(ref); bit--)
      ref = words[innerAt(ref) + ((digit >> bit) & 1)] as number
  }
  return ref
}

/** Whether a leaf is of a path. */
export function isLeafOf(leaves: Bytes, leaf: number, path: Hash): boolean {
  const from = (leafAt(leaf) + LEAF_PATH) << 2
  for (let at = 0; at < 32; at++) {
    const digits = 2 + (at << 1)
    if (leaves[from + at] !== ((digitAt(path, digits) << 4) | digitAt(path, digits + 1))) return false
  }
  return true
}

/** A copy of a leaf's value: the place may be another's once nothing holds the leaf. */
export function copyValue(leaves: Int32Array, values: Bytes, leaf: number): Bytes {
  const at = leafAt(leaf)
  const size = leaves[at + LEAF_SIZE] as number
  const value = new Uint8Array(lengthIn(size))
  writeValue({ leaves, values }, at, value, 0)
  return value
}

interface Stored {
  readonly leaves: Int32Array
  readonly values: Bytes
}

/** Writes the value of the leaf at a word to a place that is all zeros. */
export function writeValue({ leaves, values }: Stored, at: number, to: Bytes, start: number): void {
  const size = leaves[at + LEAF_SIZE] as number
  const from = (leaves[at + LEAF_VALUE] as number) * (1 << UNIT_SHIFT)
  const [kept, place] = [keptIn(size), start + zerosIn(size)]
  if (kept > 64) to.set(values.subarray(from, from + kept), place)
  else for (let index = 0; index < kept; index++) to[place + index] = values[from + index] as number
}
