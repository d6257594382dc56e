import type { RegisteredMethod, Registry } from '#contracts/runtime'
import { assert, type Bytes } from '#primitives'
import type { Step } from './block.ts'
import type { ExecutionInput } from './executor.ts'
import type { LaneBytes, LaneOrder } from './lane.ts'
import { CallWriter } from './laneCalls.ts'
import type { LaneEntries } from './laneEntries.ts'
import { type SentCall, StepReader } from './laneSteps.ts'
import type { Call } from './transaction.ts'

/** A lane at work on a block, which executes calls while more are written to its memory. */
export interface OpenLane {
  readonly memory: LaneBytes
  /** Calls stand there up to `end`. */
  give(end: number): void
  /** How many calls are done: what these came to stands there. */
  done(): number
  /** No more calls come. */
  close(): void
  /**
   * What all its calls wrote. Rejects when that cannot be had: the caller executes the block alone then. `expectedUs` is what all of its
   * part should take.
   */
  answer(expectedUs: number): Promise<LaneEntries>
}

/** Who executes parts of blocks beside the calling thread. */
export interface Lanes {
  /** How many lanes can be opened; zero while there is nobody, or the state cannot be read from elsewhere. */
  ready(state: ExecutionInput['parentState']): number
  open(lane: number, order: LaneOrder): OpenLane
}

/**
 * Most calls that a lane is ahead by at first, so that it does not run out of work while the caller is busy with something long, such as
 * collecting garbage. It may be ahead by half of what it has done on top: a thread that is slow is not trusted with many.
 */
const AHEAD = 64

/** What has to be known of a call until the lane has answered. Its arguments have crossed. */
export interface Sent extends SentCall {
  readonly index: number
  readonly registered: RegisteredMethod
}

/** One lane of a block, and what it was given. */
export class GivenLane {
  readonly bit: number
  readonly sent: Sent[] = []
  isClosed = false
  private readonly lane: OpenLane
  /** As it was seen last. */
  private done = 0
  private readonly calls: CallWriter
  private readonly steps: StepReader
  private read = 0

  constructor(lane: OpenLane, bit: number, registry: Registry) {
    this.lane = lane
    this.bit = bit
    this.calls = new CallWriter(registry, lane.memory.calls)
    this.steps = new StepReader(registry, lane.memory.steps)
  }

  /** How many more calls it may be given than it has in hand; `most` is how many it may have at all. */
  room(most: number): number {
    const room = this.roomAfter(most)
    if (room > 0) return room
    // To look costs more than all else here: the word is the other thread's.
    this.done = this.lane.done()
    return this.roomAfter(most)
  }

  private roomAfter(most: number): number {
    const { done } = this
    const trusted = AHEAD + (done >> 1)
    return (trusted < most ? trusted : most) - (this.sent.length - done)
  }

  /** Answers false when it cannot take any more. */
  give(index: number, call: Call, args: Bytes): boolean {
    if (this.isClosed || !this.calls.write(call, args)) return false
    const { id, fee, registered } = call
    this.sent.push({ id, fee, registered, index })
    this.lane.give(this.calls.at)
    return true
  }

  close(): void {
    if (this.isClosed) return
    this.isClosed = true
    this.lane.close()
  }

  /** Reads what those calls came to that are done and were not read yet. */
  *results(): Generator<{ readonly call: Sent; readonly result: Step; readonly us: number }> {
    for (const done = this.lane.done(); this.read < done; this.read++) {
      const call = this.sent[this.read] as Sent
      yield { call, result: this.steps.next(call), us: this.steps.us }
    }
  }

  async answer(callUs: number): Promise<LaneEntries> {
    const entries = await this.lane.answer(this.sent.length * callUs)
    assert(this.lane.done() === this.sent.length, 'a lane answers when it is done')
    return entries
  }
}
