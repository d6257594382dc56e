import type { BlockEnvironment, ViewValue } from '#contracts/runtime'
import type { FieldValues, MethodDescriptor, SignedTransaction, StateReader, UnsignedTransaction } from '#kernel'
import type { Amount, Hash } from '#primitives'
import { createCostBook, type Measuring, type MethodCost } from './analysis/costs.ts'
import {
  assertSuccession,
  type BlockEra,
  callEra,
  calledOff,
  type Era,
  type Eras,
  findEra,
  isFailedActivation,
  obtainEra,
} from './eras.ts'
import type {
  AdmissionResult,
  CallState,
  ExecutionInput,
  ExecutionOutput,
  Executor,
  SerialExecutor,
  SimulationCall,
  SimulationResult,
  Upgrade,
} from './executor.ts'
import type { Lanes } from './openLane.ts'
import { createParallelExecutor } from './parallel.ts'
import { createSerialExecutor } from './serial.ts'

/** A state and the block a call would stand in. */
export interface EraState {
  readonly state: StateReader
  readonly env: BlockEnvironment
}

type Named = Pick<UnsignedTransaction, 'contract' | 'method'>

/** How blocks are executed, where that is not simply one transaction after the other. */
export interface EraOptions {
  /** Where measured work goes; left out: expectations only, nothing is measured. */
  readonly measuring?: Measuring
  /** Who executes parts of the blocks of a collection. */
  lanes?(era: Era): Lanes
}

/** An executor that takes from each block's parent state which collection runs it. */
export interface EraExecutor {
  /** Has the collection of a block at hand, with its methods. Rejects with `execution.collection` when it cannot be had. */
  ready(state: StateReader, height: bigint): Promise<void>
  /** Rejects with `execution.collection` when the block's collection cannot be had, and with what `Executor` throws. */
  execute(input: Omit<ExecutionInput, 'feePolicy' | 'upgrade'>): Promise<ExecutionOutput>
  verifyForAdmission(transaction: SignedTransaction, on: EraState): AdmissionResult
  simulate(call: SimulationCall, on: EraState): SimulationResult
  feeOf(transaction: UnsignedTransaction, on: EraState): Amount
  /** The method a transaction names, in the newest collection so far that has it. */
  methodOf(transaction: Named): MethodDescriptor | undefined
  view(call: { readonly contract: string; readonly view: string; readonly args: FieldValues }, on: EraState): ViewValue
  /** What runs a block at `height` on top of a state; the collection before while that is not at hand. */
  eraAt(state: StateReader, height: bigint): Era
  /** The collections that are at hand, that of genesis first. */
  known(): readonly Era[]
  /** What methods are expected to take and took so far, where that is measured. */
  costs(): readonly MethodCost[]
}

/** The era that a block begins with, its executor, and what is left to do first. */
interface Begun {
  readonly era: Era
  readonly executor: SerialExecutor
  readonly upgrade?: Upgrade
}

/** The executors of one collection: for whole blocks, and for everything. */
interface Pair {
  readonly blocks: Executor
  readonly calls: SerialExecutor
}

class CollectionExecutor {
  private readonly eras: Eras
  private readonly measuring: Measuring
  private readonly options: EraOptions
  private readonly executors = new Map<Hash, Pair>()
  private readonly latestFirst: SerialExecutor[] = []
  private readonly eraList: Era[] = []
  /** States in front of an activation, as its first transaction will find them. */
  private readonly begun = new WeakMap<StateReader, { readonly era: Era; readonly state: StateReader }>()

  private last: { readonly state: StateReader; readonly height: bigint; readonly found: BlockEra } | undefined

  constructor(eras: Eras, options: EraOptions) {
    this.eras = eras
    this.options = options
    this.measuring = options.measuring ?? { costs: createCostBook() }
    this.executorOf(eras.first)
  }

  async ready(state: StateReader, height: bigint): Promise<void> {
    const { era } = await obtainEra(this.eras, state, height)
    this.executorOf(era)
  }

  async execute(input: Omit<ExecutionInput, 'feePolicy' | 'upgrade'>): Promise<ExecutionOutput> {
    const { parentState: state, env } = input
    const found = await obtainEra(this.eras, state, env.height)
    const { era, upgrade } = this.begin(found, { state, env })
    const feePolicy = era.feePolicyAt(env.height)
    const { blocks } = this.pairOf(era)
    return blocks.execute(upgrade === undefined ? { ...input, feePolicy } : { ...input, feePolicy, upgrade })
  }

