import { ClassicLevel } from 'classic-level'
import type { Bytes, KeyValue, KvOp } from '#primitives'
import { StoreError } from './errors.ts'

const VIEW = { keyEncoding: 'view', valueEncoding: 'view' } as const

/** What is read in one go: entries by the thousand, one after the other took ten times as long. */
const READ_ENTRIES = 1000
const READ_BYTES = 1_048_576
/** What waits in memory before it becomes a file. Files are merged as they become many: with twice the size a third less work. */
const BUFFER_BYTES = 16_777_216

/** The addon answers with Buffers, whose `slice` shares memory; the port promises plain byte arrays. */
function plain(bytes: Uint8Array): Bytes {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
}

/** What the classes of `abstract-level` implement for its public batches. */
interface NativeBatch {
  _put(key: Uint8Array, value: Uint8Array): void
  _del(key: Uint8Array): void
  _clear(): void
  _write(options: { readonly sync: boolean }): Promise<void>
}

interface Implementation {
  _chainedBatch(): NativeBatch
}

/**
 * Writes batches without the public methods, which copy every operation twice over to look for hooks, encodings and sublevels: that took a
 * fifth of the time of importing a block. Keys and values are bytes already, and nobody listens. They go straight into a native batch,
 * which takes half as long as looking them up in objects. It is used again, because the database holds it until it is closed.
 */
function writerTo(level: ClassicLevel<Uint8Array, Uint8Array>): (ops: readonly KvOp[], sync: boolean) => Promise<void> {
  const spares: NativeBatch[] = []
  return async (ops, sync) => {
    // The public method says so itself.
    if (level.status !== 'open') throw new StoreError('store.write', 'The store is closed')
    if (ops.length === 0) return
    const batch = spares.pop() ?? (level as unknown as Implementation)._chainedBatch()
    try {
      for (const op of ops) {
        if ('put' in op) batch._put(op.put[0], op.put[1])
        else batch._del(op.del)
      }
      await batch._write({ sync })
    } finally {
      batch._clear()
      spares.push(batch)
    }
  }
}

/** A KeyValue on disk (LevelDB). A synced write is one atomic batch that is on the disk when its promise resolves. */
export async function openLevelStore(directory: string): Promise<KeyValue> {
  const level = new ClassicLevel<Uint8Array, Uint8Array>(directory, { ...VIEW, writeBufferSize: BUFFER_BYTES })
  try {
    await level.open()
  } catch (cause) {
    throw new StoreError('store.open', `Cannot open the store in ${directory}; is another node running on it?`, {
      cause,
    })
  }
  const writeAll = writerTo(level)
  return {
    async get(key) {
      const value = await level.get(key)
      return value === undefined ? undefined : plain(value)
    },
    async getMany(keys) {
      const values = await level.getMany([...keys])
      return values.map((value) => (value === undefined ? undefined : plain(value)))
    },
    async write(ops, options) {
      try {
        await writeAll(ops, options.sync)
      } catch (cause) {
        throw new StoreError('store.write', 'The store did not accept a batch', { cause })
      }
    },
    async range(options) {
      const found: [Bytes, Bytes][] = []
      const iterator = level.iterator({
        gte: options.gte,
        lt: options.lt,
        reverse: options.reverse ?? false,
        limit: options.limit ?? -1,
        highWaterMarkBytes: READ_BYTES,
      })
      try {
        for (;;) {
          const entries = await iterator.nextv(READ_ENTRIES)
          if (entries.length === 0) break
          for (const [key, value] of entries) found.push([plain(key), plain(value)])
        }
      } finally {
        await iterator.close()
      }
      return found
    },
    close() {
      return level.close()
    },
  }
}
