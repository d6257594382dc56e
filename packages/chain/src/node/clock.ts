import { bytesToUtf8, type Cancel, type Clock, type KeyValue, utf8ToBytes } from '#primitives'

/** The machine's clock. */
export function createSystemClock(): Clock {
  return {
    now: () => Date.now(),
    after(ms, run): Cancel {
      const timer = setTimeout(run, ms)
      return () => clearTimeout(timer)
    },
  }
}

/** The machine's clock, whose timers end with whoever uses it, so that none of them keeps a process alive. */
export function createEndingClock(): Clock & { end(): void } {
  const timers = new Set<NodeJS.Timeout>()
  let ended = false
  return {
    now: () => Date.now(),
    after(ms, run): Cancel {
      if (ended) return () => undefined
      const timer = setTimeout(() => {
        timers.delete(timer)
        run()
      }, ms)
      timers.add(timer)
      return () => {
        timers.delete(timer)
        clearTimeout(timer)
      }
    },
    end() {
      ended = true
      for (const timer of timers) clearTimeout(timer)
      timers.clear()
    },
  }
}

/** A clock that runs with the machine's, a settable distance ahead, and remembers the distance on disk. */
export interface ShiftingClock extends Clock {
  /** Moves the clock forward; what was due in between runs at once, in order. Resolves when the distance is on disk. */
  shift(ms: number): Promise<void>
  /** Sets the clock back by `ms` (a negative number) before anything runs by it; not remembered. */
  setBack(ms: number): void
  /**
   * Tells `listener` before anything runs when this process woke more than `ms` later than it wanted to, because it, or the machine, was
   * stopped. One listener.
   */
  onOversleep(ms: number, listener: (lateMs: number) => void): void
  /** Stops all timers. */
  stop(): void
}

interface Timer {
  readonly due: number
  readonly order: number
  readonly run: () => void
}

const KEY = Uint8Array.of(1)
/** setTimeout counts in 32 bits. */
const LONGEST_SLEEP_MS = 1_000_000

class Shifting implements ShiftingClock {
  private readonly store: KeyValue
  private offset: number
  private timers: Timer[] = []
  private order = 0
  private sleeping: NodeJS.Timeout | undefined
  private stopped = false
  /** By the machine's clock. */
  private wakeAt = 0
  private oversleep: { readonly ms: number; readonly listener: (lateMs: number) => void } | undefined

  constructor(store: KeyValue, offset: number) {
    this.store = store
    this.offset = offset
  }

  now(): number {
    return Date.now() + this.offset
  }

  after(ms: number, run: () => void): Cancel {
    const timer: Timer = { due: this.now() + ms, order: this.order, run }
    this.order += 1
    const at = this.timers.findIndex((other) => other.due > timer.due)
    if (at < 0) this.timers.push(timer)
    else this.timers.splice(at, 0, timer)
    if (this.timers[0] === timer) this.arm()
    return () => {
      this.timers = this.timers.filter((other) => other !== timer)
    }
  }

  async shift(ms: number): Promise<void> {
    const offset = this.offset + Math.ceil(ms)
    // On disk first: after a crash the clock must not be behind the blocks it allowed.
    await this.store.write([{ put: [KEY, utf8ToBytes(String(offset))] }], { sync: true })
    this.offset = offset
    this.arm()
  }

  setBack(ms: number): void {
    this.offset += Math.min(Math.ceil(ms), 0)
    this.arm()
  }

  onOversleep(ms: number, listener: (lateMs: number) => void): void {
    this.oversleep = { ms, listener }
  }

  stop(): void {
    this.stopped = true
    clearTimeout(this.sleeping)
    this.timers = []
  }

  private arm(): void {
    clearTimeout(this.sleeping)
    const next = this.timers[0]
    if (next === undefined || this.stopped) return
    const sleep = Math.min(Math.max(next.due - this.now(), 0), LONGEST_SLEEP_MS)
    this.wakeAt = Date.now() + sleep
    this.sleeping = setTimeout(() => this.wake(), sleep)
  }

  private wake(): void {
    const late = Date.now() - this.wakeAt
    if (this.oversleep !== undefined && late > this.oversleep.ms) this.oversleep.listener(late)
    const now = this.now()
    const due = this.timers.filter((timer) => timer.due <= now)
    this.timers = this.timers.filter((timer) => timer.due > now)
    for (const timer of due) timer.run()
    this.arm()
  }
}

/** Opens a shifting clock with the distance that `store` remembers, or that which it begins with. */
export async function openShiftingClock(store: KeyValue, firstMs = 0): Promise<ShiftingClock> {
  const stored = await store.get(KEY)
  return new Shifting(store, stored === undefined ? firstMs : Number(bytesToUtf8(stored)))
}
