import { createJournal, type EngineSignal, type Registry } from '#contracts/runtime'
import type { Receipt, SignedTransaction } from '#kernel'
import { assert, type Bytes } from '#primitives'
import type { Claims } from './analysis/claims.ts'
import { createStopwatch, type Measuring, type Stopwatch } from './analysis/costs.ts'
import { Assembly, beginBlock, inOrder, isNonParallel, type Step, step } from './block.ts'
import type { ExecutionCost, ExecutionInput, ExecutionOutput, RefusalCode } from './executor.ts'
import { readEntries } from './laneEntries.ts'
import { laneNumbers } from './laneNumbers.ts'
import { GivenLane, type Lanes } from './openLane.ts'
import { type Call, CHUNK, type Machine, prepareAll } from './transaction.ts'

const NO_SIGNALS: readonly EngineSignal[] = []
/** The caller's own lane, as a bit; those of other threads follow. */
const OWN = 1
/** Calls that wait until the lanes have met, because they mind the order with calls of several. */
const TAIL = 1 << 30
/**
 * What a lane does for each of its calls when the last is done, less what the caller has to do at that time anyway. Calls that come in the
 * last moments are the caller's.
 */
const CLOSING_US = 0.3

export interface SharingOptions {
  readonly registry: Registry
  readonly lanes: Lanes
  /** How many lanes to open. */
  readonly count: number
  readonly measuring: Measuring
  /** Of no block: the caller goes through one at a time. */
  readonly claims: Claims
  /** What a call of the block is expected to take on average. */
  readonly callUs: number
}

/** Transactions in block order, of which the first `count` may run side by side. */
interface Block {
  readonly ordered: readonly SignedTransaction[]
  readonly count: number
  readonly assembly: Assembly
}

function parallelPart(registry: Registry, ordered: readonly SignedTransaction[]): number {
  let count = ordered.length
  while (count > 0 && isNonParallel(registry, ordered[count - 1] as SignedTransaction)) count -= 1
  return count
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
  private readonly claims: Claims
  private readonly lanes: readonly GivenLane[]
  private readonly tail: { readonly index: number; readonly call: Call }[] = []
  /** In block order, what transactions came to: receipt and cost, or one of the few others, which say more or have none. */
  private readonly receipts: (Receipt | undefined)[] = []
  private readonly costs: (ExecutionCost | undefined)[] = []
  private readonly others = new Map<number, Step>()
  private hasBegun = false

  constructor(input: ExecutionInput, options: SharingOptions) {
    const { registry, measuring, lanes, count } = options
    const { env, mode, parentState } = input
    this.input = input
    this.options = options
    // First of all: a thread takes a while to begin.
    this.lanes = Array.from(
      { length: count },
      (_, at) => new GivenLane(lanes.open(at, { env, mode, parentState }), OWN << (at + 1), registry),
    )
    this.claims = options.claims
    this.claims.begin()
    this.machine = { registry, env, journal: createJournal(parentState) }
    this.watch = createStopwatch(measuring)
  }

  /** Undefined when the block has to be executed alone after all. Throws as the serial executor does. */
  async execute(): Promise<ExecutionOutput | undefined> {
    const { machine, tail } = this
    let hasMet = false
    let block: Block
    try {
      block = this.begin()
      const { ordered, count } = block
      for (let from = 0; from < count; from += CHUNK)
        this.takeSome(ordered.slice(from, from + CHUNK < count ? from + CHUNK : count), from, count)
    } finally {
      // Whatever happens, lanes come to their end: they could not be opened again.
      for (const lane of this.lanes) lane.close()
      hasMet = await this.meet()
    }
    if (!hasMet) return undefined
    for (const { index, call } of tail) this.run(index, call)
    // What the tail added may have to stand before what lanes added.
    if (tail.length > 0 && !machine.journal.isOrderFree()) return undefined
    return this.assemble(block)
  }

  private begin(): Block {
    const { machine, input, watch } = this
    const ordered = inOrder(machine.registry, input)
    return {
      ordered,
      count: parallelPart(machine.registry, ordered),
      assembly: new Assembly(input.mode, beginBlock(machine, undefined), watch),
    }
  }

  private takeSome(transactions: readonly SignedTransaction[], from: number, count: number): void {
    const calls = prepareAll(this.machine, transactions, this.input.feePolicy)
    this.watch.start()
    for (let at = 0; at < calls.length; at++) {
      const { args } = transactions[at] as SignedTransaction
      this.take(from + at, calls[at] as Call | RefusalCode, args, count - from - at)
    }
  }

  /** One transaction; `left` is how many there are with it. */
  private take(index: number, call: Call | RefusalCode, args: Bytes, left: number): void {
    const { registry } = this.options
    this.receipts.push(undefined)
    this.costs.push(undefined)
    if (typeof call === 'string') {
      this.others.set(index, { kind: 'dropped', reason: call })
      return
    }
    const needed = this.claims.lanesOf(call.declared ?? registry.fees.declares(call.from))
    if (needed === 0) this.closeEarly(left)
    const lane =
      needed === OWN ? undefined : needed === 0 ? this.idle(left) : this.lanes.find(({ bit }) => bit === needed)
    if (lane?.give(index, call, args) === true) {
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

  /** A lane that would soon run out of work; undefined where the caller is next. */
  private idle(left: number): GivenLane | undefined {
    // Where all calls bind each other they stay with the first one, and the caller has its contracts at hand.
    if (!this.hasBegun) {
      this.hasBegun = true
      return undefined
    }
    // Even a lane that takes twice as long for each call is done with so many when the caller has done the rest.
    const most = left / (this.lanes.length + 2)
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
    // Meanwhile lanes list what they wrote.
    this.machine.journal.listAhead()
    // Whatever is wrong with a lane, the block is executed without it.
    const taken = await Promise.all(this.lanes.map((lane) => this.takeOver(lane).catch(() => false)))
    this.watch.start()
    return taken.every((isTaken) => isTaken)
  }

  private async takeOver(lane: GivenLane): Promise<boolean> {
    const { registry, callUs } = this.options
    this.keepResults(lane)
    const entries = await lane.answer(callUs)
    this.keepResults(lane)
    return this.machine.journal.take(readEntries(entries, laneNumbers(registry).items))
  }

  private keepResults(lane: GivenLane): void {
    for (const { call, result, us } of lane.results()) {
      this.keep(call.index, result)
      if (result.kind === 'included') this.watch.count(call.registered, result.cost.units, us)
    }
  }

  /** Puts the block together in its order. Undefined where its budget would have had a say on the way. */
  private assemble({ ordered, count, assembly }: Block): ExecutionOutput | undefined {
    const { machine, input } = this
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
    assembly.runAll(machine, ordered.slice(count), input.feePolicy)
    return assembly.finish(machine)
  }
}