  verifyForAdmission(transaction: SignedTransaction, on: EraState): AdmissionResult {
    const { executor, call } = this.forCall(on)
    return executor.verifyForAdmission(transaction, call)
  }

  simulate(request: SimulationCall, on: EraState): SimulationResult {
    const { executor, call } = this.forCall(on)
    return executor.simulate(request, call)
  }

  feeOf(transaction: UnsignedTransaction, on: EraState): Amount {
    const { executor, call } = this.forCall(on)
    return executor.feeOf(transaction, call.feePolicy)
  }

  methodOf(transaction: Named): MethodDescriptor | undefined {
    for (const calls of this.latestFirst) {
      const method = calls.methodOf(transaction)
      if (method !== undefined) return method
    }
    return undefined
  }

  view(
    call: { readonly contract: string; readonly view: string; readonly args: FieldValues },
    on: EraState,
  ): ViewValue {
    const found = this.forCall(on)
    return found.executor.view(call, found.call)
  }

  eraAt(state: StateReader, height: bigint): Era {
    const { era } = this.callAt(state, height)
    // Its methods are known from now on: after a start, signers are looked for before any block has run.
    this.executorOf(era)
    return era
  }

  known(): readonly Era[] {
    return this.eras.all?.() ?? this.eraList
  }

  costs(): readonly MethodCost[] {
    return this.measuring.costs.list()
  }

  private executorOf(era: Era): SerialExecutor {
    return this.pairOf(era).calls
  }

  private pairOf(era: Era): Pair {
    const known = this.executors.get(era.hash)
    if (known !== undefined) return known
    const { measuring } = this
    const lanes = this.options.lanes?.(era)
    const calls = createSerialExecutor(era.registry, measuring)
    const alone: Executor = { execute: (input) => calls.executeInTurns(input) }
    const blocks = lanes === undefined ? alone : createParallelExecutor(era.registry, { lanes, measuring })
    const pair = { blocks, calls }
    this.executors.set(era.hash, pair)
    this.latestFirst.unshift(calls)
    this.eraList.push(era)
    return pair
  }

  /** Tries the activation; where it fails, the block runs with the collection before. */
  private begin({ era, upgrade }: BlockEra, on: EraState): Begun {
    const executor = this.executorOf(era)
    if (upgrade === undefined) return { era, executor }
    const former = findEra(this.eras, on.state, on.env.height - 1n).era
    try {
      assertSuccession(former, era)
      executor.begin(upgrade, on)
      return { era, executor, upgrade }
    } catch (error) {
      if (!isFailedActivation(error)) throw error
      const off = calledOff(on.state, on.env.height)
      return { era: former, executor: this.executorOf(former), upgrade: off }
    }
  }

  /** What answers calls at a place; remembered, since a crowd of them speaks of the present head. */
  private callAt(state: StateReader, height: bigint): BlockEra {
    const { last } = this
    if (last?.state === state && last.height === height) return last.found
    const found = callEra(this.eras, state, height)
    // Not while the collection before serves: the right one may come at any time.
    if (found.isLate !== true) this.last = { state, height, found }
    return found
  }

  /** The state as the first transaction of the block will find it. */
  private forCall({ state, env }: EraState): { executor: SerialExecutor; call: CallState } {
    const found = this.callAt(state, env.height)
    let at = { era: found.era, state }
    if (found.upgrade !== undefined) {
      const known = this.begun.get(state) ?? this.beginFor(found, { state, env })
      this.begun.set(state, known)
      at = known
    }
    const feePolicy = at.era.feePolicyAt(env.height)
    return { executor: this.executorOf(at.era), call: { state: at.state, env, feePolicy } }
  }

  private beginFor(found: BlockEra, on: EraState): { era: Era; state: StateReader } {
    const { era, executor, upgrade } = this.begin(found, on)
    return { era, state: upgrade === undefined ? on.state : executor.begin(upgrade, on) }
  }
}

/** An executor over several collections of one chain. */
export function createEraExecutor(eras: Eras, options: EraOptions = {}): EraExecutor {
  const made = new CollectionExecutor(eras, options)
  return {
    ready: (state, height) => made.ready(state, height),
    execute: (input) => made.execute(input),
    verifyForAdmission: (transaction, on) => made.verifyForAdmission(transaction, on),
    simulate: (call, on) => made.simulate(call, on),
    feeOf: (transaction, on) => made.feeOf(transaction, on),
    methodOf: (named) => made.methodOf(named),
    view: (call, on) => made.view(call, on),
    eraAt: (state, height) => made.eraAt(state, height),
    known: () => made.known(),
    costs: () => made.costs(),
  }
}
