import type { Mempool, PoolEntry } from '#mempool'
import { MAX_GOSSIP_TRANSACTIONS } from '#p2p'
import type { Bytes, Clock, Hash } from '#primitives'
import { firstMessage, Outbox } from './outbox.ts'

/** Own transactions that still wait are offered again after this many blocks. */
const REOFFER_BLOCKS = 8n

/** Transactions this node stands for: offered when they come, and again while they wait. */
export class Offers {
  private readonly mempool: Pick<Mempool, 'get' | 'own'>
  private readonly outbox: Outbox
  private offeredAt = 0n

  constructor(mempool: Pick<Mempool, 'get' | 'own'>, clock: Clock, send: (transactions: readonly Bytes[]) => void) {
    this.mempool = mempool
    this.outbox = new Outbox(clock, send)
  }

  stop(): void {
    this.outbox.stop()
  }

  /** Offers a transaction that this node has accepted itself. */
  publish(entry: PoolEntry): void {
    entry.isOwn = true
    this.outbox.add(entry.envelope)
  }

  /** Passes on what came from others. */
  pass(envelope: Bytes): void {
    this.outbox.add(envelope)
  }

  /** What came out of lost blocks is offered again: who has a slot may not know those blocks. */
  again(ids: readonly Hash[]): void {
    for (const id of ids) {
      const entry = this.mempool.get(id)
      if (entry !== undefined) entry.isOwn = true
    }
  }

  /** Follows the head: what still waits is offered again now and then. */
  followHead(height: bigint): void {
    if (height < this.offeredAt + REOFFER_BLOCKS) return
    this.offeredAt = height
    for (const envelope of this.waiting()) this.outbox.add(envelope)
  }

  /**
   * What still waits, as one message for somebody who has just come. A node that starts has offered it to nobody, and gossip does not
   * carry the same message twice within its memory.
   */
  forNewcomer(): readonly Bytes[] {
    return firstMessage(this.waiting())
  }

  /** The oldest that are still in the pool, as many as go into one message. */
  private waiting(): Bytes[] {
    return this.mempool
      .own()
      .slice(0, MAX_GOSSIP_TRANSACTIONS)
      .map(({ envelope }) => envelope)
  }
}
