import type { SignedHeader, SignedTransaction } from '#kernel'
import { AelfError, type Bytes, type Hash } from '#primitives'
import { Bodies } from './bodies.ts'
import type { HeaderChain } from './headerChain.ts'
import { BODIES_TIMEOUT_MS, BODY_WINDOW, HEDGE_MS, MAX_PARALLEL } from './limits.ts'
import type { Opinion } from './opinion.ts'
import type { Roster } from './roster.ts'
import type { SyncPorts } from './types.ts'

export interface GiversDeps {
  readonly ports: Pick<SyncPorts<never>, 'clock' | 'ask'>
  readonly roster: Roster
  readonly opinion: Opinion
  work(): void
  /** One more body is here. */
  kept(): void
}

/** Gets bodies of verified headers from several peers at once; what one does not give, another is asked for. */
export class Givers {
  private readonly deps: GiversDeps
  private readonly bodies = new Bodies()

  constructor(deps: GiversDeps) {
    this.deps = deps
  }

  /** The body of a header, when it is here. */
  get(header: SignedHeader): readonly SignedTransaction[] | undefined {
    return this.bodies.get(header)
  }

  drop(hash: Hash): void {
    this.bodies.drop(hash)
  }

  clear(): void {
    this.bodies.clear()
  }

  heldBytes(): number {
    return this.bodies.heldBytesNow()
  }

  /** Asks free peers for the next bodies. */
  ask(chain: HeaderChain<unknown>): void {
    const { bodies } = this
    const { clock } = this.deps.ports
    const limit = chain.importableHeight()
    const inReach = chain.headers().filter((header, index) => index < BODY_WINDOW && header.height <= limit)
    const next = inReach.find((header) => bodies.get(header) === undefined)
    const wanted = inReach.filter((header) => bodies.isWanted(header) && (header === next || !bodies.isFull()))
    if (next !== undefined && bodies.isLate(next, { nowMs: clock.now(), afterMs: HEDGE_MS })) wanted.unshift(next)
    while (wanted.length > 0 && this.deps.roster.underWay('bodies') < MAX_PARALLEL) {
      const part = wanted.splice(0, bodies.perQuestion())
      const peer = this.giverOf(chain.guide, part)
      if (peer === undefined) return
      this.question(peer, part)
    }
  }

  /** An answer. Only what belongs to the chain that is followed is kept. */
  take(
    peer: string,
    answer: { readonly request: number; readonly bodies: readonly Bytes[] },
    chain: HeaderChain<unknown> | undefined,
  ): void {
    const { roster, opinion } = this.deps
    const asked = roster.answered(peer, answer.request, 'bodies')
    if (asked === undefined) return
    this.bodies.release(asked.hashes, peer)
    if (answer.bodies.length > asked.hashes.length) opinion.lied(peer, 'More bodies than were asked for')
    else if (answer.bodies.length === 0) opinion.useless(peer)
    else if (this.keep(peer, asked.hashes, { encoded: answer.bodies, chain })) {
      roster.succeeded(peer, asked)
      opinion.useful(peer)
    }
  }

  /** A question will not be answered any more. */
  release(hashes: readonly Hash[], peer: string): void {
    this.bodies.release(hashes, peer)
  }

  /** A free peer that says it has the blocks; the guide last, so that it can go on showing headers. */
  private giverOf(guide: string, part: readonly SignedHeader[]): string | undefined {
    const free = this.deps.roster.free(part.at(-1)?.height ?? 0n)
    return free.find((peer) => peer !== guide) ?? free[0]
  }

  private question(peer: string, part: readonly SignedHeader[]): void {
    const { roster, opinion, ports } = this.deps
    const hashes = part.map(({ hash }) => hash)
    this.bodies.ask(hashes, peer, ports.clock.now())
    const question = { kind: 'bodies', hashes, timeoutMs: BODIES_TIMEOUT_MS } as const
    const request = roster.ask(peer, question, () => {
      this.bodies.release(hashes, peer)
      opinion.useless(peer)
      this.deps.work()
    })
    ports.ask(peer, { kind: 'getBodies', request, hashes })
  }

  private keep(
    peer: string,
    hashes: readonly Hash[],
    { encoded, chain }: { readonly encoded: readonly Bytes[]; readonly chain: HeaderChain<unknown> | undefined },
  ): boolean {
    const headers = new Map((chain?.headers() ?? []).map((header) => [header.hash, header]))
    try {
      encoded.forEach((bytes, index) => {
        const hash = hashes[index]
        const header = hash === undefined ? undefined : headers.get(hash)
        if (header === undefined) return
        this.bodies.put(header, bytes)
        this.deps.kept()
      })
      return true
    } catch (error) {
      if (!(error instanceof AelfError)) throw error
      this.deps.opinion.lied(peer, error.message, error.code)
      return false
    }
  }
}
