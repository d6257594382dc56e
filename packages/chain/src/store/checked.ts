import { type Bytes, bytesToHex, concatBytes, equalBytes, type KeyValue, type KvOp, sha256, writer } from '#primitives'
import { StoreError } from './errors.ts'

const CHECK_BYTES = 8
/** Key of the mark that a store was checked from its first write on. No bucket and no namespace begins with this byte. */
const MARK: Bytes = Uint8Array.of(0xff)

/** Binds a value to its key, so that a value read from another place is found out as well. */
function checkOf(key: Bytes, value: Bytes): Bytes {
  return sha256(concatBytes(writer().u32(key.length).finish(), key, value)).slice(0, CHECK_BYTES)
}

function sealed(op: KvOp): KvOp {
  if (!('put' in op)) return op
  const [key, value] = op.put
  return { put: [key, concatBytes(value, checkOf(key, value))] }
}

function opened(key: Bytes, stored: Bytes): Bytes {
  const length = stored.length - CHECK_BYTES
  const value = stored.slice(0, Math.max(length, 0))
  if (length >= 0 && equalBytes(stored.slice(length), checkOf(key, value))) return value
  throw new StoreError('store.corrupt', 'The store holds something else than was written', {
    details: { key: bytesToHex(key), bytes: stored.length },
  })
}

/**
 * Answers what was written, or rejects with `store.corrupt`. LevelDB checks its log when it opens and its tables not at all when they are
 * read, so a disk that gives back other bytes would be believed.
 */
export function createCheckedStore(inner: KeyValue): KeyValue {
  return {
    async get(key) {
      const stored = await inner.get(key)
      return stored === undefined ? undefined : opened(key, stored)
    },
    write: (ops, options) => inner.write(ops.map(sealed), options),
    async range(options) {
      const found = await inner.range(options)
      return found.map(([key, stored]): [Bytes, Bytes] => [key, opened(key, stored)])
    },
    close: () => inner.close(),
  }
}

/** A checked view of a new store, or of one that has been checked from its first write on; an older store as it is. */
export async function openCheckedStore(inner: KeyValue): Promise<KeyValue> {
  if ((await inner.get(MARK)) !== undefined) return createCheckedStore(inner)
  const [any] = await inner.range({ gte: Uint8Array.of(0), lt: MARK, limit: 1 })
  if (any !== undefined) return inner
  await inner.write([{ put: [MARK, Uint8Array.of(1)] }], { sync: true })
  return createCheckedStore(inner)
}
