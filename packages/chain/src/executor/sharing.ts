import { createJournal, type EngineSignal, type RegisteredMethod, type Registry } from '#contracts/runtime'
import type { Receipt, SignedTransaction } from '#kernel'
import { AelfError, assert, type Bytes } from '#primitives'
import type { Claims } from './analysis/claims.ts'
import { createStopwatch, type Measuring, type Stopwatch } from './analysis/costs.ts'
import { Assembly, beginBlock, type Step, step } from './block.ts'
import type { ExecutionCost, ExecutionInput, ExecutionOutput } from './executor.ts'
import { type LaneAnswer, type LaneOrder, LaneReader, type SentCall } from './lane.ts'
import { CallWriter } from './laneCalls.ts'
import { type Call, declaredBy, type Machine, prepare } from './transaction.ts'

/** A lane at work on a block, which executes calls while more are written to its memory. */
export interface OpenLane {
  /** Where calls are written, see `CallWriter`. */
  readonly memory: Bytes
  /** Calls stand there up to `end`. */
  give(end: number): void
  /** How many calls are done. */
  done(): number
  /** No more calls come. */
  close(): void
  /** Rejects when its part cannot be had: the caller executes the block alone then. `expectedUs` is what all of its part should take. */
  answer(expectedUs: number): Promise<LaneAnswer>
}

/** Who executes parts of blocks beside the calling thread. */
export interface Lanes {
  /** How many lanes can be opened; zero while there is nobody, or the state cannot be read from elsewhere. */
  ready(state: ExecutionInput['parentState']): number
  open(lane: number, order: LaneOrder): OpenLane
}

const NO_SIGNALS: readonly EngineSignal[] = []
/** The caller's own lane, as a bit; those of other threads follow. */
const OWN = 1
/** Calls that wait until the lanes have met, because they mind the order with calls of several. */
const TAIL = 1 << 30
/**
 * Most calls that a lane is ahead by at first, so that it does not run out of work while the caller is busy with something long, such as
 * collecting garbage. It may be ahead by half of what it has done on top: a thread that is slow is not trusted with many.
 */
const AHEAD = 64
/** What a lane does for each of its calls when the last is done. Calls that come in the last moments are the caller's. */
const CLOSING_US = 1

/** What has to be known of a call until the lane has answered. Its arguments have crossed. */
interface Sent extends SentCall {
  readonly index: number
  readonly registered: RegisteredMethod
}

/** One lane, opened with its first call. */
class GivenLane {
  readonly bit: number
  readonly sent: Sent[] = []
  isClosed = false
  private readonly lane: OpenLane
  private readonly calls: CallWriter

  constructor(lane: OpenLane, bit: number, registry: Registry) {
    this.lane = lane
    this.bit = bit
    this.calls = new CallWriter(registry, lane.memory)
  }

  /** How many more calls it may be given than it has in hand; `most` is how many it may have at all. */
  room(most: number): number {
    const done = this.lane.done()
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

  answer(callUs: number): Promise<LaneAnswer> {
    return this.lane.answer(this.sent.length * callUs)
  }
}

export interface SharingOptions {
  readonly registry: Registry
  readonly lanes: Lanes
  /** How many lanes can be opened. */
  readonly count: number
  readonly measuring: Measuring
  /** Of no block: the caller goes through one at a time. */
  readonly claims: Claims
  /** What a call of the block is expected to take on average. */
  readonly callUs: number
}

/**
 * One block, executed by several lanes. The caller goes through it once: a call that minds the order with earlier ones goes where they
 * went, any other to a lane that soon runs out of work, or else it is executed at once.
 */
export class Sharing {
  private readonly input: ExecutionInput
  private readonly options: SharingOptions
  private readonly machine: Machine
  private readonly watch: Stopwatch
  private readonly assembly: Assembly
  private readonly claims: Claims
  private readonly lanes: GivenLane[] = []
  private readonly tail: { readonly index: number; readonly call: Call }[] = []
  /** In block order, what transactions came to: receipt and cost, or one of the few others, which say more or have none. */
  private readonly receipts: (Receipt | undefined)[] = []
  private readonly costs: (ExecutionCost | undefined)[] = []
  private readonly others = new Map<number, Step>()
  private hasBegun = false

  constructor(input: ExecutionInput, options: SharingOptions) {
    const { registry, measuring } = options
    this.input = input
    this.options = options
    this.claims = options.claims
    this.claims.begin()
    this.machine = { registry, env: input.env, journal: createJournal(input.parentState) }
    this.watch = createStopwatch(measuring)
    this.assembly = new Assembly(input.mode, beginBlock(this.machine, undefined), this.watch)
  }

  /** `ordered` are the transactions in block order, of which the first `count` may run side by side. Undefined when the block has to be executed alone after all. */
  async execute(ordered: readonly SignedTransaction[], count: number): Promise<ExecutionOutput | undefined> {
    try {
      this.watch.start()
      for (let index = 0; index < count; index++) this.take(index, ordered[index] as SignedTransaction, count - index)
    } finally {
      // Whatever happens, nobody is left waiting for calls.
      for (const lane of this.lanes) lane.close()
    }
    if (!(await this.meet())) return undefined
    for (const { index, call } of this.tail) this.run(index, call)
    // What the tail added may have to stand before what lanes added.
    if (this.tail.length > 0 && !this.machine.journal.isOrderFree()) return undefined
    return this.assemble(ordered, count)
  }

