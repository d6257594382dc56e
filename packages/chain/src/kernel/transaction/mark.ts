import type { Hash, Hex } from '#primitives'
import { markPrefix } from './typedData.ts'

/** A mark is accepted in a block at most this many blocks above the one it names. */
export const MARK_WINDOW = 64n

/** `tx.markExpired`: below the window · `tx.markFuture`: not below the block · `tx.markForeign`: names a block of another branch or chain. */
export type MarkFailure = 'tx.markExpired' | 'tx.markFuture' | 'tx.markForeign'

export interface Mark {
  readonly refHeight: bigint
  readonly refHash: Hex
}

/**
 * Checks a mark for inclusion at `height`; `hashAt` answers this branch's block hash at a height of the window. Undefined when valid.
 */
export function checkMark(
  mark: Mark,
  height: bigint,
  hashAt: (height: bigint) => Hash | undefined,
): MarkFailure | undefined {
  if (mark.refHeight >= height) return 'tx.markFuture'
  if (height - mark.refHeight > MARK_WINDOW) return 'tx.markExpired'
  const hash = hashAt(mark.refHeight)
  return hash !== undefined && markPrefix(hash) === mark.refHash ? undefined : 'tx.markForeign'
}

/** Mark that names a block. */
export function markOf(height: bigint, hash: Hash): Mark {
  return { refHeight: height, refHash: markPrefix(hash) }
}

/** Last height at which a transaction with this mark may be included. */
export function lastInclusionHeight(mark: Mark): bigint {
  return mark.refHeight + MARK_WINDOW
}
