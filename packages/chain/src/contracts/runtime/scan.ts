import { decodeFields, type StateReader } from '#kernel'
import { bytesToHex, type Hash } from '#primitives'
import type { FieldsOf } from './fields.ts'
import type { Item } from './item.ts'
import type { WrittenKey } from './journal.ts'

/** Lists live state. Paths are hashes, so it knows the entries whose keys were collected while they were written. */
export interface StateScan {
  entries<K extends string, V extends string>(item: Item<K, V>): readonly { key: FieldsOf<K>; value: FieldsOf<V> }[]
}

/** A scan of `state` over the keys collected from genesis and every block since. */
export function createStateScan(state: StateReader, keys: ReadonlyMap<Hash, WrittenKey>): StateScan {
  const ordered = [...keys].sort(([, a], [, b]) => (bytesToHex(a.key) < bytesToHex(b.key) ? -1 : 1))
  return {
    entries: (item) =>
      ordered.flatMap(([path, written]) => {
        if (written.item.address !== item.address || written.item.number !== item.number) return []
        const bytes = state.get(path)
        if (bytes === undefined) return []
        // Both were encoded with the item's own field lists.
        const key = decodeFields(item.key, written.key) as FieldsOf<never>
        const value = decodeFields(item.value, bytes) as FieldsOf<never>
        return [{ key, value }]
      }) as never,
  }
}
