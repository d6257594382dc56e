import type { Cancel, Clock, Logger, Rng } from '#primitives'
import type { PeerAddress } from './addresses.ts'
import type { Book, Situation } from './book.ts'
import { waitMs } from './chance.ts'
import { DIAL_MS, MAX_DIALING, MIN_DIAL_WAIT_MS } from './limits.ts'

interface Target extends PeerAddress {
  failures: number
  dueMs: number
}

export interface DialerOptions {
  /** Peer id of this node. */
  readonly self: string
  /** Peers to stay connected to. */
  readonly configured: readonly PeerAddress[]
  /** Connections of its own making the node wants, those to configured peers included. */
  readonly outbound: number
}

export interface DialerDeps {
  readonly clock: Clock
  readonly rng: Rng
  readonly logger: Logger
  readonly book: Book
  isConnected(peer: string): boolean
  isBanned(peer: string): boolean
  /** Connections of this node's own making, and where they lead. */
  outbound(): { readonly count: number; readonly groups: ReadonlySet<string> }
  hasRoom(): boolean
  /** Resolves when the peer was reached and belongs to the network. */
  dial(peer: PeerAddress): Promise<unknown>
}

/** Keeps a node connected: to the peers it was told to, and to others of the book until there are enough. */
export class Dialer {
  private readonly options: DialerOptions
  private readonly targets: Target[]
  private readonly deps: DialerDeps
  private readonly dialing = new Set<string>()
  private timer: Cancel | undefined
  private stopped = false

  constructor(options: DialerOptions, deps: DialerDeps) {
    this.options = options
    this.deps = deps
    const now = deps.clock.now()
    // Of two that start together and know each other, one waits for the other to call.
    this.targets = options.configured.map((peer) => ({
      ...peer,
      failures: 0,
      dueMs: peer.id < options.self ? now : now + 2 * DIAL_MS,
    }))
  }

  start(): void {
    const round = (): void => {
      if (this.stopped) return
      this.timer = this.deps.clock.after(DIAL_MS, round)
      this.dialConfigured()
      this.dialOthers()
    }
    round()
  }

  stop(): void {
    this.stopped = true
    this.timer?.()
  }

  private dialConfigured(): void {
    const now = this.deps.clock.now()
    for (const target of this.targets) {
      if (target.dueMs > now || !this.isWanted(target.id) || this.dialing.size >= MAX_DIALING) continue
      this.dial(target, (reached) => {
        target.dueMs = this.deps.clock.now() + (reached ? MIN_DIAL_WAIT_MS : waitMs(this.deps.rng, target.failures))
        target.failures = reached ? 0 : target.failures + 1
      })
    }
  }

  private dialOthers(): void {
    const { count, groups } = this.deps.outbound()
    const situation: Situation = { isWanted: (id) => this.isWanted(id) && !this.isConfigured(id), groups }
    while (count + this.dialing.size < this.options.outbound && this.deps.hasRoom()) {
      const chosen = this.dialing.size < MAX_DIALING ? this.deps.book.choose(situation) : undefined
      if (chosen === undefined) return
      this.dial(chosen, (reached) => {
        if (!reached) this.deps.book.failed(chosen.id)
      })
    }
  }

  private isConfigured(id: string): boolean {
    return this.targets.some((target) => target.id === id)
  }

  private isWanted(id: string): boolean {
    return !this.dialing.has(id) && !this.deps.isConnected(id) && !this.deps.isBanned(id)
  }

  private dial(peer: PeerAddress, done: (reached: boolean) => void): void {
    const { id } = peer
    this.dialing.add(id)
    this.deps.dial(peer).then(
      () => {
        this.dialing.delete(id)
        done(true)
      },
      (error: unknown) => {
        this.dialing.delete(id)
        done(false)
        this.deps.logger.debug('A peer could not be reached', { peer: id, reason: String(error) })
      },
    )
  }
}
