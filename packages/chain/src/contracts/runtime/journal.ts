import type { ProducerEntry, ReceiptEvent, StateDiff, StateReader } from '#kernel'
import { type Address, type Bytes, equalBytes, type Hash } from '#primitives'
import type { Item } from './item.ts'

/** What a contract tells the consensus engine. */
export type EngineSignal =
  | { readonly kind: 'evict'; readonly address: Address }
  | { readonly kind: 'term'; readonly producers: readonly ProducerEntry[] }

/** The key behind a path, so that written state can be listed and not only looked up. */
export interface WrittenKey {
  readonly item: Item
  readonly key: Bytes
}

/** Where an entry lives. Addresses repeat within a block, and finding a path costs two hashes' worth of work. */
export interface Place extends WrittenKey {
  readonly path: Hash
  /** The entry's partition as `AccessSet` names it. */
  readonly partition: string
}

/** A point to return to. */
export interface Checkpoint {
  readonly changes: number
  readonly events: number
  readonly signals: number
}

interface Change {
  readonly path: Hash
  readonly before: Bytes | null | undefined
}

/**
 * Uncommitted state over a base. Values go in and out as bytes and must not be changed afterwards.
 * Rolling back to a checkpoint undoes values, events and signals, never the access counts.
 */
export interface Journal extends StateReader {
  set(place: Place, value: Bytes | null): void
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
  /** Places found so far, by item and key values. */
  readonly places: Map<string, Place>
}

const same = (a: Bytes | null, b: Bytes | null): boolean => (a === null || b === null ? a === b : equalBytes(a, b))

export function createJournal(base: StateReader): Journal {
  const values = new Map<Hash, Bytes | null>()
  const keys = new Map<Hash, WrittenKey>()
  const changes: Change[] = []
  let events: ReceiptEvent[] = []
  let signals: EngineSignal[] = []
  const counts = { reads: 0, writes: 0 }

  const rollback = (to: Checkpoint): void => {
    while (changes.length > to.changes) {
      const change = changes.pop()
      if (change === undefined) break
      if (change.before === undefined) values.delete(change.path)
      else values.set(change.path, change.before)
    }
    events.length = to.events
    signals.length = to.signals
  }

  return {
    counts,
    places: new Map(),
    get: (path) => {
      counts.reads++
      const pending = values.get(path)
      return pending === undefined ? base.get(path) : (pending ?? undefined)
    },
    set: (place, value) => {
      const { path } = place
      counts.writes++
      changes.push({ path, before: values.get(path) })
      values.set(path, value)
      keys.set(path, place)
    },
    emit: (event) => void events.push(event),
    signal: (signal) => void signals.push(signal),
    checkpoint: () => ({ changes: changes.length, events: events.length, signals: signals.length }),
    rollback,
    settle: () => {
      const done = { events, signals }
      changes.length = 0
      events = []
      signals = []
      return done
    },
    diff: () => new Map([...values].filter(([path, value]) => !same(value, base.get(path) ?? null))),
    written: () => new Map([...keys].filter(([path]) => values.has(path))),
  }
}
