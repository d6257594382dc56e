import type { Bytes, Hash } from '#primitives'
import type { Place } from './place.ts'
import type { Value } from './slot.ts'

/** What a part of a block left in one entry, for the journal of the whole block. */
export type PartialEntry = { readonly place: Place } & (
  | {
      readonly kind: 'value'
      readonly value: Value
      /** Whether it differs from the base. */
      readonly changed: boolean
    }
  | {
      readonly kind: 'sum'
      /** What it came to; undefined when all additions were undone. */
      readonly value: Value | undefined
      /** The amount before the block. */
      readonly base: bigint
      readonly delta: bigint | undefined
      readonly up: bigint
      readonly down: bigint
    }
)

/** All that a part of a block left, read entry by entry, and again if need be. */
export interface WrittenPart {
  /** Goes to the next entry; false after the last. */
  next(): boolean
  rewind(): void
  readonly path: Hash
  /** What the entry holds now, which differs from the base; undefined where that is not all a journal has to know that never touched it. */
  value(): Bytes | null | undefined
  entry(): PartialEntry
}
