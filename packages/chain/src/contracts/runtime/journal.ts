import type { ProducerEntry, ReceiptEvent, StateDiff, StateReader } from '#kernel'
import { type Address, assert, type Bytes, type Hash, writer } from '#primitives'
import type { Item } from './item.ts'
import type { PartialEntry, WrittenPart } from './partial.ts'
import type { Place } from './place.ts'
import { amountOf, bytesOf, END_OF_AMOUNTS, SAFE_AMOUNT, type Slot, same, type Value } from './slot.ts'

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

const NO_EVENTS: readonly ReceiptEvent[] = []
const NO_SIGNALS: readonly EngineSignal[] = []

class BlockJournal implements Journal {
  readonly counts = { reads: 0, writes: 0 }
  private readonly base: StateReader
  private readonly slots = new Map<Hash, Slot>()
  /** What changed since the last settlement: the slot, and beside it what it held before. Only so many count: an emptied list costs memory. */
  private readonly changed: Slot[] = []
  private readonly before: (Value | undefined)[] = []
  private changes = 0
  private events: ReceiptEvent[] = []
  private signals: EngineSignal[] = []
  /** What other parts of the block left where this journal never was: values only, until somebody looks closer. */
  private taken = new Map<Hash, Bytes | null>()
  private parts: WrittenPart[] = []
  private isHandedOver = false

  constructor(base: StateReader) {
    this.base = base
  }

  get(place: Place): Bytes | undefined {
    this.counts.reads++
    const slot = this.slotOf(place)
    slot.exact = true
    return bytesOf(this.current(slot)) ?? undefined
  }

  amount(place: Place): bigint {
    this.counts.reads++
    const slot = this.slotOf(place)
    slot.exact = true
    return this.amountIn(slot)
  }

  set(place: Place, value: Bytes | null): void {
    const slot = this.slotOf(place)
    slot.exact = true
    this.write(slot, value)
  }

  setAmount(place: Place, amount: bigint): void {
    const slot = this.slotOf(place)
    slot.exact = true
    this.writeAmount(slot, amount)
  }

  add(place: Place, delta: bigint): void {
    this.counts.reads++
    const slot = this.slotOf(place)
    const amount = this.amountIn(slot)
    if (!slot.exact) {
      if (delta < 0n) slot.down -= delta
      else slot.up += delta
    }
    this.writeAmount(slot, amount + delta)
  }

  emit(event: ReceiptEvent): void {
    this.events.push(event)
  }

  signal(signal: EngineSignal): void {
    this.signals.push(signal)
  }

  checkpoint(): Checkpoint {
    return { changes: this.changes, events: this.events.length, signals: this.signals.length }
  }

  rollback(to: Checkpoint): void {
    while (this.changes > to.changes) {
      this.changes -= 1
      const slot = this.changed[this.changes] as Slot
      slot.pending = this.before[this.changes]
    }
    this.events.length = to.events
    this.signals.length = to.signals
  }

  settle(): { readonly events: readonly ReceiptEvent[]; readonly signals: readonly EngineSignal[] } {
    const { events, signals } = this
    this.changes = 0
    // Most calls signal nothing, and many say nothing: lists for that are handed over once only.
    if (events.length > 0) this.events = []
    if (signals.length > 0) this.signals = []
    // One that grew has room for a dozen more, and receipts are kept for a while.
    return {
      events: events.length > 0 ? events.slice() : NO_EVENTS,
      signals: signals.length > 0 ? signals : NO_SIGNALS,
    }
  }

  diff(): StateDiff {
    if (this.isHandedOver) this.lookCloser()
    const diff = this.taken
    this.isHandedOver = this.parts.length > 0
    if (!this.isHandedOver) this.taken = new Map()
    for (const [path, slot] of this.slots) {
      const { pending } = slot
      if (pending === undefined) continue
      if (slot.changed ?? !same(pending, this.baseOf(slot))) diff.set(path, bytesOf(pending))
    }
    return diff
  }

  written(): ReadonlyMap<Hash, WrittenKey> {
    this.lookCloser()
    const written = new Map<Hash, WrittenKey>()
    for (const [path, slot] of this.slots) if (slot.pending !== undefined) written.set(path, slot.place)
    return written
  }

