import { type Block, bodyOf, decodeBlock, encodeHeaderEntry, type Receipt } from '#kernel'
import type { Bytes, Hash, KeyValue } from '#primitives'
import { decodeReceipts, decodeRecord } from './records.ts'
import { blockKey, headerKey, recordKey } from './schema.ts'
import type { LedgerPorts } from './types.ts'

type Store = Pick<KeyValue, 'get'>
type BlockPorts = Pick<LedgerPorts<never, never>, 'store' | 'decodeBlock'>

/** Encoded header entry of a stored block, without reading the block. */
async function storedHeader(store: Store, hash: Hash): Promise<Bytes | undefined> {
  const stored = await store.get(headerKey(hash))
  if (stored !== undefined) return stored
  // Blocks of before headers were stored beside them, and genesis.
  const [block, record] = await Promise.all([store.get(blockKey(hash)), store.get(recordKey(hash))])
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
  const [block, record] = await Promise.all([store.get(blockKey(hash)), store.get(recordKey(hash))])
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
  const block = await store.get(blockKey(hash))
  return block === undefined || part === 'block' ? block : bodyOf(block)
}
