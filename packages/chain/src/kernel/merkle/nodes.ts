import { type Bytes, type Hash, hexToBytes, taggedHash } from '#primitives'

/*
 * Nodes are numbered: twice the slot, and one more for a leaf; zero is no node. Slots count from one. What belongs to a slot stands in
 * three regions, so that a walk down the tree reads eight bytes a node and nothing else:
 * - links: the left and the right child of an inner node; of a leaf the place of its value and its size
 * - holders: how many parents and trees hold the node
 * - hashes, which a node has from the update on that made it
 * Slot zero has the hash of no values. At a leaf's place in the region of values stands its path and behind it the value. The size is the
 * length of the value and, from bit 24 on, how many zero bytes it begins with, which are not kept: amounts are small.
 */
export const LINK_WORDS = 2
export const HASH_WORDS = 8
export const PATH_BYTES = 32
/** Values are placed by eight bytes. */
export const UNIT_SHIFT = 3
export const UNIT_WORDS = 2

export const MAX_VALUE_BYTES = 0xffffff
const MAX_ZEROS = 255

/** Root of a tree without values. */
export const EMPTY_ROOT: Hash = taggedHash('aelf/empty/1')
export const EMPTY_BYTES: Bytes = hexToBytes(EMPTY_ROOT)

/** What a walk down a tree and a look at its values need. */
export interface Stored {
  readonly links: Int32Array
  readonly values: Bytes
}

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
/** Of a node's children the left one is linked here, the right one behind it. */
export const childrenAt = (inner: number): number => inner
export const holdersAt = (ref: number): number => ref >> 1
export const hashAt = (ref: number): number => (ref >> 1) * HASH_WORDS
export const unitOf = (links: Int32Array, leaf: number): number => links[leaf - 1] as number
export const sizeIn = (links: Int32Array, leaf: number): number => links[leaf] as number
/** Where a leaf's path stands in the bytes of values. */
export const pathAt = (links: Int32Array, leaf: number): number => unitOf(links, leaf) * (1 << UNIT_SHIFT)

/** Value of a hex digit in lower case. Without a branch: nobody could foretell which way it goes. */
function digitAt(path: Hash, at: number): number {
  const code = path.charCodeAt(at)
  return (code & 15) + (code >> 6) * 9
}

/** The node a path leads to: a leaf, which may be of another path, or none. */
export function nodeOf(links: Int32Array, top: number, path: Hash): number {
  let ref = top
  for (let at = 2; ref !== 0 && !isLeaf(ref); at++) {
    const digit = digitAt(path, at)
    for (let bit = 3; bit >= 0 && ref !== 0 && !isLeaf(ref); bit--)
      ref = links[childrenAt(ref) + ((digit >> bit) & 1)] as number
  }
  return ref
}

/** Whether a leaf is of a path. */
export function isLeafOf({ links, values }: Stored, leaf: number, path: Hash): boolean {
  const from = pathAt(links, leaf)
  for (let at = 0; at < PATH_BYTES; at++) {
    const digits = 2 + (at << 1)
    if (values[from + at] !== ((digitAt(path, digits) << 4) | digitAt(path, digits + 1))) return false
  }
  return true
}

/** A copy of a leaf's value: the place may be another's once nothing holds the leaf. */
export function copyValue(stored: Stored, leaf: number): Bytes {
  const value = new Uint8Array(lengthIn(sizeIn(stored.links, leaf)))
  writeValue(stored, leaf, value, 0)
  return value
}

/** Writes the value of a leaf to a place that is all zeros. */
export function writeValue({ links, values }: Stored, leaf: number, to: Bytes, start: number): void {
  const size = sizeIn(links, leaf)
  const from = pathAt(links, leaf) + PATH_BYTES
  const [kept, place] = [keptIn(size), start + zerosIn(size)]
  if (kept > 64) to.set(values.subarray(from, from + kept), place)
  else for (let index = 0; index < kept; index++) to[place + index] = values[from + index] as number
}
