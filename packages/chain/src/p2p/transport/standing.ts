import type { Clock } from '#primitives'
import { Bucket, type Rate } from './bucket.ts'
import {
  BAN_SCORE,
  DEFAULT_RATE,
  MAX_REMEMBERED_PEERS,
  MAX_SCORE,
  type Misdeed,
  POINTS,
  RATES,
  SCORE_HALF_LIFE_MS,
} from './limits.ts'

interface Standing {
  score: number
  atMs: number
  readonly buckets: Map<string, { readonly messages: Bucket; readonly bytes: Bucket }>
}

const bucketsOf = ({ messages, bytes }: { messages: Rate; bytes: Rate }, nowMs: number) => ({
  messages: new Bucket(messages, nowMs),
  bytes: new Bucket(bytes, nowMs),
})

/**
 * What this node thinks of its peers, and how much each may still send. Both outlive a connection, so that coming back clears nothing; who
 * was heard of longest ago is forgotten first.
 */
export class Standings {
  private readonly clock: Clock
  private readonly known = new Map<string, Standing>()

  constructor(clock: Clock) {
    this.clock = clock
  }

  scoreOf(peer: string): number {
    const standing = this.known.get(peer)
    return standing === undefined ? 0 : this.decayed(standing)
  }

  /** Adds the points of a deed; answers true when the peer has fallen as low as a ban. */
  note(peer: string, deed: Misdeed | 'useful'): boolean {
    const standing = this.of(peer)
    standing.score = Math.min(Math.max(this.decayed(standing) + POINTS[deed], BAN_SCORE), MAX_SCORE)
    standing.atMs = this.clock.now()
    return standing.score <= BAN_SCORE
  }

  /** A ban settles the account. */
  forgive(peer: string): void {
    const standing = this.known.get(peer)
    if (standing !== undefined) standing.score = 0
  }

  /** Whether the peer may send this much of this kind now. */
  allows(peer: string, kind: string, size: { readonly bytes: number; readonly messages?: number }): boolean {
    const now = this.clock.now()
    const { buckets } = this.of(peer)
    let own = buckets.get(kind)
    if (own === undefined) {
      own = bucketsOf(RATES[kind] ?? DEFAULT_RATE, now)
      buckets.set(kind, own)
    }
    // Both are charged: who sends too many small ones pays for their bytes too.
    const messages = own.messages.take(size.messages ?? 1, now)
    return own.bytes.take(size.bytes, now) && messages
  }

  private of(peer: string): Standing {
    const standing = this.known.get(peer) ?? { score: 0, atMs: this.clock.now(), buckets: new Map() }
    this.known.delete(peer)
    this.known.set(peer, standing)
    if (this.known.size > MAX_REMEMBERED_PEERS) {
      const oldest = this.known.keys().next()
      if (oldest.done !== true) this.known.delete(oldest.value)
    }
    return standing
  }

  private decayed({ score, atMs }: Standing): number {
    return score * 2 ** (-Math.max(this.clock.now() - atMs, 0) / SCORE_HALF_LIFE_MS)
  }
}
