import { type Bytes, hashEach, hashPairs, hashRows, taggedHashBytes, utf8ToBytes } from '#primitives'
import type { Arena } from './arena.ts'
import {
  childrenAt,
  HASH_WORDS,
  hashAt,
  keptIn,
  PATH_BYTES,
  pathAt,
  sizeIn,
  UNIT_WORDS,
  unitOf,
  zerosIn,
} from './nodes.ts'

/** Nodes that are hashed together: few enough to stay near the processor. */
export const BATCH = 512
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
export const AMOUNT_BYTES = 32
const AMOUNT_WORDS = 8
const amounts = new Int32Array(BATCH * AMOUNT_WORDS)
const amountBytes: Bytes = new Uint8Array(amounts.buffer)

/** Nodes to be hashed, at most `BATCH`. */
export interface Batch {
  readonly refs: Int32Array
  count: number
}

export function emptyBatch(): Batch {
  return { refs: new Int32Array(BATCH), count: 0 }
}

/** Hash of one value under its path. */
export function sparseLeafHash(key: Bytes, valueHash: Bytes): Bytes {
  return taggedHashBytes('aelf/leaf/1', key, valueHash)
}

function hashAmountsOf(arena: Arena, { refs, count }: Batch): void {
  const { links, values } = arena.stored()
  amounts.fill(0, 0, count * AMOUNT_WORDS)
  for (let index = 0; index < count; index++) {
    const leaf = refs[index] as number
    const size = sizeIn(links, leaf)
    const [value, kept] = [pathAt(links, leaf) + PATH_BYTES, keptIn(size)]
    const to = index * AMOUNT_BYTES + zerosIn(size)
    for (let at = 0; at < kept; at++) amountBytes[to + at] = values[value + at] as number
  }
  hashRows(amountBytes.subarray(0, count * AMOUNT_BYTES), AMOUNT_BYTES, outputBytes)
}

/** Hashes leaves whose values' hashes are in the output: of tag, path and that. */
function hashLeavesOf(arena: Arena, batch: Batch): void {
  const links = arena.links.words
  const { words: values } = arena.values
  const { refs, count } = batch
  for (let index = 0; index < count; index++) {
    const path = unitOf(links, refs[index] as number) * UNIT_WORDS
    const row = index * ROW_WORDS + TAG_WORDS
    for (let word = 0; word < HASH_WORDS; word++) {
      rows[row + word] = values[path + word] as number
      rows[row + HASH_WORDS + word] = output[index * HASH_WORDS + word] as number
    }
  }
  hashRows(rowBytes.subarray(0, count * ROW_WORDS * 4), ROW_WORDS * 4, outputBytes)
  keep(arena, batch)
}

/** Gives nodes the hashes in the output. There are none to be hashed after that. */
function keep(arena: Arena, batch: Batch): void {
  const { words } = arena.hashes
  const { refs, count } = batch
  for (let index = 0; index < count; index++) {
    const at = hashAt(refs[index] as number)
    for (let word = 0; word < HASH_WORDS; word++) words[at + word] = output[index * HASH_WORDS + word] as number
  }
  batch.count = 0
}

/** Hashes leaves of amounts. */
export function hashAmounts(arena: Arena, batch: Batch): void {
  if (batch.count === 0) return
  hashAmountsOf(arena, batch)
  hashLeavesOf(arena, batch)
}

/** Hashes leaves of values of any length. */
export function hashLeaves(arena: Arena, batch: Batch): void {
  const { refs, count } = batch
  if (count === 0) return
  hashEach(
    Array.from({ length: count }, (_, index) => arena.valueOf(refs[index] as number)),
    outputBytes,
  )
  hashLeavesOf(arena, batch)
}

/** Hashes inner nodes whose children are hashed. */
export function hashInner(arena: Arena, batch: Batch): void {
  const links = arena.links.words
  const { words } = arena.hashes
  const { refs, count } = batch
  if (count === 0) return
  for (let index = 0; index < count; index++) {
    const at = childrenAt(refs[index] as number)
    const [left, right] = [hashAt(links[at] as number), hashAt(links[at + 1] as number)]
    const to = index * PAIR_WORDS
    for (let word = 0; word < HASH_WORDS; word++) {
      input[to + word] = words[left + word] as number
      input[to + HASH_WORDS + word] = words[right + word] as number
    }
  }
  if (count === BATCH) hashPairs(inputBytes, outputBytes)
  else hashPairs(inputBytes.subarray(0, count * 64), outputBytes.subarray(0, count * 32))
  keep(arena, batch)
}

/** Hash of a node, in memory of its own. */
export function hashOf(arena: Arena, ref: number): Bytes {
  const from = hashAt(ref) << 2
  return arena.hashes.bytes.slice(from, from + 32)
}
