import { constants } from 'node:fs'
import { type FileHandle, open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import {
  type Address,
  type Bytes,
  concatBytes,
  equalBytes,
  hexToBytes,
  type KeyValue,
  reader,
  sha256,
  utf8ToBytes,
  writer,
} from '#primitives'
import { NodeError } from '../errors.ts'

/** The newest thing a key signed. */
export interface LastSigned {
  readonly slot: bigint
  readonly height: bigint
  readonly digest: Bytes
}

/** What a key signed last, on disk before the signature exists. */
export interface SignedRecord {
  last(): LastSigned | undefined
  /** Resolves when it is on disk. After a failure every later save fails too: a disk that lied once is not asked again. */
  save(next: LastSigned): Promise<void>
  /** True when something on disk could not be read, so that what is known may not be the newest. */
  readonly doubtful: boolean
  close(): Promise<void>
}

const DIGEST_BYTES = 32
const CHECK_BYTES = 8
const RECORD_BYTES = 8 + 8 + DIGEST_BYTES + CHECK_BYTES
/** A longer file is replaced by one with the last record only. */
const MAX_RECORDS = 16_384

function encodeLast({ slot, height, digest }: LastSigned): Bytes {
  return writer().u64(slot).u64(height).fixed(digest).finish()
}

function decodeLast(bytes: Bytes): LastSigned {
  const input = reader(bytes)
  const last = { slot: input.u64(), height: input.u64(), digest: input.fixed(DIGEST_BYTES) }
  input.end()
  return last
}

/** A record in a key-value store, next to the chain. */
export async function openStoreRecord(store: KeyValue, address: Address): Promise<SignedRecord> {
  const key = utf8ToBytes(address)
  const stored = await store.get(key)
  let last = stored === undefined ? undefined : decodeLast(stored)
  return {
    doubtful: false,
    last: () => last,
    async save(next) {
      await store.write([{ put: [key, encodeLast(next)] }], { sync: true })
      last = next
    },
    close: async () => undefined,
  }
}

function checkOf(address: Address, body: Bytes): Bytes {
  return sha256(concatBytes(utf8ToBytes('aelf/signed/1'), hexToBytes(address), body)).slice(0, CHECK_BYTES)
}

interface Found {
  readonly last: LastSigned | undefined
  /** Bytes of the file that hold whole records. */
  readonly length: number
  readonly doubtful: boolean
}

/** The newest readable record. Records are appended in order, so the highest slot is the newest. */
function readRecords(address: Address, bytes: Bytes): Found {
  let last: LastSigned | undefined
  // A tail that is not a whole record was being written when the machine stopped: nothing was signed for it.
  const length = bytes.length - (bytes.length % RECORD_BYTES)
  let doubtful = false
  for (let at = 0; at < length; at += RECORD_BYTES) {
    const body = bytes.slice(at, at + RECORD_BYTES - CHECK_BYTES)
    const check = bytes.slice(at + RECORD_BYTES - CHECK_BYTES, at + RECORD_BYTES)
    if (!equalBytes(check, checkOf(address, body))) {
      doubtful = true
      continue
    }
    const one = decodeLast(body)
    if (last === undefined || one.slot >= last.slot) last = one
  }
  return { last, length, doubtful }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** A fresh file with at most one record in the place of the old one, whole at every moment. */
async function replaceFile(path: string, content: Bytes): Promise<FileHandle> {
  const fresh = `${path}.new`
  const handle = await open(fresh, constants.O_CREAT | constants.O_TRUNC | constants.O_WRONLY, 0o600)
  try {
    await handle.writeFile(content)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(fresh, path)
  await syncFolder(dirname(path))
  return open(path, constants.O_WRONLY | constants.O_APPEND, 0o600)
}

async function contentOf(path: string): Promise<Bytes> {
  try {
    const handle = await open(path, constants.O_RDONLY)
    try {
      return new Uint8Array(await handle.readFile())
    } finally {
      await handle.close()
    }
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return new Uint8Array(0)
    throw cause
  }
}

/**
 * A record in a file of its own, apart from the chain's store: a store that is removed, restored or damaged takes nothing with it.
 * Every record carries a check that names its key. Rejects with `node.storage` when the disk does.
 */
export async function openRecordFile(path: string, address: Address): Promise<SignedRecord> {
  const failure = (cause: unknown): NodeError =>
    new NodeError('node.storage', `The record of signed blocks ${path} cannot be written`, { cause })
  let handle: FileHandle
  let found: Found
  try {
    found = readRecords(address, await contentOf(path))
    const kept = found.last === undefined ? new Uint8Array(0) : sealed(address, found.last)
    handle = await replaceFile(path, kept)
  } catch (cause) {
    throw failure(cause)
  }
  let { last } = found
  let records = last === undefined ? 0 : 1
  let dead: NodeError | undefined
  return {
    doubtful: found.doubtful,
    last: () => last,
    async save(next) {
      if (dead !== undefined) throw dead
      try {
        if (records >= MAX_RECORDS) {
          await handle.close()
          handle = await replaceFile(path, sealed(address, next))
          records = 0
        } else {
          await handle.appendFile(sealed(address, next))
          await handle.datasync()
        }
      } catch (cause) {
        dead = failure(cause)
        throw dead
      }
      records += 1
      last = next
    },
    async close() {
      dead ??= new NodeError('node.stopped', 'The record of signed blocks is closed')
      await handle.close()
    },
  }
}

/** What a record file says now, without opening it for writing: for backups, also while a node writes it. Throws `node.storage`. */
export async function readRecordFile(path: string, address: Address): Promise<LastSigned | undefined> {
  try {
    return readRecords(address, await contentOf(path)).last
  } catch (cause) {
    throw new NodeError('node.storage', `The record of signed blocks ${path} cannot be read`, { cause })
  }
}

function sealed(address: Address, last: LastSigned): Bytes {
  const body = encodeLast(last)
  return concatBytes(body, checkOf(address, body))
}
