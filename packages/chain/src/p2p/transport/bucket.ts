/** So much at once, and so much a second after that. */
export interface Rate {
  readonly perSecond: number
  readonly burst: number
}

/** A token bucket: full at first, filled again as time goes by. */
export class Bucket {
  private readonly rate: Rate
  private tokens: number
  private atMs: number

  constructor(rate: Rate, nowMs: number) {
    this.rate = rate
    this.tokens = rate.burst
    this.atMs = nowMs
  }

  /** Takes so many tokens, or none and answers false when there are fewer. */
  take(amount: number, nowMs: number): boolean {
    const elapsedMs = Math.max(nowMs - this.atMs, 0)
    this.atMs = nowMs
    this.tokens = Math.min(this.tokens + (elapsedMs * this.rate.perSecond) / 1000, this.rate.burst)
    if (this.tokens < amount) return false
    this.tokens -= amount
    return true
  }
}
