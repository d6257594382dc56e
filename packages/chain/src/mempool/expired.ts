import { decodeTransaction, transactionId } from '#kernel'
import type { Bytes, Hash } from '#primitives'
import { MAX_REMEMBERED_EXPIRED } from './limits.ts'
import type { PoolEntry } from './types.ts'

/** The newest transactions that waited until their marks expired, for whoever asks what became of them. */
export class Expired {
  private readonly entries = new Map<Hash, PoolEntry>()

  get(id: Hash): PoolEntry | undefined {
    return this.entries.get(id)
  }

  remember(entry: PoolEntry): void {
    this.entries.set(entry.id, entry)
    if (this.entries.size <= MAX_REMEMBERED_EXPIRED) return
    const oldest = this.entries.keys().next()
    if (oldest.done !== true) this.entries.delete(oldest.value)
  }

  /** As `remember` for what only the journal still has. */
  rememberEnvelope(envelope: Bytes): void {
    const transaction = decodeTransaction(envelope)
    this.remember({ id: transactionId(transaction), transaction, envelope, fee: 0n, arrival: 0n, isOwn: false })
  }

  forget(id: Hash): void {
    this.entries.delete(id)
  }
}
