import { asHash, type Bytes, type Hash, hexToBytes } from '#primitives'
import type { StateDiff } from '../state/types.ts'
import { PATH_BYTES } from './nodes.ts'

/** Changes in path order. */
export interface SortedChanges {
  /** 32 bytes of path each. */
  readonly keys: Bytes
  /** The first four bytes of each path as a number. */
  readonly heads: Int32Array
  readonly values: readonly (Bytes | null)[]
}

const HEAD_BITS = 32
/** Of the first two bytes of a path. */
const MAX_BUCKET_BITS = 16
/** Up to here a bucket is sorted in place. */
const FEW = 16

export function bitAt(bytes: Bytes, start: number, depth: number): number {
  return ((bytes[start + (depth >> 3)] as number) >> (7 - (depth & 7))) & 1
}

/** Bit `depth` of a path. */
export function bitOfChange({ heads, keys }: SortedChanges, index: number, depth: number): number {
  if (depth < HEAD_BITS) return ((heads[index] as number) >>> (HEAD_BITS - 1 - depth)) & 1
  return bitAt(keys, index * PATH_BYTES, depth)
}

export function headsOf(keys: Bytes): Int32Array {
  const heads = new Int32Array(keys.length / PATH_BYTES)
  for (let index = 0, at = 0; index < heads.length; index++, at += PATH_BYTES) {
    const [first, second] = [keys[at] as number, keys[at + 1] as number]
    const [third, fourth] = [keys[at + 2] as number, keys[at + 3] as number]
    heads[index] = (first << 24) | (second << 16) | (third << 8) | fourth
  }
  return heads
}

/** Where each bucket of paths that begin alike starts, and the changes bucket by bucket. */
function bucketsOf(heads: Int32Array): { readonly starts: Int32Array; readonly order: Int32Array } {
  const count = heads.length
  let bits = 0
  while (bits < MAX_BUCKET_BITS && 1 << bits < count) bits++
  // Twice, as a shift by all bits shifts by none.
  const bucketAt = (index: number): number => ((heads[index] as number) >>> 1) >>> (HEAD_BITS - 1 - bits)
  const starts = new Int32Array((1 << bits) + 1)
  for (let index = 0; index < count; index++) starts[bucketAt(index) + 1] = (starts[bucketAt(index) + 1] as number) + 1
  for (let bucket = 1; bucket < starts.length; bucket++)
    starts[bucket] = (starts[bucket] as number) + (starts[bucket - 1] as number)
  const order = new Int32Array(count)
  const next = starts.slice()
  for (let index = 0; index < count; index++) {
    const bucket = bucketAt(index)
    const at = next[bucket] as number
    order[at] = index
    next[bucket] = at + 1
  }
  return { starts, order }
}

/** Compares two of many paths, which stand one after the other. */
export function comparePaths(keys: Bytes, a: number, b: number): number {
  const [first, second] = [a * PATH_BYTES, b * PATH_BYTES]
  for (let at = 0; at < PATH_BYTES; at++) {
    const difference = (keys[first + at] as number) - (keys[second + at] as number)
    if (difference !== 0) return difference
  }
  return 0
}

type Compare = (a: number, b: number) => number

/** Sorts a few indexes where they are. */
function insertInOrder(compare: Compare, order: Int32Array, from: number, to: number): void {
  for (let end = from + 1; end < to; end++) {
    const index = order[end] as number
    let at = end
    for (; at > from && compare(order[at - 1] as number, index) > 0; at--) order[at] = order[at - 1] as number
    order[at] = index
  }
}

/** Indexes in path order. Paths are hashes: put into as many buckets as there are, next to nothing is left to sort. */
function orderOf(keys: Bytes, heads: Int32Array): Int32Array {
  const { starts, order } = bucketsOf(heads)
  const compare: Compare = (a, b) => {
    const difference = ((heads[a] as number) >>> 0) - ((heads[b] as number) >>> 0)
    return difference || comparePaths(keys, a, b) || a - b
  }
  for (let bucket = 0; bucket + 1 < starts.length; bucket++) {
    const [from, to] = [starts[bucket] as number, starts[bucket + 1] as number]
    if (to - from > FEW) order.subarray(from, to).sort(compare)
    else if (to - from > 1) insertInOrder(compare, order, from, to)
  }
  return order
}

/** Indexes of paths, which stand one after the other, in path order; of equal paths the first comes first. */
export function orderOfPaths(keys: Bytes): Int32Array {
  return orderOf(keys, headsOf(keys))
}

const NO_DIGIT = 256
/** Value of each character as a lower-case hex digit. */
const DIGITS: Uint16Array = new Uint16Array(256).fill(NO_DIGIT)
for (let value = 0; value < 16; value++) DIGITS['0123456789abcdef'.charCodeAt(value)] = value

/** Writes the bytes of a path. Text by text this is where sorting took most of its time. */
function writePath(path: Hash, keys: Bytes, from: number): void {
  let seen = path.length === 66 && path.charCodeAt(0) === 48 && path.charCodeAt(1) === 120 ? 0 : NO_DIGIT
  for (let at = 0; at < PATH_BYTES; at++) {
    const [high, low] = [path.charCodeAt(2 + (at << 1)), path.charCodeAt(3 + (at << 1))]
    const value = ((DIGITS[high & 255] as number) << 4) | (DIGITS[low & 255] as number)
    seen |= value | high | low
    keys[from + at] = value
  }
  // Another form of the same, or an error.
  if (seen >= NO_DIGIT) keys.set(hexToBytes(asHash(path)), from)
}

/** Where a sum goes that nobody needs. */
const unneeded = new Int32Array(1)

export function sortedChanges(diff: StateDiff): SortedChanges {
  const count = diff.size
  const keys = new Uint8Array(count * PATH_BYTES)
  const paths: Hash[] = []
  const given: (Bytes | null)[] = []
  for (const [path, value] of diff) {
    paths.push(path)
    given.push(value)
  }
  // Asks for the texts first: alone, each would be waited for.
  let sum = 0
  for (const path of paths) sum += path.charCodeAt(0) + path.charCodeAt(path.length - 1)
  unneeded[0] = sum
  for (let index = 0; index < count; index++) writePath(paths[index] as Hash, keys, index * PATH_BYTES)
  const heads = headsOf(keys)
  if (count === 1) return { keys, heads, values: given }
  const order = orderOf(keys, heads)
  const [words, sorted, sortedHeads] = [new Int32Array(keys.buffer), new Int32Array(count * 8), new Int32Array(count)]
  const values: (Bytes | null)[] = []
  for (let to = 0; to < count; to++) {
    const from = order[to] as number
    for (let word = 0; word < 8; word++) sorted[to * 8 + word] = words[from * 8 + word] as number
    sortedHeads[to] = heads[from] as number
    values.push(given[from] as Bytes | null)
  }
  return { keys: new Uint8Array(sorted.buffer), heads: sortedHeads, values }
}
