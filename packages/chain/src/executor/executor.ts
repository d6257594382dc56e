import type { BlockEnvironment, ContractError, ViewValue, WrittenKey } from '#contracts/runtime'
import type {
  CurrentCollection,
  ExecutionSummary,
  FeePolicy,
  FieldValues,
  MethodDescriptor,
  Receipt,
  ReceiptError,
  ReceiptEvent,
  SignedTransaction,
  StateDiff,
  StateReader,
  UnsignedTransaction,
} from '#kernel'
import type { Address, Amount, Bytes, Hash } from '#primitives'

/** Counted work of one transaction; machine independent. */
export interface ExecutionCost {
  readonly reads: number
  readonly writes: number
  /** reads + 4 × writes: what counts against the block's budget. */
  readonly units: number
}

/** Why a transaction cannot stand in a block at all. */
export type RefusalCode = 'unknownMethod' | 'malformedArguments' | 'feeLimit' | 'unpayable'

export interface DroppedTransaction {
  readonly transaction: SignedTransaction
  /** A `RefusalCode`, `refused` with the contract's error, or `overBudget` when it may fit a later block. */
  readonly reason: RefusalCode | 'refused' | 'overBudget'
  readonly error?: ContractError
}

export interface ExecutionInput {
  readonly parentState: StateReader
  readonly transactions: readonly SignedTransaction[]
  readonly env: BlockEnvironment
  readonly feePolicy: FeePolicy
  /**
   * `validate` takes the transactions as they stand and throws `ExecutionError` when the block is invalid. `build` drops
   * what does not fit and puts non-parallel transactions last: use `output.transactions` for the block.
   */
  readonly mode: 'build' | 'validate'
  /** Only in the first block of a collection. */
  readonly upgrade?: Upgrade
  /** Called now and then between two transactions: others may use the thread until it resolves. Left out, the block is executed in one go. */
  readonly breathe?: (() => Promise<void>) | undefined
}

/**
 * How the first block of a collection begins: with the hooks that move state over, or, where that failed, with the collection before
 * and an entry that says so.
 */
export type Upgrade =
  | { readonly kind: 'activate'; readonly from: Hash }
  | { readonly kind: 'callOff'; readonly current: CurrentCollection }

export interface ExecutionOutput {
  /** In block order; the same list as given when validating. */
  readonly transactions: readonly SignedTransaction[]
  /** One per transaction, same order. */
  readonly receipts: readonly Receipt[]
  readonly diff: StateDiff
  readonly summary: ExecutionSummary
  /** Events of the hooks, which belong to the block and to no receipt. */
  readonly blockEvents: readonly ReceiptEvent[]
  readonly costs: readonly ExecutionCost[]
  readonly dropped: readonly DroppedTransaction[]
  /** Keys behind the written paths. */
  readonly written: ReadonlyMap<Hash, WrittenKey>
}

export interface UpgradeOutput extends Pick<ExecutionOutput, 'diff' | 'written'> {
  readonly cost: ExecutionCost
}

/** The one interface of block execution. Every implementation yields the output of the serial one. */
export interface Executor {
  execute(input: ExecutionInput): ExecutionOutput | Promise<ExecutionOutput>
}

export interface CallState {
  readonly state: StateReader
  /** The block the call would stand in: one above the head. */
  readonly env: BlockEnvironment
  readonly feePolicy: FeePolicy
}

/** Result of checking a transaction without running it. `fee` is what it would pay. */
export type AdmissionResult =
  | { readonly ok: true; readonly fee: Amount; readonly method: MethodDescriptor; readonly nonParallel: boolean }
  | {
      readonly ok: false
      readonly code: `tx.${'unknownMethod' | 'invalidArguments' | 'feeLimit' | 'insufficientFunds' | 'refused'}`
      readonly fee?: Amount
      readonly error?: ContractError
    }

export interface SimulationCall {
  readonly from: Address
  readonly contract: Address
  readonly method: number
  /** Encoded arguments. */
  readonly args: Bytes
}

export interface SimulationResult {
  readonly ok: boolean
  readonly fee: Amount
  readonly error?: ReceiptError
  readonly help?: string
  readonly events: readonly ReceiptEvent[]
  readonly diff: StateDiff
  readonly cost: ExecutionCost
  readonly method: MethodDescriptor
}

/** The serial executor with the checks that work on single transactions; synchronous but for turns of others. */
export interface SerialExecutor extends Executor {
  /** In one go, whatever the input says of turns. */
  execute(input: ExecutionInput): ExecutionOutput
  /** The same with turns for others, where the input has them. */
  executeInTurns(input: ExecutionInput): ExecutionOutput | Promise<ExecutionOutput>
  /** A state as the first transaction of a block finds it. Throws `execution.activation` when it cannot be taken over. */
  begin(upgrade: Upgrade, on: Omit<CallState, 'feePolicy'>): StateReader
  /** What beginning a block so changes and costs. Throws as `begin` does. */
  upgrade(upgrade: Upgrade, on: Omit<CallState, 'feePolicy'>): UpgradeOutput
  /** Everything but mark, replay and signature: method, arguments, fee, and the contract's own verify. Never throws for a bad transaction. */
  verifyForAdmission(transaction: SignedTransaction, call: CallState): AdmissionResult
  /** Runs a call on a copy of the state. Throws `execution.unknownMethod` and `execution.malformedArguments`. */
  simulate(call: SimulationCall, on: CallState): SimulationResult
  /** Fee of an unsigned transaction. Throws `execution.unknownMethod`. */
  feeOf(transaction: UnsignedTransaction, feePolicy: FeePolicy): Amount
  /** The method a transaction names. */
  methodOf(transaction: Pick<UnsignedTransaction, 'contract' | 'method'>): MethodDescriptor | undefined
  /** Runs a view. Throws `runtime.unknownContract`, `runtime.unknownView`, `runtime.arguments`. */
  view(
    call: { readonly contract: string; readonly view: string; readonly args: FieldValues },
    on: Omit<CallState, 'feePolicy'>,
  ): ViewValue
}
