import { decodeBody, EMPTY_LIST_ROOT, type SignedHeader, type SignedTransaction, transactionRootOf } from '#kernel'
import type { Bytes, Hash } from '#primitives'
import { SyncError } from './errors.ts'
import { BODIES_PER_QUESTION, MAX_HELD_BYTES } from './limits.ts'

/** Answers are cut at about this many bytes. */
const ANSWER_BYTES: number = 2 * 1024 * 1024

interface Held {
  readonly transactions: readonly SignedTransaction[]
  readonly bytes: number
}

interface Asked {
  readonly atMs: number
  readonly peers: Set<string>
}

const NOTHING: readonly SignedTransaction[] = []

/** Bodies that were fetched and wait for their turn, and those that are under way. */
export class Bodies {
  private readonly held = new Map<Hash, Held>()
  private readonly asked = new Map<Hash, Asked>()
  private heldBytes = 0
  private seen = 0
  private seenBytes = 0

  /** The body of a header, when it is here. An empty block needs none. */
  get(header: SignedHeader): readonly SignedTransaction[] | undefined {
    if (header.transactionRoot === EMPTY_LIST_ROOT) return NOTHING
    return this.held.get(header.hash)?.transactions
  }

  /** Checks a body against its header and keeps it. Throws an AelfError. */
  put(header: SignedHeader, bytes: Bytes): void {
    const transactions = decodeBody(bytes)
    if (transactionRootOf(transactions) !== header.transactionRoot) {
      throw new SyncError('sync.body', `The body of block ${header.height} is not the one its header commits to`)
    }
    this.asked.delete(header.hash)
    if (this.held.has(header.hash)) return
    this.held.set(header.hash, { transactions, bytes: bytes.length })
    this.heldBytes += bytes.length
    this.seen += 1
    this.seenBytes += bytes.length
  }

  drop(hash: Hash): void {
    const held = this.held.get(hash)
    if (held !== undefined) this.heldBytes -= held.bytes
    this.held.delete(hash)
    this.asked.delete(hash)
  }

  clear(): void {
    this.held.clear()
    this.asked.clear()
    this.heldBytes = 0
  }

  heldBytesNow(): number {
    return this.heldBytes
  }

  isFull(): boolean {
    return this.heldBytes >= MAX_HELD_BYTES
  }

  /** So many bodies fit into one answer, going by those seen. */
  perQuestion(): number {
    if (this.seen === 0) return BODIES_PER_QUESTION
    const average = this.seenBytes / this.seen
    let fit = 1
    while (fit < BODIES_PER_QUESTION && (fit + 1) * average <= ANSWER_BYTES) fit += 1
    return fit
  }

  isWanted(header: SignedHeader): boolean {
    return this.get(header) === undefined && !this.asked.has(header.hash)
  }

  /** Whether one peer alone was asked for a body, longer than `afterMs` ago. */
  isLate(header: SignedHeader, at: { readonly nowMs: number; readonly afterMs: number }): boolean {
    const asked = this.asked.get(header.hash)
    return asked !== undefined && asked.peers.size === 1 && at.nowMs - asked.atMs >= at.afterMs
  }

  ask(hashes: readonly Hash[], peer: string, nowMs: number): void {
    for (const hash of hashes) {
      const asked = this.asked.get(hash)
      if (asked === undefined) this.asked.set(hash, { atMs: nowMs, peers: new Set([peer]) })
      else asked.peers.add(peer)
    }
  }

  /** A question is over: what it did not bring may be asked for again. */
  release(hashes: readonly Hash[], peer: string): void {
    for (const hash of hashes) {
      const asked = this.asked.get(hash)
      if (asked?.peers.delete(peer) === true && asked.peers.size === 0) this.asked.delete(hash)
    }
  }
}
