import { type BlockEnvironment, createJournal, type Registry } from '#contracts/runtime'
import type { SignedTransaction } from '#kernel'
import { AelfError, type Bytes } from '#primitives'
import { createStopwatch, type Measuring } from './analysis/costs.ts'
import { Gains } from './analysis/gains.ts'
import { groupsOf, spread } from './analysis/groups.ts'
import { Assembly, beginBlock, inOrder, isNonParallel, type Step, step } from './block.ts'
import type { ExecutionInput, ExecutionOutput, Executor } from './executor.ts'
import { decodeLane, encodeCalls } from './lane.ts'
import { createSerialExecutor } from './serial.ts'
import { type Call, declaredBy, type Machine, prepare } from './transaction.ts'

/** A part of a block for another thread. */
export interface LaneOrder {
  readonly env: BlockEnvironment
  readonly parentState: ExecutionInput['parentState']
  readonly mode: ExecutionInput['mode']
  /** See `serveLane`. */
  readonly calls: Bytes
  /** Microseconds it is expected to take. */
  readonly expectedUs: number
}

/** Who executes parts of blocks beside the calling thread. */
export interface Lanes {
  /** How many parts can be executed at a time; zero while there is nobody, or the state cannot be read from elsewhere. */
  ready(state: ExecutionInput['parentState']): number
  /** Rejects when the part cannot be had: the caller executes the block alone then. */
  run(lane: number, order: LaneOrder): Promise<Bytes>
}

/** What makes a block worth sharing. The figures are of a machine with two cores; see the benchmark `parallel`. */
export interface BreakEven {
  /** Work of the whole block: below, waking a thread takes a part of what it saves. */
  readonly blockUs: number
  /** Work of one transaction: below, finding groups and moving calls and results takes as long as executing them. */
  readonly callUs: number
  /** Share of the work that the fullest lane may have. */
  readonly fullest: number
  /** Stops for a while when shared blocks are slower than was expected of one core. */
  readonly backOff?: boolean
}

/** What a lane in another thread has to do for each call besides executing it: reading it and writing what came of it. */
const MOVING_US = 3

export const BREAK_EVEN: BreakEven = { blockUs: 3_000, callUs: 16, fullest: 0.8, backOff: true }

export interface ParallelOptions {
  readonly lanes: Lanes
  readonly measuring: Measuring
  readonly breakEven?: BreakEven
}

/** A transaction of the part that may run in lanes. */
interface Task {
  readonly transaction: SignedTransaction
  readonly call: Call
}

/** The transactions of a block, in its order. */
interface Plan {
  readonly ordered: readonly SignedTransaction[]
  /** In the order of `ordered`: a call, or what is wrong with it whatever the state. */
  readonly prepared: readonly (Call | Exclude<ReturnType<typeof prepare>, Call>)[]
  readonly tasks: readonly Task[]
  readonly shares: readonly (readonly number[])[]
  readonly loads: readonly number[]
  /** Of its parallel part, one call after the other. */
  readonly expectedUs: number
}

class ParallelExecutor implements Executor {
  private readonly registry: Registry
  private readonly options: Required<ParallelOptions>
  private readonly serial: Executor
  private readonly gains = new Gains()

  constructor(registry: Registry, options: ParallelOptions) {
    this.registry = registry
    this.options = { breakEven: BREAK_EVEN, ...options }
    this.serial = createSerialExecutor(registry, options.measuring)
  }

  async execute(input: ExecutionInput): Promise<ExecutionOutput> {
    const now = this.options.measuring.nowUs ?? ((): number => 0)
    const began = now()
    const plan = this.plan(input)
    if (plan === undefined) return this.serial.execute(input)
    const shared = await this.share(input, plan)
    if (this.options.breakEven.backOff === true) this.gains.note(plan.expectedUs, now() - began)
    return shared ?? this.serial.execute(input)
  }

  /** How to share a block; undefined where that would gain nothing. */
  private plan(input: ExecutionInput): Plan | undefined {
    const { lanes, breakEven } = this.options
    // A block that begins an era is rare, and its first work is nobody's transaction.
    if (input.upgrade !== undefined || input.transactions.length < 2) return undefined
    const expectedUs = this.expectedOf(input)
    if (expectedUs < breakEven.blockUs) return undefined
    const count = lanes.ready(input.parentState)
    if (count === 0 || !this.gains.next()) return undefined
    const ordered = inOrder(this.registry, input)
    const tasks: Task[] = []
    const prepared: Plan['prepared'][number][] = []
    for (const transaction of ordered) {
      if (isNonParallel(this.registry, transaction)) break
      const call = prepare(this.registry, transaction, input.feePolicy)
      prepared.push(call)
      if (typeof call === 'string') continue
      this.declare(input, call)
      tasks.push({ transaction, call })
    }
    const groups = groupsOf(tasks.map(({ call }) => call.declared ?? this.registry.fees.declares(call.from)))
    const expected = tasks.map(({ call }) => this.options.measuring.costs.expect(call.registered))
    const { lanes: shares, loads } = spread(groups, expected, { lanes: count + 1, moving: MOVING_US })
    const total = loads.reduce((sum, load) => sum + load, 0)
    const fullest = loads.reduce((most, load) => (load > most ? load : most), 0)
    return fullest > breakEven.fullest * total ? undefined : { ordered, prepared, tasks, shares, loads, expectedUs }
  }

