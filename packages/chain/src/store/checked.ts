import { type Bytes, bytesToHex, type KeyValue, type KvOp, sha256 } from '#primitives'
import { StoreError } from './errors.ts'

const CHECK_BYTES = 8
/** Key of the mark that a store was checked from its first write on. No bucket and no namespace begins with this byte. */
const MARK: Bytes = Uint8Array.of(0xff)

/** Every value is hashed on its way in and out: memory for that costs more than hashing. No engine keeps what it hashes. */
const SCRATCH: Bytes = new Uint8Array(2048)

/** Binds a value to its key, so that a value read from another place is found out as well. The first bytes count. */
function checkOf(key: Bytes, value: Bytes): Bytes {
  const length = 4 + key.length + value.length
  const input = length <= SCRATCH.length ? SCRATCH.subarray(0, length) : new Uint8Array(length)
  for (let at = 0; at < 4; at++) input[at] = key.length >>> (24 - 8 * at)
  input.set(key, 4)
  input.set(value, 4 + key.length)
  return sha256(input)
}

/** How a value is stored so that other bytes are found out. */
export interface Checks {
  seal(key: Bytes, value: Bytes): Bytes
  /** Inverse of `seal`. Throws `store.corrupt`. */
  open(key: Bytes, stored: Bytes): Bytes
}

function seal(key: Bytes, value: Bytes): Bytes {
  const check = checkOf(key, value)
  const stored = new Uint8Array(value.length + CHECK_BYTES)
  stored.set(value)
  for (let at = 0; at < CHECK_BYTES; at++) stored[value.length + at] = check[at] as number
  return stored
}

function isSealed(stored: Bytes, length: number, check: Bytes): boolean {
  for (let at = 0; at < CHECK_BYTES; at++) if (stored[length + at] !== check[at]) return false
  return true
}

function open(key: Bytes, stored: Bytes): Bytes {
  const length = stored.length - CHECK_BYTES
  const value = stored.slice(0, Math.max(length, 0))
  if (length >= 0 && isSealed(stored, length, checkOf(key, value))) return value
  throw new StoreError('store.corrupt', 'The store holds something else than was written', {
    details: { key: bytesToHex(key), bytes: stored.length },
  })
}

/** Checks every value itself. Nodes of one process may share one that remembers what it has checked. */
export const plainChecks: Checks = { seal, open }

/**
 * Answers what was written, or rejects with `store.corrupt`. LevelDB checks its log when it opens and its tables not at all when they are
 * read, so a disk that gives back other bytes would be believed.
 */
export function createCheckedStore(inner: KeyValue, checks: Checks = plainChecks): KeyValue {
  const sealed = (op: KvOp): KvOp => ('put' in op ? { put: [op.put[0], checks.seal(op.put[0], op.put[1])] } : op)
  return {
    async get(key) {
      const stored = await inner.get(key)
      return stored === undefined ? undefined : checks.open(key, stored)
    },
    write: (ops, options) => inner.write(ops.map(sealed), options),
    async range(options) {
      const found = await inner.range(options)
      return found.map(([key, stored]): [Bytes, Bytes] => [key, checks.open(key, stored)])
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
