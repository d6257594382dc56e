import { type Bytes, bytesToHash, equalBytes, type Hash, hexToBytes, reader, writer, ZERO_HASH } from '#primitives'
import { statePath, systemAddress } from '../state/path.ts'
import type { StateReader } from '../state/types.ts'

/** Number of the contract that knows which collection is in force. Fixed for ever, as is its item 1. */
export const COLLECTION_CONTRACT = 5
export const CURRENT_COLLECTION_ITEM = 1

/** What a state says about the code that runs on it. */
export interface CurrentCollection {
  readonly hash: Hash
  /** First block that runs with it; 0 for the one of genesis. */
  readonly since: bigint
  /** What it replaced; zero for the one of genesis. */
  readonly former: Hash
}

/** Where every state, of whatever collection, has its `CurrentCollection`. */
export const currentCollectionPath: Hash = statePath(
  systemAddress(COLLECTION_CONTRACT),
  CURRENT_COLLECTION_ITEM,
  new Uint8Array(0),
)

/** hash (32), since (u64), former (32). */
export function encodeCurrentCollection({ hash, since, former }: CurrentCollection): Bytes {
  return writer().fixed(hexToBytes(hash)).u64(since).fixed(hexToBytes(former)).finish()
}

/** Inverse of `encodeCurrentCollection`. Throws `CodecError`. */
export function decodeCurrentCollection(bytes: Bytes): CurrentCollection {
  const input = reader(bytes)
  const current = {
    hash: bytesToHash(input.fixed(32)),
    since: input.u64(),
    former: bytesToHash(input.fixed(32)),
  }
  input.end()
  return current
}

/** Asked for with every transaction, and hardly ever another one. */
let last: { readonly bytes: Bytes; readonly current: CurrentCollection } | undefined

/** The entry of a state; undefined where a chain has no such contract. */
export function readCurrentCollection(state: StateReader): CurrentCollection | undefined {
  const bytes = state.get(currentCollectionPath)
  if (bytes === undefined) return undefined
  if (last === undefined || !equalBytes(last.bytes, bytes)) last = { bytes, current: decodeCurrentCollection(bytes) }
  return last.current
}

/**
 * Hash of the collection that a height runs with, by the state after the block before it. A state that was left by the last block
 * of a collection names the next one already, and is still read with the one that made it: `former`.
 */
export function collectionAt(current: CurrentCollection, height: bigint): Hash {
  return height >= current.since || current.former === ZERO_HASH ? current.hash : current.former
}