  partial(): PartialEntry[] {
    this.lookCloser()
    const entries: PartialEntry[] = []
    for (const slot of this.slots.values()) {
      const { place, pending, exact, up, down } = slot
      if (exact) {
        if (pending === undefined) continue
        const changed = !same(pending, this.baseOf(slot))
        entries.push({ place, kind: 'value', value: pending, changed })
      } else if (pending !== undefined || up !== 0n || down !== 0n) {
        const base = amountOf(place, this.baseOf(slot))
        const delta = pending === undefined ? undefined : amountOf(place, pending) - base
        entries.push({ place, kind: 'sum', value: pending, base, delta, up, down })
      }
    }
    return entries
  }

  take(part: WrittenPart): boolean {
    // A part names each entry once.
    const isFirst = this.taken.size === 0
    while (part.next()) {
      const value = this.slots.has(part.path) || (!isFirst && this.taken.has(part.path)) ? undefined : part.value()
      if (value !== undefined) this.taken.set(part.path, value)
      else if (!this.takeEntry(part.entry())) return false
    }
    this.parts.push(part)
    return true
  }

  /** Of everything that was taken, what there is to know. */
  private lookCloser(): void {
    const { parts } = this
    if (parts.length === 0) return
    if (this.isHandedOver) this.taken = new Map(this.taken)
    this.isHandedOver = false
    this.parts = []
    for (const part of parts) {
      part.rewind()
      while (part.next()) if (this.taken.delete(part.path) && !this.slots.has(part.path)) this.takeEntry(part.entry())
    }
  }

  private takeEntry(entry: PartialEntry): boolean {
    const slot = this.slotOf(entry.place)
    if (slot.exact) return false
    if (entry.kind === 'value') {
      if (slot.pending !== undefined || slot.up !== 0n || slot.down !== 0n) return false
      slot.exact = true
      slot.pending = entry.value
      slot.changed = entry.changed
      return true
    }
    // An amount above zero has one encoding; reading the base again would take longer than all else here.
    if (slot.base === undefined && entry.base > 0n) slot.base = entry.base
    const isShared = slot.pending !== undefined || slot.up !== 0n || slot.down !== 0n
    slot.up += entry.up
    slot.down += entry.down
    if (isShared && !this.isFree(slot)) return false
    // Additions that were all undone leave nothing, but whether they failed depended on what was there.
    if (entry.delta === undefined) return true
    const amount = this.amountIn(slot) + entry.delta
    slot.pending = amount === 0n ? null : amount
    return true
  }

  isOrderFree(): boolean {
    for (const slot of this.slots.values()) if ((slot.up !== 0n || slot.down !== 0n) && !this.isFree(slot)) return false
    return true
  }

  /** A step that fails below zero or above the end fails in one order and not in another: nothing must come near. */
  private isFree(slot: Slot): boolean {
    const base = amountOf(slot.place, this.baseOf(slot))
    return base >= slot.down && base + slot.up < END_OF_AMOUNTS
  }

  private slotOf(place: Place): Slot {
    const known = this.slots.get(place.path)
    if (known !== undefined) return known
    if (this.parts.length > 0 && this.taken.has(place.path)) {
      this.lookCloser()
      return this.slotOf(place)
    }
    const slot = { place, base: undefined, pending: undefined, exact: false, changed: undefined, up: 0n, down: 0n }
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

  private amountIn(slot: Slot): bigint {
    const value = this.current(slot)
    const amount = amountOf(slot.place, value)
    // The bytes of an amount are one encoding of it, so the amount stands for them from here on.
    if (slot.pending === undefined && value !== null && amount > 0n) slot.base = amount
    return amount
  }

  private writeAmount(slot: Slot, amount: bigint): void {
    if (amount < 0n) assert(false, `${slot.place.item.name} would fall below zero`)
    // The encoding refuses what is too large.
    if (amount >= SAFE_AMOUNT) writer().u256(amount)
    this.write(slot, amount === 0n ? null : amount)
  }

  private write(slot: Slot, value: Value): void {
    this.counts.writes++
    this.changed[this.changes] = slot
    this.before[this.changes] = slot.pending
    this.changes += 1
    slot.pending = value
    slot.changed = undefined
  }
}

export function createJournal(base: StateReader): Journal {
  return new BlockJournal(base)
}
