import { type Block, bodyOf, decodeBlock, decodeHeaderEntry, encodeHeaderEntry, type Receipt } from '#kernel'
import { type Bytes, bytesToHash, type Hash, type KeyValue } from '#primitives'
import { decodeReceipts, decodeRecord } from './records.ts'
import {
  type BlockName,
  blockByHashKey,
  blockKey,
  canonicalKey,
  headerKey,
  recordByHashKey,
  recordKey,
} from './schema.ts'
import type { LedgerPorts } from './types.ts'

type Store = Pick<KeyValue, 'get'>
type BlockPorts = Pick<LedgerPorts<never, never>, 'store' | 'decodeBlock'>

/** Encoded block; genesis and older versions had it at its hash alone. */
export async function readBlock(store: Store, name: BlockName): Promise<Bytes | undefined> {
  return (await store.get(blockKey(name))) ?? store.get(blockByHashKey(name.hash))
}

/** Encoded record of a block, as `readBlock`. */
export async function readRecord(store: Store, name: BlockName): Promise<Bytes | undefined> {
  return (await store.get(recordKey(name))) ?? store.get(recordByHashKey(name.hash))
}

/** Record of the irreversible block at a height. */
export async function recordAt(store: Store, height: bigint): Promise<Bytes | undefined> {
  const hash = await store.get(canonicalKey(height))
  return hash === undefined ? undefined : readRecord(store, { height, hash: bytesToHash(hash) })
}

/** Who has the hash alone finds the height in the header, which older versions stored within the block. */
async function nameOf(store: Store, hash: Hash): Promise<BlockName> {
  const entry = await store.get(headerKey(hash))
  return entry === undefined ? { height: 0n, hash } : decodeHeaderEntry(entry).header
}

/** Encoded header entry of a stored block, without reading the block. */
async function storedHeader(store: Store, hash: Hash): Promise<Bytes | undefined> {
  const stored = await store.get(headerKey(hash))
  if (stored !== undefined) return stored
  // Blocks of before headers were stored beside them, and genesis.
  const [block, record] = await Promise.all([store.get(blockByHashKey(hash)), store.get(recordByHashKey(hash))])
  if (block === undefined || record === undefined) return undefined
  const { header } = decodeBlock(block)
  const { termResult } = decodeRecord(record).summary
  return encodeHeaderEntry(termResult === undefined ? { header } : { header, producers: termResult })
}

/** A stored block with its receipts. */
export async function storedBlock(
  { store, decodeBlock: read = decodeBlock }: BlockPorts,
  hash: Hash,
): Promise<{ readonly block: Block; readonly receipts: readonly Receipt[] } | undefined> {
  const name = await nameOf(store, hash)
  const [block, record] = await Promise.all([readBlock(store, name), readRecord(store, name)])
  if (block === undefined || record === undefined) return undefined
  return { block: read(block), receipts: decodeReceipts(record) }
}

/** A stored block, its header entry or its body, encoded. Nothing is encoded anew. */
export async function storedPart(
  store: Store,
  part: 'block' | 'header' | 'body',
  hash: Hash,
): Promise<Bytes | undefined> {
  if (part === 'header') return storedHeader(store, hash)
  const block = await readBlock(store, await nameOf(store, hash))
  return block === undefined || part === 'block' ? block : bodyOf(block)
}
