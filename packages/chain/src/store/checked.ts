import { type Bytes, bytesToHex, hashEach, type KeyValue, type KvOp, sha256 } from '#primitives'
import { StoreError } from './errors.ts'

const CHECK_BYTES = 8
/** Key of the mark that a store was checked from its first write on. No bucket and no namespace begins with this byte. */
const MARK: Bytes = Uint8Array.of(0xff)

/** Every value is hashed on its way in and out: memory for that costs more than hashing. No engine keeps what it hashes. */
const SCRATCH: Bytes = new Uint8Array(2048)

/** What a check is the hash of. */
function writeMessage(message: Bytes, key: Bytes, value: Bytes): Bytes {
  for (let at = 0; at < 4; at++) message[at] = key.length >>> (24 - 8 * at)
  message.set(key, 4)
  message.set(value, 4 + key.length)
  return message
}

/** Binds a value to its key, so that a value read from another place is found out as well. The first bytes count. */
function checkOf(key: Bytes, value: Bytes): Bytes {
  const length = 4 + key.length + value.length
  return sha256(
    writeMessage(length <= SCRATCH.length ? SCRATCH.subarray(0, length) : new Uint8Array(length), key, value),
  )
}

type Entry = readonly [key: Bytes, value: Bytes]

/** As `checkOf` for many values, which are hashed together; 32 bytes each. */
function checksOf(entries: readonly Entry[]): Bytes {
  let room = 0
  for (const [key, value] of entries) room += 4 + key.length + value.length
  const all = new Uint8Array(room)
  let at = 0
  const messages = entries.map(([key, value]) => {
    const end = at + 4 + key.length + value.length
    const message = writeMessage(all.subarray(at, end), key, value)
    at = end
    return message
  })
  const checks = new Uint8Array(entries.length * 32)
  hashEach(messages, checks)
  return checks
}

/** How a value is stored so that other bytes are found out. */
export interface Checks {
  seal(key: Bytes, value: Bytes): Bytes
  /** Inverse of `seal`. Throws `store.corrupt`. */
  open(key: Bytes, stored: Bytes): Bytes
  /** As these for many at once, in order; one by one when left out. */
  sealAll?(entries: readonly Entry[]): Bytes[]
  openAll?(entries: readonly Entry[]): Bytes[]
}

function sealed(value: Bytes, checks: Bytes, from: number): Bytes {
  const stored = new Uint8Array(value.length + CHECK_BYTES)
  stored.set(value)
  for (let at = 0; at < CHECK_BYTES; at++) stored[value.length + at] = checks[from + at] as number
  return stored
}

function isSealed(stored: Bytes, checks: Bytes, from: number): boolean {
  const length = stored.length - CHECK_BYTES
  if (length < 0) return false
  for (let at = 0; at < CHECK_BYTES; at++) if (stored[length + at] !== checks[from + at]) return false
  return true
}

const valueIn = (stored: Bytes): Bytes => stored.slice(0, stored.length < CHECK_BYTES ? 0 : stored.length - CHECK_BYTES)

function corrupt(key: Bytes, stored: Bytes): StoreError {
  return new StoreError('store.corrupt', 'The store holds something else than was written', {
    details: { key: bytesToHex(key), bytes: stored.length },
  })
}

/** Checks every value itself. Nodes of one process may share one that remembers what it has checked. */
export const plainChecks: Checks = {
  seal: (key, value) => sealed(value, checkOf(key, value), 0),
  open(key, stored) {
    const value = valueIn(stored)
    if (isSealed(stored, checkOf(key, value), 0)) return value
    throw corrupt(key, stored)
  },
  sealAll(entries) {
    const checks = checksOf(entries)
    return entries.map(([, value], index) => sealed(value, checks, index * 32))
  },
  openAll(entries) {
    const values = entries.map(([, stored]) => valueIn(stored))
    const checks = checksOf(entries.map(([key], index) => [key, values[index] as Bytes]))
    for (const [index, [key, stored]] of entries.entries())
      if (!isSealed(stored, checks, index * 32)) throw corrupt(key, stored)
    return values
  },
}

/**
 * Answers what was written, or rejects with `store.corrupt`. LevelDB checks its log when it opens and its tables not at all when they are
 * read, so a disk that gives back other bytes would be believed.
 */
export function createCheckedStore(inner: KeyValue, checks: Checks = plainChecks): KeyValue {
  const seal = (ops: readonly KvOp[]): KvOp[] => {
    const puts: Entry[] = []
    for (const op of ops) if ('put' in op) puts.push(op.put)
    const stored = checks.sealAll?.(puts) ?? puts.map(([key, value]) => checks.seal(key, value))
    let next = 0
    return ops.map((op) => ('put' in op ? { put: [op.put[0], stored[next++] as Bytes] } : op))
  }
  const openAll = (entries: readonly Entry[]): Bytes[] =>
    checks.openAll?.(entries) ?? entries.map(([key, stored]) => checks.open(key, stored))
  return {
    async get(key) {
      const stored = await inner.get(key)
      return stored === undefined ? undefined : checks.open(key, stored)
    },
    async getMany(keys) {
      const found = await inner.getMany(keys)
      const entries: Entry[] = []
      for (const [index, stored] of found.entries())
        if (stored !== undefined) entries.push([keys[index] as Bytes, stored])
      const values = openAll(entries)
      let next = 0
      return found.map((stored) => (stored === undefined ? undefined : values[next++]))
    },
    write: (ops, options) => inner.write(seal(ops), options),
    async range(options) {
      const found = await inner.range(options)
      const values = openAll(found)
      return found.map(([key], index): [Bytes, Bytes] => [key, values[index] as Bytes])
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
