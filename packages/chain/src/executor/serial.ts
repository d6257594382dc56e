import {
  type BlockEnvironment,
  type ContractError,
  createContext,
  createJournal,
  type EngineSignal,
  type Journal,
  type Registry,
  readView,
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
  type StateReader,
} from '#kernel'
import { AelfError, assert, type Hash, ZERO_HASH } from '#primitives'
import { ExecutionError } from './error.ts'
import type {
  DroppedTransaction,
  ExecutionCost,
  ExecutionInput,
  ExecutionOutput,
  SerialExecutor,
  Upgrade,
  UpgradeOutput,
} from './executor.ts'
import { admit, feeOfUnsigned, simulateCall } from './single.ts'
import { type Call, charge, costSince, type Machine, type Outcome, prepare, run } from './transaction.ts'

/** Most units of work in one block; a block above it is invalid. About 10,000 transfers, and about a third of a slot on a slow core. */
export const MAX_BLOCK_UNITS = 250_000

/** Most units for moving state over to a new collection: about four full blocks. What takes more moves state step by step, later. */
export const MAX_ACTIVATION_UNITS = 1_000_000

function receiptOf(call: Call, outcome: Outcome, events: readonly ReceiptEvent[]): Receipt {
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

function runHooks(machine: Machine): { events: ReceiptEvent[]; signals: EngineSignal[] } {
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

function beginBlock(machine: Machine, upgrade: Upgrade | undefined): ReturnType<Journal['settle']> {
  if (upgrade?.kind === 'activate') runActivation(machine, upgrade.from)
  if (upgrade?.kind === 'callOff') callOff(machine, upgrade.current)
  return machine.journal.settle()
}

/** What the first block of a collection does before its first transaction. */
function upgradeState(
  registry: Registry,
  upgrade: Upgrade,
  on: { state: StateReader; env: BlockEnvironment },
): UpgradeOutput {
  const machine: Machine = { registry, env: on.env, journal: createJournal(on.state) }
  beginBlock(machine, upgrade)
  const { journal } = machine
  return { diff: journal.diff(), written: journal.written(), cost: costSince(journal, { reads: 0, writes: 0 }) }
}

/** A state as the first transaction finds it in the first block of a collection. */
function begin(registry: Registry, upgrade: Upgrade, on: { state: StateReader; env: BlockEnvironment }): StateReader {
  const { diff } = upgradeState(registry, upgrade, on)
  return {
    get: (path) => {
      const changed = diff.get(path)
      return changed === undefined ? on.state.get(path) : (changed ?? undefined)
    },
  }
}

/** What one transaction of a block came to. */
type Step =
  | {
      readonly kind: 'included'
      readonly receipt: Receipt
      readonly cost: ExecutionCost
      readonly signals: EngineSignal[]
    }
  | { readonly kind: 'dropped'; readonly reason: DroppedTransaction['reason']; readonly error?: ContractError }

function step(machine: Machine, transaction: SignedTransaction, input: ExecutionInput, unitsLeft: number): Step {
  const { journal, registry } = machine
  const call = prepare(registry, transaction, input.feePolicy)
  if (typeof call === 'string') return { kind: 'dropped', reason: call }
  const start = journal.checkpoint()
  const before = { ...journal.counts }
  if (!charge(machine, call.from, call.fee)) return { kind: 'dropped', reason: 'unpayable' }
  const outcome = run(machine, call)
  const cost = costSince(journal, before)
  if (cost.units > unitsLeft) {
    journal.rollback(start)
    return { kind: 'dropped', reason: 'overBudget' }
  }
  if (input.mode === 'build' && outcome.phase === 'verify' && outcome.error !== undefined) {
    journal.rollback(start)
    return { kind: 'dropped', reason: 'refused', error: outcome.error }
  }
  const { events, signals } = journal.settle()
  return { kind: 'included', receipt: receiptOf(call, outcome, events), cost, signals }
}

const isNonParallel = (registry: Registry, { contract, method }: SignedTransaction): boolean =>
  registry.method(contract, method)?.method.nonParallel ?? false

/** Non-parallel transactions run last. Building sorts them there; validating insists. */
function inOrder(registry: Registry, { transactions, mode }: ExecutionInput): readonly SignedTransaction[] {
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

function executeBlock(registry: Registry, input: ExecutionInput): ExecutionOutput {
  const machine: Machine = { registry, env: input.env, journal: createJournal(input.parentState) }
  const transactions: SignedTransaction[] = []
  const receipts: Receipt[] = []
  const costs: ExecutionCost[] = []
  const dropped: DroppedTransaction[] = []
  const signals: EngineSignal[] = []
  const begun = beginBlock(machine, input.upgrade)
  let unitsLeft = MAX_BLOCK_UNITS
  for (const [index, transaction] of inOrder(registry, input).entries()) {
    const result = step(machine, transaction, input, unitsLeft)
    if (result.kind === 'dropped') {
      if (input.mode === 'validate') {
        throw new ExecutionError(`execution.${result.reason}`, `transaction ${index} cannot stand in a block`, {
          details: { index },
        })
      }
      const { reason, error } = result
      dropped.push(error === undefined ? { transaction, reason } : { transaction, reason, error })
      continue
    }
    unitsLeft -= result.cost.units
    transactions.push(transaction)
    receipts.push(result.receipt)
    costs.push(result.cost)
    signals.push(...result.signals)
  }
  const hooks = runHooks(machine)
  return {
    transactions,
    receipts,
    costs,
    dropped,
    diff: machine.journal.diff(),
    written: machine.journal.written(),
    summary: summarise([...begun.signals, ...signals, ...hooks.signals]),
    blockEvents: [...begun.events, ...hooks.events],
  }
}

/** The reference executor: transactions one after the other on one journal. Every other executor must equal it. */
export function createSerialExecutor(registry: Registry): SerialExecutor {
  return {
    execute: (input) => executeBlock(registry, input),
    begin: (upgrade, on) => begin(registry, upgrade, on),
    upgrade: (upgrade, on) => upgradeState(registry, upgrade, on),
    verifyForAdmission: (transaction, call) => admit(registry, transaction, call),
    simulate: (call, on) => simulateCall(registry, call, on),
    feeOf: (transaction, feePolicy) => feeOfUnsigned(registry, transaction, feePolicy),
    methodOf: ({ contract, method }) => registry.method(contract, method)?.descriptor,
    view: (call, { state, env }) =>
      readView({ registry, journal: createJournal(state), access: UNLIMITED, block: env }, call),
  }
}