  /** Microseconds that the parallel part is expected to take; zero where its calls are too short to be worth moving. */
  private expectedOf({ transactions }: ExecutionInput): number {
    let us = 0
    let calls = 0
    for (const { contract, method } of transactions) {
      const found = this.registry.method(contract, method)
      if (found === undefined || found.method.nonParallel) continue
      us += this.options.measuring.costs.expect(found)
      calls += 1
    }
    return us < calls * this.options.breakEven.callUs ? 0 : us
  }

  private declare({ env }: ExecutionInput, call: Call): void {
    try {
      call.declared = declaredBy({ registry: this.registry, env }, call)
    } catch (error) {
      // A declaration that fails by rule fails the call when it is run, and leaves its fee alone.
      if (!(error instanceof AelfError)) throw error
    }
  }

  /** Undefined when the block has to be executed alone after all. */
  private async share(input: ExecutionInput, plan: Plan): Promise<ExecutionOutput | undefined> {
    const { lanes, measuring } = this.options
    const { env, mode, parentState } = input
    const calls = plan.shares.map((share) => share.map((index) => (plan.tasks[index] as Task).call))
    const orders = plan.shares.slice(1).map((share, at) => {
      const sent = share.map((index) => plan.tasks[index] as Task)
      const bytes = encodeCalls(
        this.registry,
        sent.map(({ call, transaction }) => ({ call, args: transaction.args })),
      )
      const order = { env, mode, parentState, calls: bytes, expectedUs: plan.loads[at + 1] ?? 0 }
      // Whatever is wrong with a lane, the block is executed without it.
      return lanes
        .run(at, order)
        .then((result) => decodeLane(this.registry, calls[at + 1] ?? [], result))
        .catch(() => undefined)
    })
    const machine: Machine = { registry: this.registry, env, journal: createJournal(parentState) }
    const watch = createStopwatch(measuring)
    const assembly = new Assembly(mode, beginBlock(machine, undefined), watch)
    const steps = new Array<Step>(plan.tasks.length)
    watch.start()
    for (const index of plan.shares[0] ?? []) {
      const { call } = plan.tasks[index] as Task
      const result = step(machine, call, mode, Number.POSITIVE_INFINITY)
      steps[index] = result
      if (result.kind === 'included') watch.lap(call.registered, result.cost.units)
      else watch.start()
    }
    const results = await Promise.all(orders)
    for (const [at, result] of results.entries()) {
      if (result === undefined) return undefined
      for (const entry of result.entries) if (!machine.journal.take(entry)) return undefined
      for (const [place, index] of (plan.shares[at + 1] ?? []).entries()) {
        const done = result.steps[place] as Step
        steps[index] = done
        const { registered } = (plan.tasks[index] as Task).call
        if (done.kind === 'included') watch.count(registered, done.cost.units, result.us[place] ?? 0)
      }
    }
    return this.assemble(input, plan, { machine, assembly, steps })
  }

  /** Puts the block together in its order. Undefined where its budget would have had a say on the way. */
  private assemble(
    input: ExecutionInput,
    { ordered, prepared }: Plan,
    { machine, assembly, steps }: { machine: Machine; assembly: Assembly; steps: readonly Step[] },
  ): ExecutionOutput | undefined {
    let next = 0
    for (const [index, call] of prepared.entries()) {
      const transaction = ordered[index] as SignedTransaction
      if (typeof call === 'string') {
        assembly.add(transaction, { kind: 'dropped', reason: call })
        continue
      }
      const result = steps[next] as Step
      next += 1
      if (result.kind === 'included' && result.cost.units > assembly.unitsLeft) return undefined
      assembly.add(transaction, result)
    }
    for (const transaction of ordered.slice(prepared.length)) assembly.run(machine, transaction, input.feePolicy)
    return assembly.finish(machine)
  }
}

/**
 * Executes blocks as the serial executor does, on several threads where that is expected to be faster. Every result is equal to the
 * serial one; where anything is out of the ordinary the serial one is what is done.
 */
export function createParallelExecutor(registry: Registry, options: ParallelOptions): Executor {
  return new ParallelExecutor(registry, options)
}
