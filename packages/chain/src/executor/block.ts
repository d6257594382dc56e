import {
  type ContractError,
  createContext,
  type EngineSignal,
  type Journal,
  type Registry,
  UNLIMITED,
} from '#contracts/runtime'
import {
  COLLECTION_CONTRACT,
  CURRENT_COLLECTION_ITEM,
  type CurrentCollection,
  currentCollectionPath,
  type ExecutionSummary,
  encodeCurrentCollection,
  type Receipt,
  type ReceiptEvent,
  type SignedTransaction,
} from '#kernel'
import { AelfError, assert, type Hash, ZERO_HASH } from '#primitives'
import type { Stopwatch } from './analysis/costs.ts'
import { ExecutionError } from './error.ts'
import type {
  DroppedTransaction,
  ExecutionCost,
  ExecutionInput,
  ExecutionOutput,
  RefusalCode,
  Upgrade,
} from './executor.ts'
import { type Call, charge, costSince, type Machine, type Outcome, prepareAll, run } from './transaction.ts'

/** Most units of work in one block; a block above it is invalid. About 10,000 transfers, and about a third of a slot on a slow core. */
export const MAX_BLOCK_UNITS = 250_000

/** Most units for moving state over to a new collection: about four full blocks. What takes more moves state step by step, later. */
export const MAX_ACTIVATION_UNITS = 1_000_000

export function receiptOf(call: Call, outcome: Outcome, events: readonly ReceiptEvent[]): Receipt {
  const { error } = outcome
  return error === undefined
    ? { transactionId: call.id, status: 'success', fee: call.fee, events }
    : {
        transactionId: call.id,
        status: 'failed',
        error: { contract: error.contract, error: error.number },
        fee: call.fee,
        events,
      }
}

function summarise(signals: readonly EngineSignal[]): ExecutionSummary {
  const evicted = signals.flatMap((signal) => (signal.kind === 'evict' ? [signal.address] : []))
  const term = signals.findLast((signal) => signal.kind === 'term')
  return term === undefined ? { evicted } : { evicted, termResult: term.producers }
}

function runHooks(machine: Machine): ReturnType<Journal['settle']> {
  const { registry, env, journal } = machine
  for (const { address, hooks } of registry.contracts) {
    const scope = { registry, journal, access: UNLIMITED, block: env, from: address, transactionId: ZERO_HASH }
    hooks.endBlock?.(createContext(scope, address, address))
  }
  return journal.settle()
}

/** Moves state over. Whatever goes wrong by rule gives the same error on every machine: `execution.activation`. */
function runActivation({ registry, env, journal }: Machine, from: Hash): void {
  try {
    for (const { address, hooks } of registry.contracts) {
      const scope = { registry, journal, access: UNLIMITED, block: env, from: address, transactionId: ZERO_HASH }
      hooks.activate?.(createContext(scope, address, address), { from })
    }
  } catch (cause) {
    if (!(cause instanceof AelfError)) throw cause
    throw new ExecutionError('execution.activation', 'a contract refuses to take over the state', { cause })
  }
  const { units } = costSince(journal, { reads: 0, writes: 0 })
  if (units > MAX_ACTIVATION_UNITS) {
    throw new ExecutionError('execution.activation', `taking over the state takes ${units} units`, {
      details: { units },
    })
  }
}

/** Puts the former collection back in force. */
function callOff({ registry, journal }: Machine, current: CurrentCollection): void {
  const item = registry.contracts
    .find(({ identity }) => identity.number === COLLECTION_CONTRACT)
    ?.state.find(({ number }) => number === CURRENT_COLLECTION_ITEM)
  assert(item !== undefined, 'who was replaced can be put back')
  const place = { item, key: new Uint8Array(0), path: currentCollectionPath, first: undefined }
  journal.set(place, encodeCurrentCollection(current))
}

export function beginBlock(machine: Machine, upgrade: Upgrade | undefined): ReturnType<Journal['settle']> {
  if (upgrade?.kind === 'activate') runActivation(machine, upgrade.from)
  if (upgrade?.kind === 'callOff') callOff(machine, upgrade.current)
  return machine.journal.settle()
}

/** What a transaction came to that stands in the block. */
export interface IncludedStep {
  readonly kind: 'included'
  readonly receipt: Receipt
  readonly cost: ExecutionCost
  readonly signals: readonly EngineSignal[]
}

/** What one transaction of a block came to. */
export type Step =
  | IncludedStep
  | { readonly kind: 'dropped'; readonly reason: DroppedTransaction['reason']; readonly error?: ContractError }

/** Fee, call and receipt of one transaction; what is dropped leaves no trace but counts. */
export function step(machine: Machine, call: Call, mode: ExecutionInput['mode'], unitsLeft: number): Step {
  const { journal } = machine
  const start = journal.checkpoint()
  const { reads, writes } = journal.counts
  if (!charge(machine, call.from, call.fee)) return { kind: 'dropped', reason: 'unpayable' }
  const outcome = run(machine, call)
  const cost = costSince(journal, { reads, writes })
  if (cost.units > unitsLeft) {
    journal.rollback(start)
    return { kind: 'dropped', reason: 'overBudget' }
  }
  if (mode === 'build' && outcome.phase === 'verify' && outcome.error !== undefined) {
    journal.rollback(start)
    return { kind: 'dropped', reason: 'refused', error: outcome.error }
  }
  const { events, signals } = journal.settle()
  return { kind: 'included', receipt: receiptOf(call, outcome, events), cost, signals }
}

