import type { Cancel, Clock } from '#primitives'

/** Least time between two announcements: a node that catches up imports hundreds of blocks a second, and peers part from who floods them. */
const PAUSE_MS = 250

/** Tells others where this node stands: at once after a while of silence, else as soon as the pause is over, with what is newest then. */
export class Announcer {
  private readonly clock: Clock
  private readonly tell: () => void
  private toldMs: number | undefined
  private later: Cancel | undefined
  private stopped = false

  constructor(clock: Clock, tell: () => void) {
    this.clock = clock
    this.tell = tell
  }

  announce(): void {
    if (this.later !== undefined || this.stopped) return
    const now = this.clock.now()
    const waitMs = this.toldMs === undefined ? 0 : this.toldMs + PAUSE_MS - now
    // A clock that was set back is no reason to be silent for longer.
    if (waitMs > 0 && waitMs <= PAUSE_MS) this.later = this.clock.after(waitMs, () => this.now())
    else this.now()
  }

  stop(): void {
    this.stopped = true
    this.later?.()
  }

  private now(): void {
    this.later = undefined
    this.toldMs = this.clock.now()
    this.tell()
  }
}
