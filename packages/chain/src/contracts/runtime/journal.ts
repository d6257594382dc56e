import type { ProducerEntry, ReceiptEvent, StateDiff } from '#kernel'
import type { Address, Bytes, Hash } from '#primitives'
import type { Item } from './item.ts'
import type { PartialEntry, WrittenPart } from './partial.ts'
import type { Place } from './place.ts'

/** What a contract tells the consensus engine. */
export type EngineSignal =
  | { readonly kind: 'evict'; readonly address: Address }
  | { readonly kind: 'term'; readonly producers: readonly ProducerEntry[] }

/** The key behind a path, so that written state can be listed and not only looked up. */
export interface WrittenKey {
  readonly item: Item
  readonly key: Bytes
}

/** A point to return to. */
export interface Checkpoint {
  readonly changes: number
  readonly events: number
  readonly signals: number
}

/**
 * Uncommitted state over a base. Values go in and out as bytes and must not be changed afterwards.
 * Rolling back to a checkpoint undoes values, events and signals, never the access counts.
 */
export interface Journal {
  /** Counted as one read, as is `amount`. */
  get(place: Place): Bytes | undefined
  set(place: Place, value: Bytes | null): void
  /** The value of a counter, zero when absent. */
  amount(place: Place): bigint
  /** Throws an assertion below zero, `codec.range` above 256 bits. */
  setAmount(place: Place, amount: bigint): void
  /** One read and one write; throws as `setAmount`. */
  add(place: Place, delta: bigint): void
  emit(event: ReceiptEvent): void
  signal(signal: EngineSignal): void
  checkpoint(): Checkpoint
  rollback(to: Checkpoint): void
  /** Forgets the way back: what was recorded so far stays. Events and signals are handed over. */
  settle(): { readonly events: readonly ReceiptEvent[]; readonly signals: readonly EngineSignal[] }
  /** Everything settled or pending that differs from the base; equal values are left out. */
  diff(): StateDiff
  /** Makes most of the list of `diff` now. What is touched later is looked at again. */
  listAhead(): void
  written(): ReadonlyMap<Hash, WrittenKey>
  /** Everything written, additions as sums, so that another journal can take it. */
  partial(): PartialEntry[]
  /**
   * Takes what another part of the same block left. False when both parts touched an entry and the order matters, or could have mattered
   * on the way: then neither journal is of use.
   */
  take(part: WrittenPart): boolean
  /** Whether all that was only added to would have come to the same in any order. */
  isOrderFree(): boolean
  readonly counts: { reads: number; writes: number }
}
