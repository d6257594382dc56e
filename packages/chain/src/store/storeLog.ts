import { type Bytes, type KeyValue, type LogRecord, type RecordLog, reader, writer } from '#primitives'

/** Height and number. Keys of former versions are longer, a height and an id, and hold one envelope without its length. */
const KEY_BYTES = 16
const LAST = new Uint8Array(41).fill(0xff)
const REMOVE_BATCH = 256

function heightKey(height: bigint): Bytes {
  return writer().u64(height).finish()
}

/** Records in a store: where the disk is one, or memory. What is no longer needed is one range of keys. */
export function createStoreLog(store: KeyValue): RecordLog {
  /** Number of the next record. */
  let next = 0n
  return {
    async read() {
      const records: LogRecord[] = []
      for (const [key, value] of await store.range({ gte: heightKey(0n), lt: LAST })) {
        const place = reader(key)
        const until = place.u64()
        const isWhole = key.length === KEY_BYTES
        records.push({ until, bytes: isWhole ? value : writer().bytes(value).finish() })
        if (!isWhole) continue
        const number = place.u64()
        if (number >= next) next = number + 1n
      }
      return records
    },
    async append(records) {
      const ops = records.map(({ until, bytes }) => {
        const key = writer().u64(until).u64(next).finish()
        next += 1n
        return { put: [key, bytes] } as const
      })
      await store.write(ops, { sync: true })
    },
    async forget(height) {
      // Until nothing is left: more may have come between two calls than one batch holds.
      for (let more = true; more; ) {
        const old = await store.range({ gte: heightKey(0n), lt: heightKey(height), limit: REMOVE_BATCH })
        more = old.length === REMOVE_BATCH
        if (old.length === 0) return
        await store.write(
          old.map(([key]) => ({ del: key })),
          { sync: false },
        )
      }
    },
    // The store is its owner's.
    close: async () => undefined,
  }
}
