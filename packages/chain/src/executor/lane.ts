import { type BlockEnvironment, createJournal, type Registry } from '#contracts/runtime'
import type { StateReader } from '#kernel'
import type { Bytes } from '#primitives'
import { step } from './block.ts'
import type { ExecutionInput } from './executor.ts'
import { CallReader } from './laneCalls.ts'
import { encodeEntries, type LaneEntries } from './laneEntries.ts'
import { type LaneNumbers, laneNumbers } from './laneNumbers.ts'
import { StepWriter } from './laneSteps.ts'
import { type Call, CHUNK, declare, type Machine } from './transaction.ts'

/** A block of which another thread executes a part. */
export interface LaneOrder {
  readonly env: BlockEnvironment
  readonly parentState: StateReader
  readonly mode: ExecutionInput['mode']
}

/** Memory between the caller and a lane. */
export interface LaneBytes {
  /** Calls, see `CallWriter`. */
  readonly calls: Bytes
  /** What they came to, in their order, see `StepReader`. */
  readonly steps: Bytes
}

/** The work of a lane in another thread: calls are read from memory one by one, and what each came to is written there. */
export class LaneWork {
  private readonly machine: Machine
  private readonly mode: LaneOrder['mode']
  private readonly calls: CallReader
  private readonly steps: StepWriter
  private readonly numbers: LaneNumbers
  private readonly nowUs: () => number
  private measured = 0

  constructor(
    registry: Registry,
    order: LaneOrder,
    { calls, steps, nowUs }: LaneBytes & { readonly nowUs: () => number },
  ) {
    this.machine = { registry, env: order.env, journal: createJournal(order.parentState) }
    this.mode = order.mode
    this.calls = new CallReader(registry, calls)
    this.steps = new StepWriter(registry, steps)
    this.numbers = laneNumbers(registry)
    this.nowUs = nowUs
  }

  /** Executes the calls that stand there up to `end`, and says so of each. */
  run(end: number, onDone: () => void): void {
    const { calls } = this
    while (calls.at < end) {
      const some: Call[] = []
      while (calls.at < end && some.length < CHUNK) {
        const call = calls.next()
        declare(this.machine, call)
        some.push(call)
      }
      this.measured = this.nowUs()
      for (const call of some) {
        this.step(call)
        onDone()
      }
    }
  }

  private step(call: Call): void {
    const result = step(this.machine, call, this.mode, Number.POSITIVE_INFINITY)
    const now = this.nowUs()
    this.steps.write(result, now > this.measured ? now - this.measured : 0)
    this.measured = now
  }

  /** The entries that its calls wrote. */
  finish(): LaneEntries {
    return encodeEntries(this.machine.journal.partial(), this.numbers.itemOf)
  }
}
