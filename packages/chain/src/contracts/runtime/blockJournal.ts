import type { ReceiptEvent, StateDiff, StateReader } from '#kernel'
import { assert, type Bytes, type Hash, writer } from '#primitives'
import type { Checkpoint, EngineSignal, Journal, WrittenKey } from './journal.ts'
import type { PartialEntry, WrittenPart } from './partial.ts'
import type { Place } from './place.ts'
import { amountOf, bytesOf, END_OF_AMOUNTS, SAFE_AMOUNT, type Slot, same, type Value } from './slot.ts'

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
  /**
   * Values that differ from the base: what other parts of the block left where this journal never was, until somebody looks closer, and
   * what of its own is listed.
   */
  private values = new Map<Hash, Bytes | null>()
  private parts: WrittenPart[] = []
  private isHandedOver = false
  /** What was touched since the own values were listed; undefined while they are not. */
  private unlisted: Slot[] | undefined

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
      this.unlisted?.push(slot)
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
    this.list(this.unlisted ?? this.slots.values())
    const diff = this.values
    this.unlisted = undefined
    this.isHandedOver = this.parts.length > 0
    if (!this.isHandedOver) this.values = new Map()
    return diff
  }

  listAhead(): void {
    this.list(this.slots.values())
    this.unlisted = []
  }

  private list(slots: Iterable<Slot>): void {
    if (this.isHandedOver) this.lookCloser()
    for (const slot of slots) {
      const { pending, place } = slot
      const isChanged = pending !== undefined && (slot.changed ?? !same(pending, this.baseOf(slot)))
      if (isChanged) this.values.set(place.path, bytesOf(pending))
      else this.values.delete(place.path)
    }
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
    if (this.isHandedOver) this.lookCloser()
    // A part names each entry once.
    const isFirst = this.parts.length === 0
    while (part.next()) {
      const value = this.slots.has(part.path) || (!isFirst && this.values.has(part.path)) ? undefined : part.value()
      if (value !== undefined) this.values.set(part.path, value)
      else if (!this.takeEntry(part.entry())) return false
    }
    this.parts.push(part)
    return true
  }

  /** Of everything that was taken, what there is to know. */
  private lookCloser(): void {
    const { parts } = this
    if (parts.length === 0) return
    if (this.isHandedOver) this.values = new Map(this.values)
    this.isHandedOver = false
    this.parts = []
    for (const part of parts) {
      part.rewind()
      while (part.next()) if (!this.slots.has(part.path) && this.values.delete(part.path)) this.takeEntry(part.entry())
    }
  }

  private takeEntry(entry: PartialEntry): boolean {
    const slot = this.slotOf(entry.place)
    if (slot.exact) return false
    this.unlisted?.push(slot)
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
    if (this.parts.length > 0 && this.values.has(place.path)) {
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
    this.unlisted?.push(slot)
  }
}

export function createJournal(base: StateReader): Journal {
  return new BlockJournal(base)
}
