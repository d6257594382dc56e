import type { BlockEnvironment } from '#contracts/runtime'
import type { ExecutionInput } from '#executor'
import type { Bytes, Hash } from '#primitives'

/** A part of a block for a thread. Its bytes change hands, nothing of a transaction is copied as an object. */
export interface LaneTask {
  readonly id: number
  /** Collection that runs the block. */
  readonly era: Hash
  readonly env: BlockEnvironment
  readonly mode: ExecutionInput['mode']
  /** Number of the top node of the parent's state tree. */
  readonly tree: number
  readonly calls: Bytes
}

/** What a thread says: once that it can begin, then one answer to each task. */
export type LaneAnswer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly id: number; readonly bytes: Bytes }
  /** The contracts of the block are not to be had in the thread. */
  | { readonly kind: 'lacks'; readonly id: number }
  | { readonly kind: 'failed'; readonly id: number; readonly reason: string }
