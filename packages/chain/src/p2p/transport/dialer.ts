import type { Cancel, Clock, Logger, Rng } from '#primitives'
import type { PeerAddress } from './addresses.ts'
import { DIAL_MS, MAX_DIAL_WAIT_MS, MIN_DIAL_WAIT_MS } from './limits.ts'

interface Target extends PeerAddress {
  failures: number
  dueMs: number
  dialing: boolean
}

export interface DialerDeps {
  readonly clock: Clock
  readonly rng: Rng
  readonly logger: Logger
  isConnected(peer: string): boolean
  dial(address: string): Promise<unknown>
}

/** Keeps this node connected to the peers it was told of: waits between attempts grow, with chance in them. */
export class Dialer {
  private readonly targets: Target[]
  private readonly deps: DialerDeps
  private timer: Cancel | undefined

  constructor(peers: readonly PeerAddress[], deps: DialerDeps) {
    this.deps = deps
    this.targets = peers.map((peer) => ({ ...peer, failures: 0, dueMs: 0, dialing: false }))
  }

  start(): void {
    const round = (): void => {
      this.timer = this.deps.clock.after(DIAL_MS, round)
      const now = this.deps.clock.now()
      for (const target of this.targets) {
        if (target.dueMs <= now && !target.dialing && !this.deps.isConnected(target.id)) this.dial(target)
      }
    }
    round()
  }

  stop(): void {
    this.timer?.()
  }

  private dial(target: Target): void {
    target.dialing = true
    this.deps.dial(target.address).then(
      () => {
        target.dialing = false
        target.failures = 0
        target.dueMs = this.deps.clock.now() + MIN_DIAL_WAIT_MS
      },
      (error: unknown) => {
        target.dialing = false
        target.dueMs = this.deps.clock.now() + this.waitMs(target.failures)
        target.failures += 1
        this.deps.logger.debug('A peer could not be reached', { peer: target.id, reason: String(error) })
      },
    )
  }

  /** Doubles with each failure; between half and the whole of it, so that nodes do not all try at once. */
  private waitMs(failures: number): number {
    const whole = Math.min(MIN_DIAL_WAIT_MS * 2 ** Math.min(failures, 16), MAX_DIAL_WAIT_MS)
    const [high = 0, low = 0] = this.deps.rng.bytes(2)
    return whole / 2 + (whole / 2) * ((high * 256 + low) / 65_536)
  }
}
