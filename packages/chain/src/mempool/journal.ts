import { type Bytes, type KeyValue, type KvOp, reader, writer } from '#primitives'
import { MARK_WINDOW } from './limits.ts'

const HEIGHT_BYTES = 8
/** Height and number. Keys of former versions are longer, a height and an id, and hold one envelope each. */
const KEY_BYTES = 16
const LAST = new Uint8Array(41).fill(0xff)
const REMOVE_BATCH = 256
/** A record takes no more once it has this many bytes, so that reading a few for their removal stays cheap. */
const RECORD_BYTES: number = 64 * 1024

function heightKey(height: bigint): Bytes {
  return writer().u64(height).finish()
}

/** A transaction to keep until its mark has expired. */
export interface Kept {
  readonly refHeight: bigint
  readonly envelope: Bytes
}

interface Waiting {
  readonly kept: readonly Kept[]
  readonly done: () => void
  readonly failed: (cause: unknown) => void
}

function* envelopesOf(key: Bytes, value: Bytes): IterableIterator<Bytes> {
  if (key.length !== KEY_BYTES) {
    yield value
    return
  }
  const input = reader(value)
  while (input.remaining() > 0) yield input.bytes()
}

/**
 * Accepted transactions on disk. What arrives while a record is being written shares the next one, so that a crowd costs one key and one
 * flush. Records are ordered by the highest mark in them: what can no longer enter any block is one range. Entries stay after
 * inclusion, since a reorganisation may need them until the mark has expired below finality.
 */
export class Journal {
  private readonly store: KeyValue
  private queue: Waiting[] = []
  private draining = false
  /** Number of the next record. */
  private next = 0n
  private cleanedBelow = 0n

  constructor(store: KeyValue) {
    this.store = store
  }

  /** Resolves when the transactions are on disk. */
  add(kept: readonly Kept[]): Promise<void> {
    return new Promise((done, failed) => {
      this.queue.push({ kept, done, failed })
      if (this.draining) return
      this.draining = true
      void this.drain()
    })
  }

  /** Everything that is still kept. Call it before the first `add` after a start: records go on being numbered from there. */
  async load(): Promise<Bytes[]> {
    const entries = await this.store.range({ gte: heightKey(0n), lt: LAST })
    for (const [key] of entries) {
      if (key.length !== KEY_BYTES) continue
      const number = reader(key.subarray(HEIGHT_BYTES)).u64()
      if (number >= this.next) this.next = number + 1n
    }
    return entries.flatMap(([key, value]) => [...envelopesOf(key, value)])
  }

  /** Forgets what cannot be in a block after the finalised one. */
  async clean(finalizedHeight: bigint): Promise<void> {
    const below = finalizedHeight - MARK_WINDOW
    if (below < this.cleanedBelow + 16n) return
    this.cleanedBelow = below
    // Until nothing is left: more may be accepted between two calls than one batch holds.
    for (let more = true; more; ) {
      const old = await this.store.range({ gte: heightKey(0n), lt: heightKey(below), limit: REMOVE_BATCH })
      more = old.length === REMOVE_BATCH
      if (old.length === 0) return
      await this.store.write(
        old.map(([key]) => ({ del: key })),
        { sync: false },
      )
    }
  }

  private async drain(): Promise<void> {
    // Who was woken by the same message shares the record.
    await Promise.resolve()
    while (this.queue.length > 0) await this.writeAll(this.queue.splice(0))
    this.draining = false
  }

  private async writeAll(waiting: readonly Waiting[]): Promise<void> {
    const ops: KvOp[] = []
    const kept = waiting.flatMap((one) => one.kept)
    for (let from = 0; from < kept.length; ) {
      const { op, to } = this.record(kept, from)
      ops.push(op)
      from = to
    }
    try {
      await this.store.write(ops, { sync: true })
      for (const { done } of waiting) done()
    } catch (cause) {
      for (const { failed } of waiting) failed(cause)
    }
  }

  /** One record of those that wait, and the first that has no more room in it. */
  private record(waiting: readonly Kept[], from: number): { readonly op: KvOp; readonly to: number } {
    const out = writer()
    let [bytes, height, to] = [0, 0n, from]
    for (; bytes < RECORD_BYTES; to += 1) {
      const entry = waiting[to]
      if (entry === undefined) break
      out.bytes(entry.envelope)
      bytes += entry.envelope.length
      if (entry.refHeight > height) height = entry.refHeight
    }
    const key = writer().u64(height).u64(this.next).finish()
    this.next += 1n
    return { op: { put: [key, out.finish()] }, to }
  }
}
