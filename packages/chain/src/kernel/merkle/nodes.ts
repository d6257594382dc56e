import type { Bytes, Hash } from '#primitives'

/*
 * Nodes are numbered: twice the slot, and one more for a leaf; zero is no node. Slots count from one.
 * An inner node is eleven words: left, right, state, hash. A leaf is nineteen: state, place and length of its value, path, hash.
 * The state is twice the number of holders (parents and trees), and one more when the hash is known.
 */
export const INNER_WORDS = 11
export const INNER_STATE = 2
export const INNER_HASH = 3
export const LEAF_WORDS = 19
export const LEAF_VALUE = 1
export const LEAF_LENGTH = 2
export const LEAF_PATH = 3
export const LEAF_HASH = 11
export const HASH_WORDS = 8
/** Values are placed by eight bytes. */
export const UNIT_SHIFT = 3

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
  const from = (leaves[at + LEAF_VALUE] as number) * (1 << UNIT_SHIFT)
  const length = leaves[at + LEAF_LENGTH] as number
  const value = new Uint8Array(length)
  if (length > 64) value.set(values.subarray(from, from + length))
  else for (let index = 0; index < length; index++) value[index] = values[from + index] as number
  return value
}
