import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { type Bytes, concatBytes, equalBytes, type KeyValue, type KvOp, reader, sha256, writer } from '#primitives'
import { BUCKETS, openBucket } from '#store'
import { NodeError } from '../errors.ts'

const KEY = Uint8Array.of(1)
const CHECK_BYTES = 8

/** Counts the synced writes of a store inside it and beside it, so that a store that lost some is found out. */
export interface CommitCount {
  /** Writes that were acknowledged and are not in the store any more. */
  readonly lost: bigint
  /** Goes into the next synced batch. */
  next(): { readonly number: bigint; readonly op: KvOp }
  /** A batch is on the disk. */
  done(number: bigint): void
  close(): Promise<void>
}

const countBytes = (count: bigint): Bytes => writer().u64(count).finish()
const withCheck = (count: bigint): Bytes =>
  concatBytes(countBytes(count), sha256(countBytes(count)).slice(0, CHECK_BYTES))

async function readBeside(handle: FileHandle): Promise<bigint> {
  const bytes = new Uint8Array(await handle.readFile())
  if (bytes.length !== 8 + CHECK_BYTES) return 0n
  const count = reader(bytes.slice(0, 8)).u64()
  // Half-written when the power went: then it says nothing.
  return equalBytes(withCheck(count), bytes) ? count : 0n
}

/**
 * LevelDB leaves out what it cannot read of its log and opens all the same. The count beside the store is written, but not
 * flushed, after each flush of the store: it is never ahead of what was acknowledged. Rejects with `node.storage`.
 */
export async function openCommitCount(store: KeyValue, path: string): Promise<CommitCount> {
  const bucket = openBucket(store, 'commits')
  let handle: FileHandle
  let beside: bigint
  try {
    handle = await open(path, constants.O_RDWR | constants.O_CREAT, 0o600)
    beside = await readBeside(handle)
  } catch (cause) {
    throw new NodeError('node.storage', `${path} cannot be opened`, { cause })
  }
  const stored = await bucket.get(KEY)
  const inside = stored === undefined ? 0n : reader(stored).u64()
  let count = inside > beside ? inside : beside
  let writing: Promise<unknown> = Promise.resolve()
  let waiting = false
  let acknowledged = count
  return {
    lost: beside > inside ? beside - inside : 0n,
    next() {
      count += 1n
      const key = concatBytes(Uint8Array.of(BUCKETS.commits), KEY)
      return { number: count, op: { put: [key, countBytes(count)] } }
    },
    done(number) {
      if (number > acknowledged) acknowledged = number
      // One write waits at a time; it takes the newest count there is by then. It may fail: the store alone is what counts.
      if (waiting) return
      waiting = true
      writing = writing.then(async () => {
        waiting = false
        await handle.write(withCheck(acknowledged), 0, 8 + CHECK_BYTES, 0).catch(() => undefined)
      })
    },
    async close() {
      await writing
      await handle.close()
    },
  }
}