export const isNonParallel = (registry: Registry, { contract, method }: SignedTransaction): boolean =>
  registry.method(contract, method)?.method.nonParallel ?? false

/** Non-parallel transactions run last. Building sorts them there; validating insists. */
export function inOrder(registry: Registry, { transactions, mode }: ExecutionInput): readonly SignedTransaction[] {
  const alone = transactions.map((transaction) => isNonParallel(registry, transaction))
  if (mode === 'build') {
    return [...transactions.filter((_, index) => !alone[index]), ...transactions.filter((_, index) => alone[index])]
  }
  const index = alone.findIndex((last, at) => !last && at > 0 && alone[at - 1] === true)
  if (index >= 0) {
    throw new ExecutionError('execution.order', 'a parallel transaction follows a non-parallel one', {
      details: { index },
    })
  }
  return transactions
}

/**
 * A class, so that the getter stands in its prototype. An object with a getter of its own has a shape of its own, which holds the getter,
 * and with it the whole journal; shapes are kept until the old part of the heap is collected.
 */
class Output implements ExecutionOutput {
  readonly transactions: ExecutionOutput['transactions']
  readonly receipts: ExecutionOutput['receipts']
  readonly costs: ExecutionOutput['costs']
  readonly dropped: ExecutionOutput['dropped']
  readonly diff: ExecutionOutput['diff']
  readonly summary: ExecutionOutput['summary']
  readonly blockEvents: ExecutionOutput['blockEvents']
  readonly #journal: Journal

  constructor(journal: Journal, of: Omit<ExecutionOutput, 'written'>) {
    this.transactions = of.transactions
    this.receipts = of.receipts
    this.costs = of.costs
    this.dropped = of.dropped
    this.diff = of.diff
    this.summary = of.summary
    this.blockEvents = of.blockEvents
    this.#journal = journal
  }

  /** Asked for by simulations only, which check invariants. */
  get written(): ExecutionOutput['written'] {
    return this.#journal.written()
  }
}

/** The results of a block's transactions, put together in block order. */
export class Assembly {
  unitsLeft: number = MAX_BLOCK_UNITS
  private readonly mode: ExecutionInput['mode']
  private readonly begun: ReturnType<Journal['settle']>
  private readonly transactions: SignedTransaction[] = []
  private readonly receipts: Receipt[] = []
  private readonly costs: ExecutionCost[] = []
  private readonly dropped: DroppedTransaction[] = []
  private readonly signals: EngineSignal[] = []
  private readonly watch: Stopwatch
  private index = 0

  constructor(mode: ExecutionInput['mode'], begun: ReturnType<Journal['settle']>, watch: Stopwatch) {
    this.mode = mode
    this.begun = begun
    this.watch = watch
  }

  /** Throws `execution.*` when a transaction is dropped from a block that is to be validated. */
  add(transaction: SignedTransaction, result: Step): void {
    const index = this.index
    this.index += 1
    if (result.kind === 'included') {
      this.unitsLeft -= result.cost.units
      this.transactions.push(transaction)
      this.receipts.push(result.receipt)
      this.costs.push(result.cost)
      for (const signal of result.signals) this.signals.push(signal)
      return
    }
    const { reason, error } = result
    if (this.mode === 'validate') {
      throw new ExecutionError(`execution.${reason}`, `transaction ${index} cannot stand in a block`, {
        details: { index },
      })
    }
    this.dropped.push(error === undefined ? { transaction, reason } : { transaction, reason, error })
  }

  /** Executes some more transactions and adds what they came to. */
  runAll(machine: Machine, transactions: readonly SignedTransaction[], feePolicy: ExecutionInput['feePolicy']): void {
    const calls = prepareAll(machine, transactions, feePolicy)
    this.watch.start()
    for (let at = 0; at < calls.length; at++)
      this.run(machine, transactions[at] as SignedTransaction, calls[at] as Call | RefusalCode)
  }

  private run(machine: Machine, transaction: SignedTransaction, call: Call | RefusalCode): void {
    if (typeof call === 'string') {
      this.add(transaction, { kind: 'dropped', reason: call })
      return
    }
    const result = step(machine, call, this.mode, this.unitsLeft)
    if (result.kind === 'included') this.watch.lap(call.registered, result.cost.units)
    else this.watch.start()
    this.add(transaction, result)
  }

  /** Runs the hooks and lists what the block changed. */
  finish(machine: Machine): ExecutionOutput {
    this.watch.done()
    const hooks = runHooks(machine)
    const { journal } = machine
    return new Output(journal, {
      transactions: this.transactions,
      receipts: this.receipts,
      costs: this.costs,
      dropped: this.dropped,
      diff: journal.diff(),
      summary: summarise([...this.begun.signals, ...this.signals, ...hooks.signals]),
      blockEvents: [...this.begun.events, ...hooks.events],
    })
  }
}