  /** One transaction; `left` is how many there are with it. */
  private take(index: number, transaction: SignedTransaction, left: number): void {
    const { registry } = this.options
    const call = prepare(registry, transaction, this.input.feePolicy)
    this.receipts.push(undefined)
    this.costs.push(undefined)
    if (typeof call === 'string') {
      this.others.set(index, { kind: 'dropped', reason: call })
      return
    }
    this.declare(call)
    const needed = this.claims.lanesOf(call.declared ?? registry.fees.declares(call.from))
    if (needed === 0) this.closeEarly(left)
    const lane =
      needed === OWN ? undefined : needed === 0 ? this.idle(left) : this.lanes.find(({ bit }) => bit === needed)
    if (lane?.give(index, call, transaction.args) === true) {
      this.claims.give(lane.bit)
      this.watch.start()
    } else if (needed === 0 || needed === OWN) {
      this.claims.give(OWN)
      this.run(index, call)
    } else {
      this.claims.give(TAIL)
      this.tail.push({ index, call })
    }
  }

  private declare(call: Call): void {
    try {
      call.declared = declaredBy(this.machine, call)
    } catch (error) {
      // A declaration that fails by rule fails the call when it is run, and leaves its fee alone.
      if (!(error instanceof AelfError)) throw error
    }
  }

  /** A lane that would soon run out of work; undefined where the caller is next. */
  private idle(left: number): GivenLane | undefined {
    // Where all calls bind each other they stay with the first one: the caller needs no lane for them.
    if (!this.hasBegun) {
      this.hasBegun = true
      return undefined
    }
    const { lanes, count, registry } = this.options
    const { env, mode, parentState } = this.input
    if (this.lanes.length < count) {
      const at = this.lanes.length
      const lane = new GivenLane(lanes.open(at, { env, mode, parentState }), OWN << (at + 1), registry)
      this.lanes.push(lane)
      return lane
    }
    // Even a lane that takes twice as long for each call is done with so many when the caller has done the rest.
    const most = left / (count + 2)
    let best = 0
    let found: GivenLane | undefined
    for (const lane of this.lanes) {
      const room = lane.isClosed ? 0 : lane.room(most)
      if (room <= best) continue
      best = room
      found = lane
    }
    return found
  }

  /** Lanes whose closing takes as long as what is left of the block. */
  private closeEarly(left: number): void {
    const leftUs = left * this.options.callUs
    for (const lane of this.lanes) if (lane.sent.length * CLOSING_US > leftUs) lane.close()
  }

  private run(index: number, call: Call): void {
    const result = step(this.machine, call, this.input.mode, Number.POSITIVE_INFINITY)
    this.keep(index, result)
    if (result.kind === 'included') this.watch.lap(call.registered, result.cost.units)
    else this.watch.start()
  }

  private keep(index: number, result: Step): void {
    if (result.kind === 'dropped' || result.signals.length > 0) this.others.set(index, result)
    else {
      this.receipts[index] = result.receipt
      this.costs[index] = result.cost
    }
  }

  /** Takes over what the lanes came to. False where that cannot be had, or where two of them touched what they should not. */
  private async meet(): Promise<boolean> {
    const { registry, callUs } = this.options
    const taken = await Promise.all(
      this.lanes.map((lane) =>
        // Whatever is wrong with a lane, the block is executed without it.
        lane
          .answer(callUs)
          .then((answer) => this.takeOver(lane.sent, new LaneReader(registry, answer)))
          .catch(() => false),
      ),
    )
    this.watch.start()
    return taken.every((isTaken) => isTaken)
  }

  private takeOver(sent: readonly Sent[], answer: LaneReader): boolean {
    for (const call of sent) {
      const result = answer.step(call)
      const us = answer.us()
      this.keep(call.index, result)
      if (result.kind === 'included') this.watch.count(call.registered, result.cost.units, us)
    }
    answer.end()
    return this.machine.journal.take(answer.written())
  }

  /** Puts the block together in its order. Undefined where its budget would have had a say on the way. */
  private assemble(ordered: readonly SignedTransaction[], count: number): ExecutionOutput | undefined {
    const { assembly, machine, input } = this
    for (let index = 0; index < count; index++) {
      const transaction = ordered[index] as SignedTransaction
      const [receipt, cost] = [this.receipts[index], this.costs[index]]
      const result: Step | undefined =
        receipt === undefined || cost === undefined
          ? this.others.get(index)
          : { kind: 'included', receipt, cost, signals: NO_SIGNALS }
      assert(result !== undefined, 'every transaction came to something')
      if (result.kind === 'included' && result.cost.units > assembly.unitsLeft) return undefined
      assembly.add(transaction, result)
    }
    this.watch.start()
    for (let index = count; index < ordered.length; index++)
      assembly.run(machine, ordered[index] as SignedTransaction, input.feePolicy)
    return assembly.finish(machine)
  }
}
