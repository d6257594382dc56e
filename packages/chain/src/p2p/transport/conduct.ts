import type { Stream } from '@libp2p/interface'
import { messageKind } from '#p2p'
import { AelfError, type Bytes, type Clock, type Conduct, type Logger } from '#primitives'
import type { Bans } from './bans.ts'
import type { Counters } from './counters.ts'
import { TransportError } from './errors.ts'
import { GossipMeter } from './gossipMeter.ts'
import type { Misdeed } from './limits.ts'
import { Standings } from './standing.ts'
import { FRAME } from './wire.ts'

export interface ConductDeps {
  readonly clock: Clock
  readonly logger: Logger
  readonly counters: Counters
  readonly bans: () => Bans
  drop(peer: string): void
}

/** Weighs what peers do, and parts from those that fall too low. */
export class Conducts {
  private readonly deps: ConductDeps
  private readonly standings: Standings

  constructor(deps: ConductDeps) {
    this.deps = deps
    this.standings = new Standings(deps.clock)
  }

  scoreOf(peer: string): number {
    return this.standings.scoreOf(peer)
  }

  judge(peer: string, conduct: Conduct): void {
    if (conduct === 'useful') this.standings.note(peer, 'useful')
    else this.charge(peer, conduct, `${conduct} messages`)
  }

  /** The peer broke a rule of the stream: its connection is not to be trusted any more. */
  broken(peer: string, error: unknown): void {
    const reason = error instanceof AelfError ? error.code : 'transport.frameMalformed'
    this.deps.logger.warn('A peer broke the rules', { peer, code: reason, reason: String(error) })
    this.charge(peer, 'broken', reason)
    this.deps.drop(peer)
  }

  charge(peer: string, deed: Misdeed, reason: string): void {
    if (!this.standings.note(peer, deed)) return
    const { untilMs, count } = this.deps.bans().add(peer, reason)
    this.standings.forgive(peer)
    this.deps.counters.bans += 1
    this.deps.logger.warn('A peer is kept away', { peer, reason, untilMs, bans: count })
    this.deps.drop(peer)
  }

  /** Whether a frame of a link may come now; counts it. */
  allowsFrame(peer: string, type: number, body: Bytes): boolean {
    const kind = type === FRAME.message ? messageKind(body) : 'control'
    return this.allows(peer, kind, { bytes: body.length })
  }

  allows(peer: string, kind: string, size: { readonly bytes: number; readonly messages?: number }): boolean {
    this.deps.counters.message('in', kind, size.bytes)
    if (this.standings.allows(peer, kind, size)) return true
    this.deps.counters.dropped('rate')
    this.charge(peer, 'flood', `more ${kind} than allowed`)
    return false
  }

  /** Gossip is read by its own code; here it is only measured. */
  watchGossip(stream: Stream, peer: string): void {
    const meter = new GossipMeter()
    stream.addEventListener('message', ({ data }) => {
      const frames = meter.frames(data instanceof Uint8Array ? data : data.subarray())
      if (frames === undefined) {
        this.broken(peer, new TransportError('transport.frameTooLarge', 'A gossip frame above the limit'))
      } else {
        this.allows(peer, 'gossip', { bytes: data.byteLength, messages: 1 + frames })
      }
    })
  }
}
