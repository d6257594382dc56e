import { MAX_GOSSIP_BYTES, MAX_GOSSIP_TRANSACTIONS } from '#p2p'
import type { Bytes, Clock } from '#primitives'

const GOSSIP_DELAY_MS = 20

/** The first part that fits into one message; a single transaction always does. */
export function firstMessage(envelopes: readonly Bytes[]): Bytes[] {
  let bytes = 0
  const end = envelopes.findIndex((envelope, index) => {
    bytes += envelope.length
    return index > 0 && (index >= MAX_GOSSIP_TRANSACTIONS || bytes > MAX_GOSSIP_BYTES)
  })
  return envelopes.slice(0, end < 0 ? envelopes.length : end)
}

/** Collects transactions for a moment, so that many go out in few messages. */
export class Outbox {
  private readonly clock: Clock
  private readonly send: (transactions: readonly Bytes[]) => void
  private waiting: Bytes[] = []
  private scheduled = false
  private stopped = false

  constructor(clock: Clock, send: (transactions: readonly Bytes[]) => void) {
    this.clock = clock
    this.send = send
  }

  add(envelope: Bytes): void {
    this.waiting.push(envelope)
    if (this.waiting.length >= MAX_GOSSIP_TRANSACTIONS) this.flush()
    else if (!this.scheduled) {
      this.scheduled = true
      this.clock.after(GOSSIP_DELAY_MS, () => {
        this.scheduled = false
        this.flush()
      })
    }
  }

  stop(): void {
    this.stopped = true
    this.waiting = []
  }

  private flush(): void {
    while (this.waiting.length > 0 && !this.stopped) {
      const message = firstMessage(this.waiting)
      this.waiting.splice(0, message.length)
      this.send(message)
    }
  }
}
