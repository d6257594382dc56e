import { asHash, assert, type Bytes, type Hash, hexToBytes } from '#primitives'
import type { StateDiff } from '../state/types.ts'
import type { Arena } from './arena.ts'
import { innerAt, isLeaf, LEAF_PATH, leafAt } from './nodes.ts'

/** Changes in path order: 32 bytes of path each, and the values. */
export interface SortedChanges {
  readonly keys: Bytes
  readonly values: readonly (Bytes | null)[]
}

/** Of the first two bytes of a path. */
const MAX_BUCKET_BITS = 16
/** Up to here a bucket is sorted in place. */
const FEW = 16

function bitAt(bytes: Bytes, start: number, depth: number): number {
  return ((bytes[start + (depth >> 3)] as number) >> (7 - (depth & 7))) & 1
}

/** Where each bucket of paths that begin alike starts, and the changes bucket by bucket. */
function bucketsOf(keys: Bytes, count: number): { readonly starts: Int32Array; readonly order: Int32Array } {
  let shift = MAX_BUCKET_BITS
  while (shift > 0 && 1 << (MAX_BUCKET_BITS - shift) < count) shift--
  const bucketAt = (index: number): number =>
    (((keys[index * 32] as number) << 8) | (keys[index * 32 + 1] as number)) >> shift
  const starts = new Int32Array((1 << (MAX_BUCKET_BITS - shift)) + 1)
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

function compareKeys(keys: Bytes, a: number, b: number): number {
  for (let at = 0; at < 32; at++) {
    const difference = (keys[a + at] as number) - (keys[b + at] as number)
    if (difference !== 0) return difference
  }
  return 0
}

/** Sorts a few indexes where they are. */
function insertInOrder(keys: Bytes, order: Int32Array, from: number, to: number): void {
  for (let end = from + 1; end < to; end++) {
    const index = order[end] as number
    let at = end
    for (; at > from && compareKeys(keys, (order[at - 1] as number) * 32, index * 32) > 0; at--)
      order[at] = order[at - 1] as number
    order[at] = index
  }
}

/** Indexes in path order. Paths are hashes: put into as many buckets as there are, next to nothing is left to sort. */
function orderOf(keys: Bytes, count: number): Int32Array {
  const { starts, order } = bucketsOf(keys, count)
  const compare = (a: number, b: number): number => compareKeys(keys, a * 32, b * 32)
  for (let bucket = 0; bucket + 1 < starts.length; bucket++) {
    const [from, to] = [starts[bucket] as number, starts[bucket + 1] as number]
    if (to - from > FEW) order.subarray(from, to).sort(compare)
    else if (to - from > 1) insertInOrder(keys, order, from, to)
  }
  return order
}

const NO_DIGIT = 256
/** Value of each character as a lower-case hex digit. */
const DIGITS: Uint16Array = new Uint16Array(256).fill(NO_DIGIT)
for (let value = 0; value < 16; value++) DIGITS['0123456789abcdef'.charCodeAt(value)] = value

/** Writes the bytes of a path. Text by text this is where sorting took most of its time. */
function writePath(path: Hash, keys: Bytes, from: number): void {
  let seen = path.length === 66 && path.charCodeAt(0) === 48 && path.charCodeAt(1) === 120 ? 0 : NO_DIGIT
  for (let at = 0; at < 32; at++) {
    const [high, low] = [path.charCodeAt(2 + (at << 1)), path.charCodeAt(3 + (at << 1))]
    const value = ((DIGITS[high & 255] as number) << 4) | (DIGITS[low & 255] as number)
    seen |= value | high | low
    keys[from + at] = value
  }
  // Another form of the same, or an error.
  if (seen >= NO_DIGIT) keys.set(hexToBytes(asHash(path)), from)
}

function sortedChanges(diff: StateDiff): SortedChanges {
  const count = diff.size
  const keys = new Uint8Array(count * 32)
  const given: (Bytes | null)[] = []
  for (const [path, value] of diff) {
    writePath(path, keys, given.length * 32)
    given.push(value)
  }
  if (count === 1) return { keys, values: given }
  const sorted = new Uint8Array(count * 32)
  const values: (Bytes | null)[] = []
  for (const [to, from] of orderOf(keys, count).entries()) {
    for (let index = 0; index < 32; index++) sorted[to * 32 + index] = keys[from * 32 + index] as number
    values.push(given[from] as Bytes | null)
  }
  return { keys: sorted, values }
}

/** One application of changes to a tree. */
class Update {
  /** How many more values there are than before. */
  added = 0
  private readonly arena: Arena
  private readonly keys: Bytes
  private readonly values: readonly (Bytes | null)[]

  constructor(arena: Arena, { keys, values }: SortedChanges) {
    this.arena = arena
    this.keys = keys
    this.values = values
  }

  /** The node after the changes of [from, to), all of which lie below it. */
  apply(ref: number, from: number, to: number, depth: number): number {
    if (from === to) return ref
    if (ref === 0 || isLeaf(ref)) return this.build(ref, from, to, depth)
    const middle = this.splitAt(from, to, depth)
    const at = innerAt(ref)
    const left = this.arena.inner.words[at] as number
    const right = this.arena.inner.words[at + 1] as number
    const newLeft = this.apply(left, from, middle, depth + 1)
    const newRight = this.apply(right, middle, to, depth + 1)
    return newLeft === left && newRight === right ? ref : this.join(newLeft, newRight)
  }

  /** A new subtree of changes and of at most one leaf that was there. */
  private build(leaf: number, from: number, to: number, depth: number): number {
    if (from === to) return leaf
    if (to - from === 1) {
      if (leaf === 0) return this.put(from)
      if (this.isAt(leaf, from)) return this.replace(from)
      if (this.values[from] === null) return leaf
    }
    assert(depth < 256, 'two changes share a path')
    const middle = this.splitAt(from, to, depth)
    const goesRight = leaf !== 0 && bitAt(this.arena.leaves.bytes, (leafAt(leaf) + LEAF_PATH) << 2, depth) === 1
    const left = this.build(goesRight ? 0 : leaf, from, middle, depth + 1)
    return this.join(left, this.build(goesRight ? leaf : 0, middle, to, depth + 1))
  }

  private put(index: number): number {
    const value = this.values[index] as Bytes | null
    if (value === null) return 0
    this.added += 1
    return this.arena.newLeaf(this.keys, index * 32, value)
  }

  private replace(index: number): number {
    const leaf = this.put(index)
    this.added -= 1
    return leaf
  }

  private isAt(leaf: number, index: number): boolean {
    const { bytes } = this.arena.leaves
    const [leafKey, key] = [(leafAt(leaf) + LEAF_PATH) << 2, index * 32]
    for (let at = 0; at < 32; at++) if (bytes[leafKey + at] !== this.keys[key + at]) return false
    return true
  }

  /** Joins two halves; a half that holds one leaf alone is that leaf, so equal maps always give equal trees. */
  private join(left: number, right: number): number {
    if (left === 0 && (right === 0 || isLeaf(right))) return right
    if (right === 0 && isLeaf(left)) return left
    return this.arena.newInner(left, right)
  }

  /** First index in [from, to) whose path has bit `depth` set; paths are sorted and agree before `depth`. */
  private splitAt(from: number, to: number, depth: number): number {
    if (to - from === 1) return bitAt(this.keys, from * 32, depth) === 0 ? to : from
    let low = from
    let high = to
    while (low < high) {
      const middle = (low + high) >> 1
      if (bitAt(this.keys, middle * 32, depth) === 0) low = middle + 1
      else high = middle
    }
    return low
  }
}

interface Applied {
  readonly top: number
  readonly added: number
}

/** Applies changes below a node. What is given back is not held yet. */
export function applyDiff(arena: Arena, top: number, diff: StateDiff): Applied {
  return applySorted(arena, top, sortedChanges(diff))
}

/** As `applyDiff`, of changes that are in path order, each path once. */
export function applySorted(arena: Arena, top: number, changes: SortedChanges): Applied {
  const update = new Update(arena, changes)
  return { top: update.apply(top, 0, changes.values.length, 0), added: update.added }
}
