import type { KeyValue } from '#primitives'

/** Kinds of the ledger's keys: where blocks and their records are, and where they were, at their hash without the height. */
const MOVED = [
  [11, 2],
  [12, 3],
] as const
const HASH_AT = 1 + 8

/** Turns the store of a ledger into what an earlier version would have left. */
export async function makeOlder(store: KeyValue): Promise<void> {
  for (const [now, before] of MOVED)
    for (const [key, value] of await store.range({ gte: Uint8Array.of(now), lt: Uint8Array.of(now + 1) })) {
      const moved = Uint8Array.of(before, ...key.subarray(HASH_AT))
      await store.write([{ del: key }, { put: [moved, value] }], { sync: true })
    }
}
