import type { Cancel, Clock, Hash } from '#primitives'
import { FIRST_REST_MS, LONGEST_REST_MS, MAX_TRACKED_PEERS } from './limits.ts'

/** A lie counts like this many failures before it. */
const LIE_WEIGHS = 8

/** One question a peer has not answered yet. */
export interface Asked {
  readonly kind: 'headers' | 'bodies'
  readonly request: number
  readonly atMs: number
  readonly hashes: readonly Hash[]
  readonly cancel: Cancel
}

interface Entry {
  /** Height the peer says it has. Only ever a reason to ask. */
  claim: bigint
  /** It has said so since it last failed. */
  fresh: boolean
  failures: number
  restUntilMs: number
  /** How long its answers take, smoothed. */
  paceMs: number
  asked: Asked | undefined
}

/** What is known of the peers: what they claim, how they answered, what they are asked. One question to a peer at a time. */
export class Roster {
  private readonly clock: Pick<Clock, 'now' | 'after'>
  private readonly entries = new Map<string, Entry>()
  private request = 0

  constructor(clock: Pick<Clock, 'now' | 'after'>) {
    this.clock = clock
  }

  heard(peer: string, claim: bigint): void {
    const entry = this.entries.get(peer)
    if (entry !== undefined) {
      entry.claim = claim
      entry.fresh = true
    } else if (this.entries.size < MAX_TRACKED_PEERS) {
      this.entries.set(peer, { claim, fresh: true, failures: 0, restUntilMs: 0, paceMs: 0, asked: undefined })
    }
  }

  /** A peer has shown that it has a height. */
  showed(peer: string, height: bigint): void {
    const entry = this.entries.get(peer)
    if (entry !== undefined && entry.claim < height) entry.claim = height
  }

  /** Forgets a peer. Answers what it was asked. */
  left(peer: string): Asked | undefined {
    const asked = this.entries.get(peer)?.asked
    asked?.cancel()
    this.entries.delete(peer)
    return asked
  }

  claimOf(peer: string): bigint {
    return this.entries.get(peer)?.claim ?? 0n
  }

  /** The height that at least half of the peers claim. */
  medianClaim(): bigint {
    const claims = [...this.entries.values()].map(({ claim }) => claim).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
    return claims[(claims.length - 1) >> 1] ?? 0n
  }

  isFree(peer: string): boolean {
    const entry = this.entries.get(peer)
    return entry !== undefined && entry.asked === undefined && entry.restUntilMs <= this.clock.now()
  }

  isResting(peer: string): boolean {
    const entry = this.entries.get(peer)
    return entry === undefined || entry.restUntilMs > this.clock.now()
  }

  /** Peers that may be asked now and claim a height, the most reliable and fastest first. */
  free(claim: bigint): string[] {
    const now = this.clock.now()
    return [...this.entries]
      .filter(([, entry]) => entry.claim >= claim && entry.asked === undefined && entry.restUntilMs <= now)
      .sort(([, a], [, b]) => a.failures - b.failures || a.paceMs - b.paceMs)
      .map(([peer]) => peer)
  }

  /** Of those, the ones that have claimed it since they last failed: nobody is asked again and again on one claim. */
  willing(claim: bigint): string[] {
    return this.free(claim).filter((peer) => this.entries.get(peer)?.fresh === true)
  }

  /** Milliseconds until a resting peer that claims a height again may be asked. */
  nextRest(claim: bigint): number | undefined {
    let least: number | undefined
    for (const entry of this.entries.values()) {
      if (entry.claim < claim || !entry.fresh) continue
      const wait = entry.restUntilMs - this.clock.now()
      if (least === undefined || wait < least) least = wait
    }
    return least === undefined || least > 0 ? least : 0
  }

  underWay(kind: Asked['kind']): number {
    let count = 0
    for (const { asked } of this.entries.values()) if (asked?.kind === kind) count += 1
    return count
  }

  /** Notes a question to a free peer; `late` runs when no answer came in time. */
  ask(
    peer: string,
    question: { readonly kind: Asked['kind']; readonly hashes: readonly Hash[]; readonly timeoutMs: number },
    late: (asked: Asked) => void,
  ): number {
    const { kind, hashes, timeoutMs } = question
    this.request = (this.request + 1) >>> 0
    const { request } = this
    const cancel = this.clock.after(timeoutMs, () => {
      const asked = this.answered(peer, request, kind)
      if (asked !== undefined) late(asked)
    })
    const entry = this.entries.get(peer)
    if (entry !== undefined) entry.asked = { kind, request, atMs: this.clock.now(), hashes, cancel }
    return request
  }

  /** The question an answer belongs to; undefined for one nobody waits for. */
  answered(peer: string, request: number, kind: Asked['kind']): Asked | undefined {
    const entry = this.entries.get(peer)
    const asked = entry?.asked
    if (entry === undefined || asked?.request !== request || asked.kind !== kind) return undefined
    asked.cancel()
    entry.asked = undefined
    return asked
  }

  succeeded(peer: string, asked: Asked): void {
    const entry = this.entries.get(peer)
    if (entry === undefined) return
    entry.failures = 0
    entry.paceMs = (entry.paceMs + this.clock.now() - asked.atMs) >> 1
  }

  /** A peer rests, longer with each failure in a row. */
  failed(peer: string): void {
    const entry = this.entries.get(peer)
    if (entry === undefined) return
    let rest = FIRST_REST_MS
    for (let left = entry.failures; left > 0 && rest < LONGEST_REST_MS; left -= 1) rest *= 2
    entry.failures += 1
    entry.fresh = false
    entry.restUntilMs = this.clock.now() + (rest < LONGEST_REST_MS ? rest : LONGEST_REST_MS)
  }

  /** A peer that lied rests as long as any. */
  lied(peer: string): void {
    const entry = this.entries.get(peer)
    if (entry === undefined) return
    if (entry.failures < LIE_WEIGHS) entry.failures = LIE_WEIGHS
    this.failed(peer)
  }

  stop(): void {
    for (const { asked } of this.entries.values()) asked?.cancel()
    this.entries.clear()
  }
}
