import { type FileHandle, mkdir, open, readdir, readFile, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { type Bytes, equalBytes, type LogRecord, type RecordLog, reader, sha256, writer } from '#primitives'
import { StoreError } from './errors.ts'

/** A file goes when nothing in it is needed: one that is larger, or would span more heights, takes no more. */
const FILE_BYTES = 16_777_216
const FILE_HEIGHTS = 64n
const CHECK_BYTES = 8
/** The length of what follows, twice, and its check. */
const CHECK_AT = 4 + 4
const HEAD_BYTES: number = CHECK_AT + CHECK_BYTES
const NAME = /^(\d{12})\.log$/

/** What is in a file that was not read yet may be needed at any height. */
const UNREAD: bigint = 2n ** 64n

interface LogFile {
  readonly path: string
  /** The height until which something in it is needed. */
  until: bigint
}

interface OpenFile extends LogFile {
  readonly handle: FileHandle
  /** Of its first record. */
  readonly from: bigint
  bytes: number
}

/** What is appended together, with a check over all of it: it is there as a whole or not at all. */
function encodeGroup(records: readonly LogRecord[]): Bytes {
  const out = writer()
  for (const { until, bytes } of records) out.u64(until).bytes(bytes)
  const content = out.finish()
  const group = new Uint8Array(HEAD_BYTES + content.length)
  const view = new DataView(group.buffer)
  view.setUint32(0, content.length)
  view.setUint32(4, ~content.length)
  group.set(sha256(content).subarray(0, CHECK_BYTES), CHECK_AT)
  group.set(content, HEAD_BYTES)
  return group
}

/**
 * The records of a file. Its last group may be a part of one, or room that was never filled: the machine stopped before it was acknowledged.
 * Anything else that does not fit its check was changed since. Throws `store.corrupt`.
 */
function decodeFile(path: string, file: Bytes): LogRecord[] {
  const records: LogRecord[] = []
  const view = new DataView(file.buffer, file.byteOffset, file.length)
  for (let at = 0; at + HEAD_BYTES <= file.length; ) {
    const length = view.getUint32(at)
    const end = at + HEAD_BYTES + length
    // The length itself may be half-written.
    if (view.getUint32(at + 4) !== ~length >>> 0 || end > file.length) break
    const content = file.slice(at + HEAD_BYTES, end)
    const check = file.subarray(at + CHECK_AT, at + HEAD_BYTES)
    if (!equalBytes(sha256(content).subarray(0, CHECK_BYTES), check)) {
      if (end === file.length) break
      throw new StoreError('store.corrupt', `${path} holds something else than was written`, { details: { path, at } })
    }
    const input = reader(content)
    while (input.remaining() > 0) records.push({ until: input.u64(), bytes: input.bytes() })
    at = end
  }
  return records
}

/** The height until which one of them is needed. */
const latest = (records: readonly LogRecord[]): bigint =>
  records.reduce((most, { until }) => (until > most ? until : most), 0n)

/** A new file is on the disk when its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

class FileLog implements RecordLog {
  private readonly folder: string
  /** Full ones, and those of earlier runs. */
  private files: LogFile[] = []
  private current: OpenFile | undefined
  private next: number
  private failure: StoreError | undefined
  private writing: Promise<void> = Promise.resolve()

  constructor(folder: string, names: readonly string[]) {
    this.folder = folder
    this.next = names.reduce((most, name) => Math.max(most, Number(NAME.exec(name)?.[1]) + 1), 0)
    this.files = names.map((name) => ({ path: join(folder, name), until: UNREAD }))
  }

  async read(): Promise<LogRecord[]> {
    const all: LogRecord[] = []
    for (const file of this.current === undefined ? this.files : [...this.files, this.current]) {
      const records = decodeFile(file.path, new Uint8Array(await readFile(file.path)))
      file.until = latest(records)
      for (const record of records) all.push(record)
    }
    return all
  }

  /** Writers that were woken by the same message come within one turn of the event loop. */
  gather(): Promise<void> {
    return new Promise((resolve) => {
      setImmediate(resolve)
    })
  }

  append(records: readonly LogRecord[]): Promise<void> {
    if (this.failure !== undefined) return Promise.reject(this.failure)
    this.writing = this.write(records)
    return this.writing
  }

  async forget(height: bigint): Promise<void> {
    const old = this.files.filter(({ until }) => until < height)
    this.files = this.files.filter(({ until }) => until >= height)
    for (const { path } of old) await rm(path, { force: true })
  }

  async close(): Promise<void> {
    const { writing } = this
    this.failure ??= new StoreError('store.closed', 'The log is closed')
    await writing.catch(() => undefined)
    await this.end()
  }

  private async write(records: readonly LogRecord[]): Promise<void> {
    try {
      const until = latest(records)
      if (this.current !== undefined && until >= this.current.from + FILE_HEIGHTS) await this.end()
      const file = (this.current ??= await this.begin(until))
      const group = encodeGroup(records)
      for (let at = 0; at < group.length; ) at += (await file.handle.write(group, at)).bytesWritten
      file.bytes += group.length
      if (until > file.until) file.until = until
      if (file.bytes >= FILE_BYTES) await this.end()
    } catch (cause) {
      // Nobody knows what is in the file now, and behind a part of a group nothing would be read.
      this.failure = new StoreError('store.write', 'The log did not accept records', { cause })
      throw this.failure
    }
  }

  private async begin(from: bigint): Promise<OpenFile> {
    const path = join(this.folder, `${String(this.next).padStart(12, '0')}.log`)
    this.next += 1
    // What is written is on the disk when a write ends: one call instead of two.
    const handle = await open(path, 'as', 0o600)
    await syncFolder(this.folder)
    return { path, handle, from, until: from, bytes: 0 }
  }

  private async end(): Promise<void> {
    const file = this.current
    if (file === undefined) return
    this.current = undefined
    this.files.push({ path: file.path, until: file.until })
    await file.handle.close()
  }
}

/**
 * Records in files that only grow, of one process, in a folder that is made where it is missing. A store would write them three more times before
 * they are no longer needed, with everything else it holds. Rejects with `store.open`.
 */
export async function openFileLog(given: string): Promise<RecordLog> {
  const folder = resolve(given)
  try {
    const made = await mkdir(folder, { recursive: true, mode: 0o700 })
    // From the innermost new folder up to the one that was there.
    for (let path = folder; made !== undefined && path.startsWith(made); path = dirname(path)) {
      await syncFolder(dirname(path))
    }
    return new FileLog(folder, (await readdir(folder)).filter((name) => NAME.test(name)).sort())
  } catch (cause) {
    throw new StoreError('store.open', `The log in ${folder} cannot be opened`, { cause })
  }
}
