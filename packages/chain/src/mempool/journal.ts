import { type Bytes, type LogRecord, type RecordLog, reader, writer } from '#primitives'
import { MARK_WINDOW } from './limits.ts'

/** A record takes no more once it has this many bytes: a record is read as a whole. */
const RECORD_BYTES: number = 64 * 1024

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

function* envelopesOf({ bytes }: LogRecord): IterableIterator<Bytes> {
  const input = reader(bytes)
  while (input.remaining() > 0) yield input.bytes()
}

/**
 * Accepted transactions on disk. What arrives while a record is being written shares the next one, so that a crowd costs one flush. A record is
 * needed as long as the highest mark in it may be in a block. Transactions stay after inclusion, since a reorganisation may need them until
 * the mark has expired below finality.
 */
export class Journal {
  private readonly log: RecordLog
  private queue: Waiting[] = []
  private draining = false
  private cleanedBelow = 0n

  constructor(log: RecordLog) {
    this.log = log
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

  /** Everything that is still kept. Call it before the first `add` after a start. */
  async load(): Promise<Bytes[]> {
    return (await this.log.read()).flatMap((record) => [...envelopesOf(record)])
  }

  /** Forgets what cannot be in a block after the finalised one. */
  async clean(finalizedHeight: bigint): Promise<void> {
    const below = finalizedHeight - MARK_WINDOW
    if (below < this.cleanedBelow + 16n) return
    this.cleanedBelow = below
    await this.log.forget(below)
  }

  private async drain(): Promise<void> {
    // Who was woken by the same message shares the record.
    await (this.log.gather?.() ?? Promise.resolve())
    while (this.queue.length > 0) await this.writeAll(this.queue.splice(0))
    this.draining = false
  }

  private async writeAll(waiting: readonly Waiting[]): Promise<void> {
    try {
      await this.log.append(recordsOf(waiting.flatMap(({ kept }) => kept)))
      for (const { done } of waiting) done()
    } catch (cause) {
      for (const { failed } of waiting) failed(cause)
    }
  }
}

function recordsOf(kept: readonly Kept[]): LogRecord[] {
  const records: LogRecord[] = []
  for (let at = 0; at < kept.length; ) {
    const out = writer()
    let [bytes, until] = [0, 0n]
    for (; bytes < RECORD_BYTES && at < kept.length; at += 1) {
      const { refHeight, envelope } = kept[at] as Kept
      out.bytes(envelope)
      bytes += envelope.length
      if (refHeight > until) until = refHeight
    }
    records.push({ until, bytes: out.finish() })
  }
  return records
}
