import { type Bytes, concatBytes, type KeyValue, type KvOp } from '#primitives'
import { StoreError } from './errors.ts'
import { prefixEnd } from './keys.ts'

/** First byte of every key on disk: which room owns it. Numbers are never reused. */
export const BUCKETS = { ledger: 1, journal: 2, signer: 3, clock: 4, reveals: 5, commits: 6 } as const

const MAX_NAMESPACE = 0xffff

const keyOf = (op: KvOp): Bytes => ('put' in op ? op.put[0] : op.del)

/** What is a part of what, so that a part of a part moves keys once. */
const parts = new WeakMap<KeyValue, { readonly store: KeyValue; readonly prefix: Bytes }>()

function prefixed(store: KeyValue, prefix: Bytes): KeyValue {
  const whole = parts.get(store)
  if (whole !== undefined) return prefixed(whole.store, concatBytes(whole.prefix, prefix))
  const full = (key: Bytes): Bytes => concatBytes(prefix, key)
  const end = prefixEnd(prefix)
  if (end === undefined) throw new StoreError('store.range', 'A bucket prefix must have an end')
  /** All keys in one piece of memory: one for each would take longer than copying them. */
  const move = (ops: readonly KvOp[]): KvOp[] => {
    let room = 0
    for (const op of ops) room += prefix.length + keyOf(op).length
    const keys = new Uint8Array(room)
    let end = 0
    return ops.map((op) => {
      const key = keyOf(op)
      const from = end
      keys.set(prefix, from)
      keys.set(key, from + prefix.length)
      end = from + prefix.length + key.length
      const moved = keys.subarray(from, end)
      return 'put' in op ? { put: [moved, op.put[1]] } : { del: moved }
    })
  }
  const part: KeyValue = {
    get: (key) => store.get(full(key)),
    getMany: (keys) => store.getMany(keys.map(full)),
    write: (ops, options) => store.write(move(ops), options),
    async range(options) {
      const found = await store.range({ ...options, gte: full(options.gte), lt: full(options.lt) })
      return found.map(([key, value]) => [key.slice(prefix.length), value])
    },
    // Closing is for the owner of the whole store: a bucket is a view.
    close: async () => undefined,
  }
  parts.set(part, { store, prefix })
  return part
}

/** The part of a store that belongs to one room. Batches stay atomic; close() does nothing. */
export function openBucket(store: KeyValue, name: keyof typeof BUCKETS): KeyValue {
  return prefixed(store, Uint8Array.of(BUCKETS[name]))
}

/** One of up to 65,535 separate stores inside a store, for several nodes in one process. */
export function openNamespace(store: KeyValue, number: number): KeyValue {
  if (!Number.isInteger(number) || number < 0 || number >= MAX_NAMESPACE) {
    throw new StoreError('store.range', 'Namespace numbers are 0 to 65534', { details: { number } })
  }
  return prefixed(store, Uint8Array.of(number >>> 8, number & 0xff))
}
