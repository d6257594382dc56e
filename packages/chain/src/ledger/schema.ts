import { type Bytes, bytesToHash, concatBytes, type Hash, hexToBytes, reader, writer } from '#primitives'

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
} as const

const u64 = (value: bigint): Bytes => writer().u64(value).finish()
const key = (kind: keyof typeof KEYS, ...parts: readonly Bytes[]): Bytes =>
  concatBytes(Uint8Array.of(KEYS[kind]), ...parts)

export const rootKey: Bytes = key('root')
export const blockKey = (hash: Hash): Bytes => key('block', hexToBytes(hash))
export const headerKey = (hash: Hash): Bytes => key('header', hexToBytes(hash))
export const recordKey = (hash: Hash): Bytes => key('record', hexToBytes(hash))
export const canonicalKey = (height: bigint): Bytes => key('canonical', u64(height))
export const transactionKey = (id: Hash): Bytes => key('transaction', hexToBytes(id))
export const pageKey = (page: number): Bytes => key('page', Uint8Array.of(page))
/** Stands in stores whose state is in pages. */
export const pagedKey: Bytes = key('paged')
export const unfinalisedKey = (height: bigint, hash: Hash): Bytes => key('unfinalised', u64(height), hexToBytes(hash))

/** All keys of one kind. */
export function rangeOf(kind: keyof typeof KEYS): { gte: Bytes; lt: Bytes } {
  return { gte: Uint8Array.of(KEYS[kind]), lt: Uint8Array.of(KEYS[kind] + 1) }
}

export const pathOfStateKey = (bytes: Bytes): Bytes => bytes.subarray(1)
export const hashOfUnfinalisedKey = (bytes: Bytes): Hash => bytesToHash(bytes.slice(9))

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

export function encodePlace(blockHash: Hash, index: number): Bytes {
  return writer().fixed(hexToBytes(blockHash)).u32(index).finish()
}

export function decodePlace(bytes: Bytes): { blockHash: Hash; index: number } {
  const input = reader(bytes)
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
