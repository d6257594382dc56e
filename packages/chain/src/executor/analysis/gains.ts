/** Blocks that are shared first, whatever they take: threads are slow until they have seen some calls. */
const WARM_UP = 6
/** Worthy blocks of a trial: shared or alone. What is expected of methods may drift meanwhile, which weighs on both alike so. */
const TRIAL: readonly boolean[] = [true, false, false, true, true, false]
/** Sharing that takes less than this of what the same work takes alone is not tried any further. */
const CLEARLY = 0.85
/**
 * Worthy blocks that a verdict is good for: few at first, while expectations are young, and fewer where it says the opposite of the last; then
 * more each time, and soon most where it is clear.
 */
const FIRST_TERM = 16
const DOUBTED_TERM = 8
/** One block in a hundred is lost to trying, two where sharing loses. */
const LONGEST_TERM = 128
/** Shared blocks in a row that took longer than alone before that is tried again: one or two were interrupted, or the collector's. */
const SLOW_BLOCKS = 3

/**
 * Remembers whether sharing blocks gains on this machine now: cores that others use do not help, and calls that bind each other do not
 * either. Blocks are held against each other by what they took of what was expected of them.
 */
export class Gains {
  private step = 0
  /** Of this trial, the best one of three blocks each: whoever interrupted the others proves nothing. */
  private best = { alone: Number.POSITIVE_INFINITY, shared: Number.POSITIVE_INFINITY }
  private term = FIRST_TERM
  /** Blocks until the next trial. */
  private left = WARM_UP
  private isSharing = true
  /** What a block took alone in the last trial, and how many shared ones in a row took longer. */
  private alone = Number.POSITIVE_INFINITY
  private slow = 0

  /** Whether to share the next block that is worth it. */
  next(): boolean {
    return this.left > 0 ? this.isSharing : (TRIAL[this.step] as boolean)
  }

  /** A block that was worth sharing: what its calls were expected to take one after the other, and what it took. */
  note(isShared: boolean, expectedUs: number, tookUs: number): void {
    // Without a clock nothing is known, and nothing changes.
    if (tookUs <= 0 || expectedUs <= 0) return
    const rate = tookUs / expectedUs
    if (this.left > 0) this.noteInTerm(isShared, rate)
    else if (isShared === TRIAL[this.step]) this.noteInTrial(isShared ? 'shared' : 'alone', rate)
  }

  private noteInTerm(isShared: boolean, rate: number): void {
    // Where threads were not ready nothing was seen of them.
    if (isShared !== this.isSharing) return
    this.left -= 1
    if (!isShared) return
    this.slow = rate > this.alone ? this.slow + 1 : 0
    if (this.slow >= SLOW_BLOCKS) this.left = 0
  }

  private noteInTrial(how: 'alone' | 'shared', rate: number): void {
    const { best } = this
    if (rate < best[how]) best[how] = rate
    this.step += 1
    // Where an interruption lets sharing look better than it is, it goes on as before, and will be tried again.
    const isClear = this.isSharing && this.step > 1 && best.shared < CLEARLY * best.alone
    if (this.step < TRIAL.length && !isClear) return
    const isSharing = best.shared < best.alone
    // Somebody may have interrupted all that counted.
    if (isSharing !== this.isSharing) this.term = DOUBTED_TERM
    this.isSharing = isSharing
    this.alone = best.alone
    this.slow = 0
    this.left = this.term
    const next = this.term * (isClear ? 4 : 2)
    this.term = next < LONGEST_TERM ? next : LONGEST_TERM
    this.step = 0
    this.best = { alone: Number.POSITIVE_INFINITY, shared: Number.POSITIVE_INFINITY }
  }
}
