import type { BlockEnvironment } from '#contracts/runtime'
import type { ExecutionInput } from '#executor'
import type { Hash } from '#primitives'

/** A block of which a thread executes a part. Its calls come by memory, one by one. */
export interface LaneTask {
  readonly id: number
  /** Collection that runs the block. */
  readonly era: Hash
  readonly env: BlockEnvironment
  readonly mode: ExecutionInput['mode']
  /** Number of the top node of the parent's state tree. */
  readonly tree: number
}

/** What a thread says: once that it can begin, then of a task that it could not do, or whose answer was not there when it was looked for. */
export type LaneMessage =
  | { readonly kind: 'ready' }
  /** The answer stands in memory. */
  | { readonly kind: 'done'; readonly id: number }
  /** The contracts of the block are not to be had in the thread. */
  | { readonly kind: 'lacks'; readonly id: number }
  | { readonly kind: 'failed'; readonly id: number; readonly reason: string }
