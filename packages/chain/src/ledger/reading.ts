import { type Bytes, bytesToHash, type Hash, type KeyValue } from '#primitives'
import type { ChainTree } from './chainTree.ts'
import { storedPart } from './parts.ts'
import { canonicalKey, decodePlace, headerKey, transactionKey } from './schema.ts'
import type { TransactionPlace } from './types.ts'

/** A chain in memory with what is stored of it. */
interface Source<S> {
  readonly chain: ChainTree<S>
  readonly store: KeyValue
}

/** Hash of the canonical block at a height. */
export async function canonicalHash<S>({ chain, store }: Source<S>, height: bigint): Promise<Hash | undefined> {
  const node = chain.canonical(height)
  if (node !== undefined) return node.header.hash
  if (height < 0n || height > chain.root.header.height) return undefined
  const stored = await store.get(canonicalKey(height))
  return stored === undefined ? undefined : bytesToHash(stored)
}

/** Hashes of canonical blocks from a height on, in order, at most so many: the irreversible ones are read together. */
async function canonicalHashes<S>({ chain, store }: Source<S>, from: bigint, most: number): Promise<Hash[]> {
  const end = from + BigInt(most)
  const open = chain.root.header.height + 1n
  const lt = canonicalKey(end < open ? end : open)
  const stored = from < open ? await store.range({ gte: canonicalKey(from), lt }) : []
  const hashes = stored.map(([, value]) => bytesToHash(value))
  for (let height = from + BigInt(hashes.length); height < end; height += 1n) {
    const node = chain.canonical(height)
    if (node === undefined) break
    hashes.push(node.header.hash)
  }
  return hashes
}

/** Header entries of canonical blocks from a height on, as they are stored, in order, at most so many. */
export async function canonicalHeaders<S>(source: Source<S>, from: bigint, most: number): Promise<Bytes[]> {
  const { store } = source
  const hashes = await canonicalHashes(source, from, most)
  const headers: Bytes[] = []
  for (const [index, stored] of (await store.getMany(hashes.map(headerKey))).entries()) {
    // Older blocks have theirs within the block.
    const entry = stored ?? (await storedPart(store, 'header', hashes[index] as Hash))
    if (entry === undefined) break
    headers.push(entry)
  }
  return headers
}

/** Where a transaction is on the canonical chain. */
export async function placeOf<S>(source: Source<S>, id: Hash): Promise<TransactionPlace | undefined> {
  const node = source.chain.canonicalUnfinalised().find(({ ids }) => ids.has(id))
  if (node !== undefined) return { blockHash: node.header.hash, index: [...node.ids].indexOf(id) }
  const stored = await source.store.get(transactionKey(id))
  const place = stored === undefined ? undefined : decodePlace(stored)
  if (place === undefined || 'blockHash' in place) return place
  const blockHash = await canonicalHash(source, place.height)
  return blockHash === undefined ? undefined : { blockHash, index: place.index }
}
