import { type Bytes, hashEach, hashPairs, hashRows, taggedHashBytes, utf8ToBytes } from '#primitives'
import type { Arena } from './arena.ts'
import {
  childrenAt,
  EMPTY_BYTES,
  HASH_WORDS,
  HASHED,
  hashAt,
  isLeaf,
  keptIn,
  LEFT_UNHASHED,
  lengthIn,
  PATH_BYTES,
  pathAt,
  sizeIn,
  stateAt,
  UNIT_WORDS,
  unitOf,
  zerosIn,
} from './nodes.ts'
import { type Scratch, withLength } from './scratch.ts'

/** Pairs in one call of the engine: few enough to stay near the processor. */
const BATCH = 512
const PAIR_WORDS = 2 * HASH_WORDS

const input = new Int32Array(BATCH * PAIR_WORDS)
const output = new Int32Array(BATCH * HASH_WORDS)
/** A leaf's message: the tag with its length, the path, the hash of the value. */
const TAG = new Int32Array(Uint8Array.of(11, ...utf8ToBytes('aelf/leaf/1')).buffer)
const TAG_WORDS = 3
const ROW_WORDS: number = TAG_WORDS + 2 * HASH_WORDS
const rows = new Int32Array(BATCH * ROW_WORDS)
for (let row = 0; row < BATCH; row++) rows.set(TAG, row * ROW_WORDS)
const rowBytes: Bytes = new Uint8Array(rows.buffer)
const inputBytes: Bytes = new Uint8Array(input.buffer)
const outputBytes: Bytes = new Uint8Array(output.buffer)

/** Amounts have so many bytes; they are hashed together without a copy of each. */
const AMOUNT_BYTES = 32
const AMOUNT_WORDS = 8
const amounts = new Int32Array(BATCH * AMOUNT_WORDS)
const amountBytes: Bytes = new Uint8Array(amounts.buffer)

/** Hash of one value under its path. */
export function sparseLeafHash(key: Bytes, valueHash: Bytes): Bytes {
  return taggedHashBytes('aelf/leaf/1', key, valueHash)
}

function hashAmounts(arena: Arena, leaves: Int32Array, from: number, count: number): void {
  const { links, values } = arena.stored()
  amounts.fill(0, 0, count * AMOUNT_WORDS)
  for (let index = 0; index < count; index++) {
    const leaf = leaves[from + index] as number
    const size = sizeIn(links, leaf)
    const [value, kept] = [pathAt(links, leaf) + PATH_BYTES, keptIn(size)]
    const to = index * AMOUNT_BYTES + zerosIn(size)
    for (let at = 0; at < kept; at++) amountBytes[to + at] = values[value + at] as number
  }
  hashRows(amountBytes.subarray(0, count * AMOUNT_BYTES), AMOUNT_BYTES, outputBytes)
}

function hashValues(arena: Arena, leaves: Int32Array, from: number, count: number): void {
  const values = Array.from({ length: count }, (_, index) => arena.valueOf(leaves[from + index] as number))
  hashEach(values, outputBytes)
}

/** Hashes a batch of leaves whose values' hashes are in the output: of tag, path and that. */
function hashRowsOf(arena: Arena, leaves: Int32Array, from: number, count: number): void {
  const links = arena.links.words
  const { words: values } = arena.values
  for (let index = 0; index < count; index++) {
    const path = unitOf(links, leaves[from + index] as number) * UNIT_WORDS
    const row = index * ROW_WORDS + TAG_WORDS
    for (let word = 0; word < HASH_WORDS; word++) {
      rows[row + word] = values[path + word] as number
      rows[row + HASH_WORDS + word] = output[index * HASH_WORDS + word] as number
    }
  }
  hashRows(rowBytes.subarray(0, count * ROW_WORDS * 4), ROW_WORDS * 4, outputBytes)
  keep(arena, leaves, from, count)
}

/** Gives nodes the hashes in the output. */
function keep(arena: Arena, refs: Int32Array, from: number, count: number): void {
  const { words } = arena.hashes
  const states = arena.states.words
  for (let index = 0; index < count; index++) {
    const ref = refs[from + index] as number
    const at = hashAt(ref)
    for (let word = 0; word < HASH_WORDS; word++) words[at + word] = output[index * HASH_WORDS + word] as number
    states[stateAt(ref)] = (states[stateAt(ref)] as number) | HASHED
  }
}

