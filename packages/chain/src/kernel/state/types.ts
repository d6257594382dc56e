import type { Bytes, Hash } from '#primitives'

export interface StateReader {
  get(path: Hash): Bytes | undefined
}

/** Changed paths of a block or transaction; null deletes. */
export type StateDiff = ReadonlyMap<Hash, Bytes | null>
