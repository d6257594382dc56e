/** Blocks in a row that say together whether sharing gains. */
const SAMPLES = 4
/** Weight of the newest block. */
const SMOOTHING = 0.3
/** Blocks worth sharing that are executed alone before it is tried again: less than three in a hundred are lost to trying. */
const PAUSE = 128

/** Remembers whether sharing blocks gains on this machine now: cores that others use do not help. */
export class Gains {
  private gain = 0
  private samples = 0
  private pause = 0

  /** Whether to share the next block that is worth it. */
  next(): boolean {
    if (this.pause === 0) return true
    this.pause -= 1
    return false
  }

  /** A block that was shared: what its calls were expected to take one after the other, and what it took. */
  note(expectedUs: number, tookUs: number): void {
    if (tookUs <= 0) return
    const gain = expectedUs / tookUs
    this.gain = this.samples === 0 ? gain : this.gain + SMOOTHING * (gain - this.gain)
    this.samples += 1
    if (this.samples < SAMPLES || this.gain >= 1) return
    this.samples = 0
    this.pause = PAUSE
  }
}