/** Hashes inner nodes whose children are hashed. */
function hashBatch(arena: Arena, refs: Int32Array, from: number, count: number): void {
  const links = arena.links.words
  const { words } = arena.hashes
  // Asks for all of the memory first: alone, each hash would be waited for before the next is asked for.
  let seen = 0
  for (let index = 0; index < count; index++) {
    const at = childrenAt(refs[from + index] as number)
    seen ^= (words[hashAt(links[at] as number)] as number) ^ (words[hashAt(links[at + 1] as number)] as number)
  }
  input[0] = seen
  for (let index = 0; index < count; index++) {
    const at = childrenAt(refs[from + index] as number)
    const [left, right] = [hashAt(links[at] as number), hashAt(links[at + 1] as number)]
    const to = index * PAIR_WORDS
    for (let word = 0; word < HASH_WORDS; word++) {
      input[to + word] = words[left + word] as number
      input[to + HASH_WORDS + word] = words[right + word] as number
    }
  }
  if (count === BATCH) hashPairs(inputBytes, outputBytes)
  else hashPairs(inputBytes.subarray(0, count * 64), outputBytes.subarray(0, count * 32))
  keep(arena, refs, from, count)
}

type HashSome = (arena: Arena, refs: Int32Array, from: number, count: number) => void

function inBatches(arena: Arena, refs: Int32Array, [start, end]: readonly [number, number], hash: HashSome): void {
  for (let from = start; from < end; from += BATCH) hash(arena, refs, from, end - from < BATCH ? end - from : BATCH)
}

const needsHash = (states: Int32Array, ref: number): boolean => ((states[stateAt(ref)] as number) & HASHED) === 0

/** Nodes without a hash. */
class Unhashed {
  /** Inner ones level by level from the top; `starts` says where each level begins. */
  inner: Scratch = new Int32Array(1024)
  leaves: Scratch = new Int32Array(1024)
  others: Scratch = new Int32Array(1024)
  starts: number[] = []
  private leafCount = 0
  private otherCount = 0

  /** Finds those below a node that has none itself. */
  find(arena: Arena, top: number): void {
    this.starts = [0]
    this.leafCount = 0
    this.otherCount = 0
    if (isLeaf(top)) {
      this.addLeaf(arena, top)
      return
    }
    this.inner[0] = top
    for (let from = 0, to = 1; from < to; ) {
      const next = this.addBelow(arena, from, to)
      from = to
      to = next
      this.starts.push(from)
    }
  }

  hash(arena: Arena): void {
    const valuesHashed =
      (hash: HashSome): HashSome =>
      (...some) => {
        hash(...some)
        hashRowsOf(...some)
      }
    inBatches(arena, this.leaves, [0, this.leafCount], valuesHashed(hashAmounts))
    inBatches(arena, this.others, [0, this.otherCount], valuesHashed(hashValues))
    for (let level = this.starts.length - 2; level >= 0; level--)
      inBatches(arena, this.inner, [this.starts[level] as number, this.starts[level + 1] as number], hashBatch)
  }

  /** Adds the children of a level; answers where the next one ends. */
  private addBelow(arena: Arena, from: number, to: number): number {
    const states = arena.states.words
    const links = arena.links.words
    this.inner = withLength(this.inner, to + 2 * (to - from))
    const { inner } = this
    let end = to
    for (let index = from; index < to; index++) {
      const ref = inner[index] as number
      const state = states[stateAt(ref)] as number
      for (let side = 0; side < 2; side++) {
        // Most children were there before and hashed: they are not even looked at.
        if ((state & (LEFT_UNHASHED << side)) === 0) continue
        const child = links[childrenAt(ref) + side] as number
        if (!needsHash(states, child)) continue
        if (isLeaf(child)) this.addLeaf(arena, child)
        else inner[end++] = child
      }
    }
    return end
  }

  private addLeaf(arena: Arena, leaf: number): void {
    if (lengthIn(sizeIn(arena.links.words, leaf)) === AMOUNT_BYTES) {
      this.leaves = withLength(this.leaves, this.leafCount + 1)
      this.leaves[this.leafCount++] = leaf
    } else {
      this.others = withLength(this.others, this.otherCount + 1)
      this.others[this.otherCount++] = leaf
    }
  }
}

const unhashed = new Unhashed()

/** Hash of a node, in memory of its own. */
export function hashOf(arena: Arena, ref: number): Bytes {
  if (ref === 0) return EMPTY_BYTES
  if (needsHash(arena.states.words, ref)) {
    // Leaves first, then level by level from the deepest. What is hashed has only hashed nodes below it.
    unhashed.find(arena, ref)
    unhashed.hash(arena)
  }
  const from = hashAt(ref) << 2
  return arena.hashes.bytes.slice(from, from + 32)
}
