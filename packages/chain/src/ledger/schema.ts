import {
  type Bytes,
  bytesToHash,
  concatBytes,
  type Hash,
  hexToBytes,
  type KvOp,
  putHex,
  reader,
  writer,
} from '#primitives'
import type { TransactionPlace } from './types.ts'

/** First byte of the ledger's keys. Numbers are never reused; indexers own 64 and above. */
const KEYS = {
  root: 1,
  block: 2,
  record: 3,
  canonical: 4,
  transaction: 5,
  state: 6,
  unfinalised: 7,
  header: 8,
  page: 9,
  paged: 10,
  blockAt: 11,
  recordAt: 12,
} as const

const u64 = (value: bigint): Bytes => writer().u64(value).finish()
const key = (kind: keyof typeof KEYS, ...parts: readonly Bytes[]): Bytes =>
  concatBytes(Uint8Array.of(KEYS[kind]), ...parts)

export const rootKey: Bytes = key('root')
/** A block, such as its header names it. */
export interface BlockName {
  readonly height: bigint
  readonly hash: Hash
}

/**
 * Blocks and records, which are most of what is stored, lie in the order in which they come: those of one merge of the store's files are
 * beside each other, and are not written again with every later one.
 */
export const blockKey = ({ height, hash }: BlockName): Bytes => key('blockAt', u64(height), hexToBytes(hash))
export const recordKey = ({ height, hash }: BlockName): Bytes => key('recordAt', u64(height), hexToBytes(hash))
/** Where genesis has them, and all blocks of older versions. */
export const blockByHashKey = (hash: Hash): Bytes => key('block', hexToBytes(hash))
export const recordByHashKey = (hash: Hash): Bytes => key('record', hexToBytes(hash))
export const headerKey = (hash: Hash): Bytes => key('header', hexToBytes(hash))
export const canonicalKey = (height: bigint): Bytes => key('canonical', u64(height))
export const transactionKey = (id: Hash): Bytes => key('transaction', hexToBytes(id))
export const pageKey = (page: number): Bytes => key('page', Uint8Array.of(page))
/** Stands in stores whose state is in pages. */
export const pagedKey: Bytes = key('paged')
export const unfinalisedKey = ({ height, hash }: BlockName): Bytes => key('unfinalised', u64(height), hexToBytes(hash))

/** All keys of one kind. */
export function rangeOf(kind: keyof typeof KEYS): { gte: Bytes; lt: Bytes } {
  return { gte: Uint8Array.of(KEYS[kind]), lt: Uint8Array.of(KEYS[kind] + 1) }
}

export const pathOfStateKey = (bytes: Bytes): Bytes => bytes.subarray(1)
export function unfinalisedIn(bytes: Bytes): BlockName {
  const input = reader(bytes.subarray(1))
  return { height: input.u64(), hash: bytesToHash(input.fixed(32)) }
}

/** A page of the state and the height it is of. */
export interface StoredPage {
  readonly height: bigint
  readonly entries: Bytes
}

export function encodeStoredPage({ height, entries }: StoredPage): Bytes {
  return writer().u64(height).fixed(entries).finish()
}

export function decodeStoredPage(bytes: Bytes): StoredPage {
  const input = reader(bytes)
  return { height: input.u64(), entries: input.fixed(input.remaining()) }
}

/** Height, and place in its block, of a transaction that is irreversible. */
export interface StoredPlace {
  readonly height: bigint
  readonly index: number
}

const PLACE_KEY_BYTES = 33
const PLACE_BYTES = 12

/**
 * Entries of the transactions of a block, in its order. All keys and values lie in one piece of memory: with one for each, a block of
 * many transactions took longer for these than for all else it writes.
 */
export function placeOps(height: bigint, ids: ReadonlySet<Hash>): KvOp[] {
  const each = PLACE_KEY_BYTES + PLACE_BYTES
  const bytes = new Uint8Array(ids.size * each)
  const view = new DataView(bytes.buffer)
  const ops: KvOp[] = []
  for (const id of ids) {
    const at = ops.length * each
    const valueAt = at + PLACE_KEY_BYTES
    bytes[at] = KEYS.transaction
    putHex(id, { bytes, at: at + 1 }, 32)
    view.setBigUint64(valueAt, height)
    view.setUint32(valueAt + 8, ops.length)
    ops.push({ put: [bytes.subarray(at, valueAt), bytes.subarray(valueAt, at + each)] })
  }
  return ops
}

/** Where a transaction is: of those stored by older versions, which named the block itself, with its hash. */
export function decodePlace(bytes: Bytes): StoredPlace | TransactionPlace {
  const input = reader(bytes)
  if (bytes.length === PLACE_BYTES) return { height: input.u64(), index: input.u32() }
  const place = { blockHash: bytesToHash(input.fixed(32)), index: input.u32() }
  input.end()
  return place
}

export interface StoredRoot {
  readonly genesisHash: Hash
  readonly height: bigint
  readonly hash: Hash
  readonly engine: Bytes
}

export function encodeRoot(root: StoredRoot): Bytes {
  return writer()
    .fixed(hexToBytes(root.genesisHash))
    .u64(root.height)
    .fixed(hexToBytes(root.hash))
    .bytes(root.engine)
    .finish()
}

export function decodeRoot(bytes: Bytes): StoredRoot {
  const input = reader(bytes)
  const root = {
    genesisHash: bytesToHash(input.fixed(32)),
    height: input.u64(),
    hash: bytesToHash(input.fixed(32)),
    engine: input.bytes(),
  }
  input.end()
  return root
}
