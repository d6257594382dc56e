import type { ProducerEntry, ReceiptEvent, StateDiff, StateReader } from '#kernel'
import { type Address, assert, type Bytes, equalBytes, type Hash, reader, writer } from '#primitives'
import type { Item } from './item.ts'
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

/** A stored value: bytes, a counter's amount above zero, or nothing. */
type Value = Bytes | bigint | null

const bytesOf = (value: Value): Bytes | null => (typeof value === 'bigint' ? writer().u256(value).finish() : value)

/** An entry as a block sees it. */
interface Slot {
  readonly place: Place
  /** Before the block; undefined while it was not asked for. */
  base: Value | undefined
  /** Written by the block; undefined when it was not. */
  pending: Value | undefined
}

/** Most values of a counter are far below. */
const SAFE_AMOUNT = 1n << 255n

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
  emit(event: ReceiptEvent): void
  signal(signal: EngineSignal): void
  checkpoint(): Checkpoint
  rollback(to: Checkpoint): void
  /** Forgets the way back: what was recorded so far stays. Events and signals are handed over. */
  settle(): { events: ReceiptEvent[]; signals: EngineSignal[] }
  /** Everything settled or pending that differs from the base; equal values are left out. */
  diff(): StateDiff
  written(): ReadonlyMap<Hash, WrittenKey>
  readonly counts: { reads: number; writes: number }
}

function same(a: Value, b: Value): boolean {
  if (a === null || b === null) return a === b
  if (typeof a === 'bigint' && typeof b === 'bigint') return a === b
  return equalBytes(bytesOf(a) as Bytes, bytesOf(b) as Bytes)
}

function amountOf({ item }: Place, value: Value): bigint {
  if (value === null) return 0n
  assert(item.counter, `${item.name} does not hold a counter`)
  if (typeof value === 'bigint') return value
  // A counter's value is one uint256, see `defineCounter`.
  const input = reader(value)
  const amount = input.u256()
  input.end()
  return amount
}

class BlockJournal implements Journal {
  readonly counts = { reads: 0, writes: 0 }
  private readonly base: StateReader
  private readonly slots = new Map<Hash, Slot>()
  /** What changed since the last settlement: the slot, and beside it what it held before. */
  private readonly changed: Slot[] = []
  private readonly before: (Value | undefined)[] = []
  private events: ReceiptEvent[] = []
  private signals: EngineSignal[] = []

  constructor(base: StateReader) {
    this.base = base
  }

  get(place: Place): Bytes | undefined {
    this.counts.reads++
    return bytesOf(this.current(this.slotOf(place))) ?? undefined
  }

  amount(place: Place): bigint {
    this.counts.reads++
    const slot = this.slotOf(place)
    const value = this.current(slot)
    const amount = amountOf(place, value)
    // The bytes of an amount are one encoding of it, so the amount stands for them from here on.
    if (slot.pending === undefined && value !== null && amount > 0n) slot.base = amount
    return amount
  }

  set(place: Place, value: Bytes | null): void {
    this.write(place, value)
  }

  setAmount(place: Place, amount: bigint): void {
    if (amount < 0n) assert(false, `${place.item.name} would fall below zero`)
    // The encoding refuses what is too large.
    if (amount >= SAFE_AMOUNT) writer().u256(amount)
    this.write(place, amount === 0n ? null : amount)
  }

  emit(event: ReceiptEvent): void {
    this.events.push(event)
  }

  signal(signal: EngineSignal): void {
    this.signals.push(signal)
  }

  checkpoint(): Checkpoint {
    return { changes: this.changed.length, events: this.events.length, signals: this.signals.length }
  }

  rollback(to: Checkpoint): void {
    while (this.changed.length > to.changes) {
      const slot = this.changed.pop() as Slot
      slot.pending = this.before.pop()
    }
    this.events.length = to.events
    this.signals.length = to.signals
  }

  settle(): { events: ReceiptEvent[]; signals: EngineSignal[] } {
    const done = { events: this.events, signals: this.signals }
    this.changed.length = 0
    this.before.length = 0
    this.events = []
    this.signals = []
    return done
  }

  diff(): StateDiff {
    const diff = new Map<Hash, Bytes | null>()
    for (const [path, slot] of this.slots) {
      if (slot.pending !== undefined && !same(slot.pending, this.baseOf(slot))) diff.set(path, bytesOf(slot.pending))
    }
    return diff
  }

  written(): ReadonlyMap<Hash, WrittenKey> {
    const written = new Map<Hash, WrittenKey>()
    for (const [path, slot] of this.slots) if (slot.pending !== undefined) written.set(path, slot.place)
    return written
  }

  private slotOf(place: Place): Slot {
    const known = this.slots.get(place.path)
    if (known !== undefined) return known
    const slot = { place, base: undefined, pending: undefined }
    this.slots.set(place.path, slot)
    return slot
  }

  private current(slot: Slot): Value {
    return slot.pending === undefined ? this.baseOf(slot) : slot.pending
  }

  private baseOf(slot: Slot): Value {
    if (slot.base === undefined) slot.base = this.base.get(slot.place.path) ?? null
    return slot.base
  }

  private write(place: Place, value: Value): void {
    const slot = this.slotOf(place)
    this.counts.writes++
    this.changed.push(slot)
    this.before.push(slot.pending)
    slot.pending = value
  }
}

export function createJournal(base: StateReader): Journal {
  return new BlockJournal(base)
}
