import { createHash, type Hash as Hasher } from 'node:crypto'
import type { Cancel, Clock } from '#primitives'

interface Task {
  readonly at: number
  readonly priority: number
  readonly order: number
  run: (() => void) | undefined
}

function before(a: Task, b: Task): boolean {
  if (a.at !== b.at) return a.at < b.at
  if (a.priority !== b.priority) return a.priority < b.priority
  return a.order < b.order
}

export interface TimelineOptions {
  readonly startMs: number
  /** Decides between tasks that are due at the same moment; left out: first scheduled, first run. */
  readonly priority?: () => number
}

/** A hash of many lines at once costs as much as one of a line. */
const MANY_CHARACTERS = 16_384

/** The only source of progress in a simulated world: one queue of tasks in virtual time, run one after the other. */
export class Timeline implements Clock {
  private heap: Task[] = []
  private time: number
  private order = 0
  private readonly priority: () => number
  private readonly hasher: Hasher = createHash('sha256')
  /** Noted and not hashed yet. */
  private lines = ''
  private ran = 0

  constructor(options: TimelineOptions) {
    this.time = options.startMs
    this.priority = options.priority ?? (() => 0)
  }

  now(): number {
    return this.time
  }

  /** Tasks run so far. */
  count(): number {
    return this.ran
  }

  after(ms: number, run: () => void): Cancel {
    const task: Task = { at: this.time + Math.max(ms, 0), priority: this.priority(), order: this.order, run }
    this.order += 1
    this.push(task)
    return () => {
      task.run = undefined
    }
  }

  /** Adds a line to the record that two runs of one seed must share. */
  note(line: string): void {
    this.lines += `${this.time} ${line}\n`
    if (this.lines.length < MANY_CHARACTERS) return
    this.hasher.update(this.lines)
    this.lines = ''
  }

  /** Hash of everything noted so far, and of how much ran. */
  digest(): string {
    return this.hasher.copy().update(`${this.lines}end ${this.ran} ${this.time}`).digest('hex')
  }

  /**
   * Runs everything that is due up to a moment. After each task all promises that can settle without another task have
   * settled, so the order of the queue is the order of the world.
   */
  async runUntil(timeMs: number, stop: () => boolean = () => false): Promise<void> {
    for (;;) {
      const next = this.heap[0]
      if (next === undefined || next.at > timeMs || stop()) break
      this.pop()
      if (next.run === undefined) continue
      this.time = next.at
      this.ran += 1
      next.run()
      // Microtasks run dry before the event loop turns. A tick would be cheaper, but a process with a channel to its parent has
      // been seen to run the next task before everything had settled.
      await new Promise((resolve) => setImmediate(resolve))
    }
    if (!stop()) this.time = Math.max(this.time, timeMs)
  }

  private push(task: Task): void {
    const { heap } = this
    let at = heap.push(task) - 1
    while (at > 0) {
      const up = (at - 1) >> 1
      const parent = heap[up]
      if (parent === undefined || !before(task, parent)) break
      heap[at] = parent
      at = up
    }
    heap[at] = task
  }

  private pop(): void {
    const { heap } = this
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let at = 0
    for (;;) {
      const left = 2 * at + 1
      const right = left + 1
      const a = heap[left]
      const b = heap[right]
      if (a === undefined) break
      const isRight = b !== undefined && before(b, a)
      const child = isRight ? b : a
      const place = isRight ? right : left
      if (!before(child, last)) break
      heap[at] = child
      at = place
    }
    heap[at] = last
  }
}
