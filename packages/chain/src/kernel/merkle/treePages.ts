import { assert, type Bytes, CodecError, concatBytes } from '#primitives'
import type { Arena } from './arena.ts'
import { childrenAt, isLeaf, lengthIn, PATH_BYTES, pathAt, sizeIn, writeValue } from './nodes.ts'
import { comparePaths } from './sortedChanges.ts'

/** A state is stored in as many parts: the values whose paths begin with the same byte. */
export const TREE_PAGES = 256

const HEAD_BYTES: number = PATH_BYTES + 4

/** The node below which a page's values lie; a leaf above that depth may be of another page. */
function pageTop(arena: Arena, top: number, page: number): number {
  const { links, values } = arena.stored()
  let ref = top
  for (let bit = 7; bit >= 0 && ref !== 0 && !isLeaf(ref); bit--)
    ref = links[childrenAt(ref) + ((page >> bit) & 1)] as number
  if (isLeaf(ref) && values[pathAt(links, ref)] !== page) return 0
  return ref
}

function leavesBelow(links: Int32Array, top: number): number[] {
  const leaves: number[] = []
  const above = [top]
  for (let ref = above.pop(); ref !== undefined; ref = above.pop()) {
    if (ref === 0) continue
    if (isLeaf(ref)) leaves.push(ref)
    else above.push(links[childrenAt(ref) + 1] as number, links[childrenAt(ref)] as number)
  }
  return leaves
}

/** The values of a page in path order: path, u32 length, value each. */
export function encodePage(arena: Arena, top: number, page: number): Bytes {
  const stored = arena.stored()
  const { links, values } = stored
  const leaves = leavesBelow(links, pageTop(arena, top, page))
  let room = 0
  for (const leaf of leaves) room += HEAD_BYTES + lengthIn(sizeIn(links, leaf))
  const encoded = new Uint8Array(room)
  let to = 0
  for (const leaf of leaves) {
    const path = pathAt(links, leaf)
    for (let index = 0; index < PATH_BYTES; index++) encoded[to + index] = values[path + index] as number
    const length = lengthIn(sizeIn(links, leaf))
    for (let index = 0; index < 4; index++) encoded[to + PATH_BYTES + index] = length >>> (24 - 8 * index)
    to += HEAD_BYTES
    writeValue(stored, leaf, encoded, to)
    to += length
  }
  return encoded
}

/** Values in path order. */
export interface TreeEntries {
  /** 32 bytes of path each. */
  readonly paths: Bytes
  readonly values: readonly Bytes[]
}

/** Inverse of `encodePage`; the values are views. Throws `CodecError`. */
export function decodePage(bytes: Bytes, page: number): TreeEntries {
  assert(page >= 0 && page < TREE_PAGES, 'a page is a byte')
  const values: Bytes[] = []
  const room = new Uint8Array(bytes.length)
  for (let at = 0; at < bytes.length; ) {
    const from = at + HEAD_BYTES
    let length = 0
    for (let index = PATH_BYTES; index < HEAD_BYTES; index++) length = length * 256 + (bytes[at + index] ?? 0)
    if (from + length > bytes.length) throw new CodecError('codec.short', 'a page ends within a value')
    if (bytes[at] !== page) throw new CodecError('codec.range', 'a path is of another page', { details: { page } })
    const to = values.length * PATH_BYTES
    for (let index = 0; index < PATH_BYTES; index++) room[to + index] = bytes[at + index] as number
    values.push(bytes.subarray(from, from + length))
    at = from + length
  }
  return { paths: room.subarray(0, values.length * PATH_BYTES), values }
}

/**
 * Entries with changes, each path once, of which null deletes. Both are in path order.
 */
export function mergeEntries(
  entries: TreeEntries,
  changes: { readonly paths: Bytes; readonly values: readonly (Bytes | null)[] },
): TreeEntries {
  if (changes.values.length === 0) return entries
  const count = entries.values.length
  // Behind each other, so that they are compared as others are.
  const both = concatBytes(entries.paths, changes.paths)
  const paths = new Uint8Array(both.length)
  const values: Bytes[] = []
  const take = (index: number, value: Bytes | null): void => {
    if (value === null) return
    const [from, to] = [index * PATH_BYTES, values.length * PATH_BYTES]
    for (let at = 0; at < PATH_BYTES; at++) paths[to + at] = both[from + at] as number
    values.push(value)
  }
  let old = 0
  for (const [index, value] of changes.values.entries()) {
    let order = -1
    while (old < count && (order = comparePaths(both, old, count + index)) < 0)
      take(old, entries.values[old++] as Bytes)
    if (old < count && order === 0) old += 1
    take(count + index, value)
  }
  while (old < count) take(old, entries.values[old++] as Bytes)
  return { paths: paths.subarray(0, values.length * PATH_BYTES), values }
}
