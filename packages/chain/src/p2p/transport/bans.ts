import type { Clock } from '#primitives'
import { BAN_MS, CONFIGURED_BAN_MS, FORGET_BAN_MS, MAX_BAN_MS, MAX_BANS } from './limits.ts'

/** A peer that is kept away for a while. */
export interface BanView {
  readonly id: string
  readonly untilMs: number
  readonly reason: string
}

export interface Ban extends BanView {
  /** How often in a row. */
  readonly count: number
}

/** Who is kept away, and until when. Each ban in a row is twice as long as the one before, up to a longest. */
export class Bans {
  private readonly clock: Clock
  private readonly configured: ReadonlySet<string>
  private readonly bans = new Map<string, Ban>()

  constructor(clock: Clock, configured: ReadonlySet<string>) {
    this.clock = clock
    this.configured = configured
  }

  /** Peers the operator named are never kept away for long. */
  add(id: string, reason: string): Ban {
    const now = this.clock.now()
    const before = this.bans.get(id)
    const again = before !== undefined && now < before.untilMs + FORGET_BAN_MS
    const count = again ? before.count + 1 : 1
    const lengthMs = this.configured.has(id)
      ? CONFIGURED_BAN_MS
      : Math.min(BAN_MS * 2 ** Math.min(count - 1, 16), MAX_BAN_MS)
    const ban: Ban = { id, untilMs: now + lengthMs, reason, count }
    this.restore([ban])
    return ban
  }

  restore(bans: readonly Ban[]): void {
    for (const ban of bans) {
      this.bans.delete(ban.id)
      this.bans.set(ban.id, ban)
    }
    while (this.bans.size > MAX_BANS) this.forgetOne()
  }

  isBanned(id: string): boolean {
    const ban = this.bans.get(id)
    return ban !== undefined && this.clock.now() < ban.untilMs
  }

  list(): BanView[] {
    const now = this.clock.now()
    return [...this.bans.values()]
      .filter(({ untilMs }) => now < untilMs)
      .map(({ id, untilMs, reason }) => ({ id, untilMs, reason }))
  }

  /** What is worth keeping: also bans that are over, while the next would be longer for them. */
  kept(): Ban[] {
    const now = this.clock.now()
    return [...this.bans.values()].filter(({ untilMs }) => now < untilMs + FORGET_BAN_MS)
  }

  /** The one that ends first goes. */
  private forgetOne(): void {
    let first: Ban | undefined
    for (const ban of this.bans.values()) if (first === undefined || ban.untilMs < first.untilMs) first = ban
    if (first !== undefined) this.bans.delete(first.id)
  }
}
