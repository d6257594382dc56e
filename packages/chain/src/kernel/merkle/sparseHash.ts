import {
  type Bytes,
  type Hash,
  hashEach,
  hashPairs,
  hashRows,
  hexToBytes,
  taggedHash,
  taggedHashBytes,
  utf8ToBytes,
} from '#primitives'
import type { Arena } from './arena.ts'
import {
  HASH_WORDS,
  HASHED,
  INNER_HASH,
  INNER_STATE,
  innerAt,
  isLeaf,
  LEAF_HASH,
  LEAF_PATH,
  LEFT_UNHASHED,
  leafAt,
} from './nodes.ts'

/** Root of a tree without values. */
export const EMPTY_ROOT: Hash = taggedHash('aelf/empty/1')
export const EMPTY_BYTES: Bytes = hexToBytes(EMPTY_ROOT)
const EMPTY_WORDS = new Int32Array(EMPTY_BYTES.slice().buffer)

/** Pairs in one call of the engine: few enough to stay near the processor. */
const BATCH = 1024
const PAIR_WORDS = 2 * HASH_WORDS

const input = new Int32Array(BATCH * PAIR_WORDS)
const output = new Int32Array(BATCH * HASH_WORDS)
/** A leaf's message: the tag with its length, the path, the hash of the value. */
const TAG = new Int32Array(Uint8Array.of(11, ...utf8ToBytes('aelf/leaf/1')).buffer)
const TAG_WORDS = 3
const ROW_WORDS: number = TAG_WORDS + 2 * HASH_WORDS
const rows = new Int32Array(BATCH * ROW_WORDS)
const rowBytes: Bytes = new Uint8Array(rows.buffer)
const inputBytes: Bytes = new Uint8Array(input.buffer)
const outputBytes: Bytes = new Uint8Array(output.buffer)

/** Hash of one value under its path. */
export function sparseLeafHash(key: Bytes, valueHash: Bytes): Bytes {
  return taggedHashBytes('aelf/leaf/1', key, valueHash)
}

function copyHash(arena: Arena, ref: number, to: number): void {
  if (ref === 0) {
    input.set(EMPTY_WORDS, to)
    return
  }
  const leaf = isLeaf(ref)
  const words = leaf ? arena.leaves.words : arena.inner.words
  const from = leaf ? leafAt(ref) + LEAF_HASH : innerAt(ref) + INNER_HASH
  for (let word = 0; word < HASH_WORDS; word++) input[to + word] = words[from + word] as number
}

/** Hashes leaves: of all values first, then of tag, path and that. */
function hashLeaves(arena: Arena, leaves: readonly number[]): void {
  for (let from = 0; from < leaves.length; from += BATCH) {
    const some = leaves.slice(from, from + BATCH)
    hashEach(
      some.map((leaf) => arena.valueOf(leaf)),
      outputBytes,
    )
    const { words } = arena.leaves
    for (const [index, leaf] of some.entries()) {
      const [row, path] = [index * ROW_WORDS, leafAt(leaf) + LEAF_PATH]
      for (let word = 0; word < TAG_WORDS; word++) rows[row + word] = TAG[word] as number
      for (let word = 0; word < HASH_WORDS; word++) {
        rows[row + TAG_WORDS + word] = words[path + word] as number
        rows[row + TAG_WORDS + HASH_WORDS + word] = output[index * HASH_WORDS + word] as number
      }
    }
    hashRows(rowBytes.subarray(0, some.length * ROW_WORDS * 4), ROW_WORDS * 4, outputBytes)
    for (const [index, leaf] of some.entries()) {
      const at = leafAt(leaf)
      for (let word = 0; word < HASH_WORDS; word++)
        words[at + LEAF_HASH + word] = output[index * HASH_WORDS + word] as number
      words[at] = (words[at] as number) | HASHED
    }
  }
}

/** Hashes inner nodes whose children are hashed. */
function hashBatch(arena: Arena, refs: readonly number[], from: number, count: number): void {
  const { words } = arena.inner
  for (let index = 0; index < count; index++) {
    const at = innerAt(refs[from + index] as number)
    copyHash(arena, words[at] as number, index * PAIR_WORDS)
    copyHash(arena, words[at + 1] as number, index * PAIR_WORDS + HASH_WORDS)
  }
  hashPairs(inputBytes.subarray(0, count * 64), outputBytes.subarray(0, count * 32))
  for (let index = 0; index < count; index++) {
    const at = innerAt(refs[from + index] as number)
    for (let word = 0; word < HASH_WORDS; word++)
      words[at + INNER_HASH + word] = output[index * HASH_WORDS + word] as number
    words[at + INNER_STATE] = (words[at + INNER_STATE] as number) | HASHED
  }
}

function needsHash(arena: Arena, ref: number): boolean {
  if (ref === 0) return false
  const state = isLeaf(ref) ? arena.leaves.words[leafAt(ref)] : arena.inner.words[innerAt(ref) + INNER_STATE]
  return ((state as number) & HASHED) === 0
}

/**
 * Hashes what has no hash yet below a node, leaves first, then level by level from the deepest. What is hashed has only hashed nodes
 * below it.
 */
function hashBelow(arena: Arena, top: number): void {
  const { words } = arena.inner
  const refs: number[] = [top]
  const starts: number[] = [0]
  const leaves: number[] = []
  for (let from = 0, to = 1; from < to; ) {
    for (let index = from; index < to; index++) {
      const at = innerAt(refs[index] as number)
      const state = words[at + INNER_STATE] as number
      for (let side = 0; side < 2; side++) {
        // Most children were there before and hashed: they are not even looked at.
        if ((state & (LEFT_UNHASHED << side)) === 0) continue
        const child = words[at + side] as number
        if (!needsHash(arena, child)) continue
        if (isLeaf(child)) leaves.push(child)
        else refs.push(child)
      }
    }
    from = to
    to = refs.length
    starts.push(from)
  }
  hashLeaves(arena, leaves)
  for (let level = starts.length - 2; level >= 0; level--) {
    const [start, end] = [starts[level] as number, starts[level + 1] as number]
    for (let from = start; from < end; from += BATCH)
      hashBatch(arena, refs, from, end - from < BATCH ? end - from : BATCH)
  }
}

/** Hash of a node, in memory of its own. */
export function hashOf(arena: Arena, ref: number): Bytes {
  if (ref === 0) return EMPTY_BYTES
  if (needsHash(arena, ref)) {
    if (isLeaf(ref)) hashLeaves(arena, [ref])
    else hashBelow(arena, ref)
  }
  const from = (isLeaf(ref) ? leafAt(ref) + LEAF_HASH : innerAt(ref) + INNER_HASH) << 2
  return (isLeaf(ref) ? arena.leaves : arena.inner).bytes.slice(from, from + 32)
}
