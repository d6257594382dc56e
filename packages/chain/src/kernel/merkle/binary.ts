import {
  asHash,
  assert,
  type Bytes,
  bytesToHash,
  CodecError,
  type Hash,
  hashEach,
  hashPairs,
  hashRows,
  hexToBytes,
  reader,
  sha256,
  taggedHash,
  taggedHashBytes,
  utf8ToBytes,
  writer,
} from '#primitives'
import { innerHash } from './sparse.ts'

export interface ListProof {
  readonly index: number
  readonly count: number
  /** Siblings from the leaf up; levels where the node was carried up have none. */
  readonly siblings: readonly Hash[]
}

export const MAX_LIST_ITEMS = 0xffffffff

function u32(value: number): Bytes {
  return writer().u32(value).finish()
}

function itemHash(index: number, item: Bytes): Bytes {
  return taggedHashBytes('aelf/item/1', u32(index), sha256(item))
}

const TAG: Bytes = utf8ToBytes('aelf/item/1')
/** Tag with its length, index, hash of the item. */
const ROW_BYTES = 1 + 11 + 4 + 32

/** As `itemHash` of every item, one after the other. */
function itemHashes(items: readonly Bytes[]): Bytes {
  const digests = new Uint8Array(items.length * 32)
  hashEach(items, digests)
  const rows = new Uint8Array(items.length * ROW_BYTES)
  for (let index = 0; index < items.length; index++) {
    const at = index * ROW_BYTES
    rows[at] = TAG.length
    rows.set(TAG, at + 1)
    for (let byte = 0; byte < 4; byte++) rows[at + 12 + byte] = index >>> (24 - 8 * byte)
    for (let byte = 0; byte < 32; byte++) rows[at + 16 + byte] = digests[index * 32 + byte] as number
  }
  hashRows(rows, ROW_BYTES, digests)
  return digests
}

function sealRoot(count: number, top: Bytes): Hash {
  return taggedHash('aelf/list/1', u32(count), top)
}

/** Root of a list without items. */
export const EMPTY_LIST_ROOT: Hash = sealRoot(0, new Uint8Array(0))

function levelAbove(level: readonly Bytes[]): Bytes[] {
  const above: Bytes[] = []
  for (let index = 0; index + 1 < level.length; index += 2)
    above.push(innerHash(level[index] as Bytes, level[index + 1] as Bytes))
  if (level.length % 2 === 1) above.push(level[level.length - 1] as Bytes)
  return above
}

/** Root over encoded items. Index and count are bound into it and an odd node is carried up, so no two lists share a root. */
export function listRoot(items: readonly Bytes[]): Hash {
  if (items.length === 0) return EMPTY_LIST_ROOT
  let level = itemHashes(items)
  while (level.length > 32) level = rowAbove(level)
  return sealRoot(items.length, level)
}

/** As `levelAbove`, of hashes that lie behind each other. */
function rowAbove(level: Bytes): Bytes {
  const paired = level.length - (level.length % 64)
  const above = new Uint8Array(paired / 2 + (level.length % 64))
  hashPairs(level.subarray(0, paired), above.subarray(0, paired / 2))
  above.set(level.subarray(paired), paired / 2)
  return above
}

/** Proof that the item at `index` is in the list. */
export function proveListItem(items: readonly Bytes[], index: number): ListProof {
  assert(Number.isInteger(index) && index >= 0 && index < items.length, 'the item to prove is in the list')
  const siblings: Hash[] = []
  let level = items.map((item, at) => itemHash(at, item))
  let position = index
  while (level.length > 1) {
    const sibling = level[position ^ 1]
    if (sibling) siblings.push(bytesToHash(sibling))
    level = levelAbove(level)
    position >>= 1
  }
  return { index, count: items.length, siblings }
}

/** Whether `item` stands at `proof.index` of the list of `proof.count` items under `root`. */
export function verifyListProof(root: Hash, item: Bytes, proof: ListProof): boolean {
  const { index, count, siblings } = proof
  if (
    !Number.isInteger(index) ||
    !Number.isInteger(count) ||
    index < 0 ||
    count < 1 ||
    index >= count ||
    count > MAX_LIST_ITEMS
  )
    return false
  let hash = itemHash(index, item)
  let position = index
  let width = count
  let used = 0
  while (width > 1) {
    const carried = position === width - 1 && width % 2 === 1
    if (!carried) {
      const sibling = siblings[used++]
      if (sibling === undefined) return false
      const other = hexToBytes(sibling)
      hash = position % 2 === 0 ? innerHash(hash, other) : innerHash(other, hash)
    }
    position = (position - (position % 2)) / 2
    width = (width + (width % 2)) / 2
  }
  return used === siblings.length && sealRoot(count, hash) === root
}

/** u32 index, u32 count, u8 number of siblings, siblings. */
export function encodeListProof(proof: ListProof): Bytes {
  const out = writer().u32(proof.index).u32(proof.count).u8(proof.siblings.length)
  for (const sibling of proof.siblings) out.fixed(hexToBytes(asHash(sibling)))
  return out.finish()
}

/** Inverse of `encodeListProof`. Throws `CodecError`. */
export function decodeListProof(bytes: Bytes): ListProof {
  const input = reader(bytes)
  const index = input.u32()
  const count = input.u32()
  const length = input.u8()
  if (length > 32) throw new CodecError('codec.limit', 'proof longer than 32', { details: { length } })
  const siblings: Hash[] = []
  for (let at = 0; at < length; at++) siblings.push(bytesToHash(input.fixed(32)))
  input.end()
  return { index, count, siblings }
}
