import type { Bytes, KeyValue, KvOp } from '#primitives'
import { StoreError } from './errors.ts'
import { orderedKey } from './keys.ts'

/** A store in memory that can lose power: what was not synced may be lost, batch by batch, never a part of a batch. */
export interface MemoryStore extends KeyValue {
  /** Drops all batches after the last synced one, except the first `keep` of them. The store stays usable. */
  crash(keep?: number): void
  /** Batches written after the last sync. */
  unsynced(): number
}

type Entries = Map<string, readonly [Bytes, Bytes]>

function apply(entries: Entries, ops: readonly KvOp[]): void {
  for (const op of ops) {
    if ('put' in op) entries.set(orderedKey(op.put[0]), op.put)
    else entries.delete(orderedKey(op.del))
  }
}

/** An empty in-memory KeyValue with the durability rules of a disk. */
export function createMemoryStore(): MemoryStore {
  let durable: Entries = new Map()
  let entries: Entries = durable
  let waiting: (readonly KvOp[])[] = []
  let sorted: string[] | undefined
  let closed = false

  const open = (): void => {
    if (closed) throw new StoreError('store.closed', 'The store is closed')
  }
  const lowerBound = (keys: readonly string[], key: string): number => {
    let low = 0
    let high = keys.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((keys[middle] ?? '') < key) low = middle + 1
      else high = middle
    }
    return low
  }

  return {
    async get(key) {
      open()
      return entries.get(orderedKey(key))?.[1]
    },
    async getMany(keys) {
      open()
      return keys.map((key) => entries.get(orderedKey(key))?.[1])
    },
    async write(ops, options) {
      open()
      if (options.sync) {
        // Syncing a log makes everything before it durable as well.
        for (const batch of waiting) apply(durable, batch)
        waiting = []
        apply(durable, ops)
        entries = durable
      } else {
        if (entries === durable) entries = new Map(durable)
        waiting.push(ops)
        apply(entries, ops)
      }
      sorted = undefined
    },
    async range(options) {
      open()
      sorted ??= [...entries.keys()].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
      const from = lowerBound(sorted, orderedKey(options.gte))
      const to = lowerBound(sorted, orderedKey(options.lt))
      const keys = sorted.slice(from, to)
      if (options.reverse === true) keys.reverse()
      const found: [Bytes, Bytes][] = []
      for (const key of options.limit === undefined ? keys : keys.slice(0, options.limit)) {
        const entry = entries.get(key)
        if (entry !== undefined) found.push([entry[0], entry[1]])
      }
      return found
    },
    async close() {
      closed = true
    },
    crash(keep = 0) {
      const survivors = waiting.slice(0, keep)
      durable = new Map(durable)
      for (const batch of survivors) apply(durable, batch)
      entries = durable
      waiting = []
      sorted = undefined
      closed = false
    },
    unsynced() {
      return waiting.length
    },
  }
}
