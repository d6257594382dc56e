import type { BlockEnvironment } from '#contracts/runtime'
import type { ExecutionInput, LaneAnswer } from '#executor'
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

/** What a thread says: once that it can begin, then one answer to each task. */
export type LaneMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly id: number; readonly answer: LaneAnswer }
  /** The contracts of the block are not to be had in the thread. */
  | { readonly kind: 'lacks'; readonly id: number }
  | { readonly kind: 'failed'; readonly id: number; readonly reason: string }

/** Memory between the node and one thread. */
export interface LaneMemory {
  readonly calls: SharedArrayBuffer
  readonly words: SharedArrayBuffer
}

/** Room for the calls of one block: more than half of the largest one. */
const CALL_BYTES = 4_194_304

/** Word: up to where calls stand, twice, and one more when no more come. */
export const GIVEN = 0
/** Word: how many calls are done. */
export const DONE = 1
/** Word: whether the thread sleeps. */
export const SLEEPS = 2

export function createLaneMemory(): LaneMemory {
  return { calls: new SharedArrayBuffer(CALL_BYTES), words: new SharedArrayBuffer(12) }
}
