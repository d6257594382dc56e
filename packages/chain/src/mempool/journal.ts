import { type Bytes, concatBytes, type Hash, hexToBytes, type KeyValue, writer } from '#primitives'
import { MARK_WINDOW } from './limits.ts'

const LAST = new Uint8Array(41).fill(0xff)
const REMOVE_BATCH = 4096

function heightKey(height: bigint): Bytes {
  return writer().u64(height).finish()
}

/**
 * Accepted transactions on disk, ordered by the height of their mark: what can no longer enter any block is one range.
 * Entries stay after inclusion, since a reorganisation may need them until the mark has expired below finality.
 */
export class Journal {
  private readonly store: KeyValue
  private cleanedBelow = 0n

  constructor(store: KeyValue) {
    this.store = store
  }

  /** Resolves when the transaction is on disk. */
  async add(refHeight: bigint, id: Hash, envelope: Bytes): Promise<void> {
    const key = concatBytes(heightKey(refHeight), hexToBytes(id))
    await this.store.write([{ put: [key, envelope] }], { sync: true })
  }

  async load(): Promise<Bytes[]> {
    const entries = await this.store.range({ gte: heightKey(0n), lt: LAST })
    return entries.map(([, envelope]) => envelope)
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
}
