import {
  decodeArgs, encodeTransaction, encodeUnsignedTransaction, type ExecutionSummary, type FeePolicy, type FieldValues,
  type MethodDescriptor, type Receipt, type ReceiptEvent, type SignedTransaction, transactionId, type UnsignedTransaction,
} from '#kernel'
import { type Address, AelfError, type Amount, type Bytes, type Hash, ZERO_HASH } from '#primitives'
import {
  type AccessSet, assertionFailed, type BlockEnvironment, type ContractError, ContractFailure, createAccessSet, createContext,
  createJournal, type EngineSignal, insufficientFee, type Journal, readView, type RegisteredMethod, type Registry, UNLIMITED,
} from '#contracts/runtime'
import { resourcesOf } from './analysis/resources.ts'
import { ExecutionError } from './error.ts'
import type {
  AdmissionResult, CallState, DroppedTransaction, ExecutionCost, ExecutionInput, ExecutionOutput, RefusalCode, SerialExecutor,
  SimulationCall, SimulationResult,
} from './executor.ts'

/** Most units of work in one block; a block above it is invalid. */
export const MAX_BLOCK_UNITS = 1_000_000
const UNITS_PER_WRITE = 4
const AUTHORIZATION_BYTES = 68

/** A transaction whose method and arguments are known. */
interface Call {
  readonly registered: RegisteredMethod
  readonly from: Address
  readonly id: Hash
  readonly args: FieldValues
  readonly fee: Amount
}

interface Outcome {
  readonly error?: ContractError
  /** Where it ended: a refusal in `verify` keeps it out of a block being built. */
  readonly phase: 'verify' | 'execute' | 'done'
}

interface Machine {
  readonly registry: Registry
  readonly env: BlockEnvironment
  readonly journal: Journal
}

function decodeCall(registered: RegisteredMethod, args: Bytes): FieldValues | undefined {
  try {
    return decodeArgs(registered.method.abi, args)
  } catch (error) {
    if (error instanceof AelfError) return undefined
    throw error
  }
}

function prepare(registry: Registry, transaction: SignedTransaction, feePolicy: FeePolicy): Call | RefusalCode {
  const registered = registry.method(transaction.contract, transaction.method)
  if (registered === undefined) return 'unknownMethod'
  const args = decodeCall(registered, transaction.args)
  if (args === undefined) return 'malformedArguments'
  const fee = feePolicy.feeOf(encodeTransaction(transaction).length, registered.descriptor)
  if (fee > transaction.feeLimit) return 'feeLimit'
  return { registered, from: transaction.from, id: transactionId(transaction), args, fee }
}

const accessOf = ({ registry, env }: Machine, call: Call): AccessSet =>
  call.registered.method.nonParallel
    ? UNLIMITED
    : createAccessSet(resourcesOf(registry, env, { ...call, transactionId: call.id }))

/** Takes the fee, or says that the payer cannot pay it. */
function charge(machine: Machine, payer: Address, fee: Amount): boolean {
  const { registry, env, journal } = machine
  const { address } = registry.contract(registry.fees.contract)
  const scope = { registry, journal, access: UNLIMITED, block: env, from: payer, transactionId: ZERO_HASH }
  const ctx = createContext(scope, address, payer)
  if (registry.fees.balanceOf(ctx, payer) < fee) return false
  registry.fees.charge(ctx, payer, fee)
  return true
}

/** Verify, then execute unless only checking. State is as before on error. */
function run(machine: Machine, call: Call, only?: 'verify'): Outcome {
  const { registry, env, journal } = machine
  const { contract, method } = call.registered
  const start = journal.checkpoint()
  let phase: Outcome['phase'] = 'verify'
  const fail = (error: ContractError): Outcome => {
    journal.rollback(start)
    return { error, phase }
  }
  try {
    const scope = {
      registry, journal, access: accessOf(machine, call), block: env, from: call.from, transactionId: call.id,
    }
    const ctx = createContext(scope, contract.address, call.from)
    const refusal = method.verify(ctx, call.args)
    if (refusal !== undefined) return fail(refusal)
    if (only === 'verify') return { phase: 'done' }
    phase = 'execute'
    method.execute(ctx, call.args)
    return { phase: 'done' }
  } catch (error) {
    if (error instanceof ContractFailure) return fail(error.error)
    // Every other coded error is the contract breaking its own rule. What has no code is this program failing.
    if (error instanceof AelfError) return fail(assertionFailed)
    throw error
  }
}

function receiptOf(call: Call, outcome: Outcome, events: readonly ReceiptEvent[]): Receipt {
  const { error } = outcome
  return error === undefined
    ? { transactionId: call.id, status: 'success', fee: call.fee, events }
    : { transactionId: call.id, status: 'failed', error: { contract: error.contract, error: error.number }, fee: call.fee, events }
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

function costSince(journal: Journal, before: { reads: number; writes: number }): ExecutionCost {
  const reads = journal.counts.reads - before.reads
  const writes = journal.counts.writes - before.writes
  return { reads, writes, units: reads + UNITS_PER_WRITE * writes }
}

/** What one transaction of a block came to. */
type Step =
  | { readonly kind: 'included'; readonly receipt: Receipt; readonly cost: ExecutionCost; readonly signals: EngineSignal[] }
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
    throw new ExecutionError('execution.order', 'a parallel transaction follows a non-parallel one', { details: { index } })
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
  let unitsLeft = MAX_BLOCK_UNITS
  for (const [index, transaction] of inOrder(registry, input).entries()) {
    const result = step(machine, transaction, input, unitsLeft)
    if (result.kind === 'dropped') {
      if (input.mode === 'validate') {
        throw new ExecutionError(`execution.${result.reason}`, `transaction ${index} cannot stand in a block`, { details: { index } })
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
    transactions, receipts, costs, dropped,
    diff: machine.journal.diff(),
    written: machine.journal.written(),
    summary: summarise([...signals, ...hooks.signals]),
    blockEvents: hooks.events,
  }
}

const TX_CODE = {
  unknownMethod: 'tx.unknownMethod', malformedArguments: 'tx.invalidArguments', feeLimit: 'tx.feeLimit', unpayable: 'tx.insufficientFunds',
} as const satisfies Record<RefusalCode, string>

function admit(registry: Registry, transaction: SignedTransaction, { state, env, feePolicy }: CallState): AdmissionResult {
  const call = prepare(registry, transaction, feePolicy)
  if (typeof call === 'string') return { ok: false, code: TX_CODE[call] }
  const { fee, registered } = call
  const machine = { registry, env, journal: createJournal(state) }
  if (!charge(machine, call.from, fee)) return { ok: false, code: 'tx.insufficientFunds', fee }
  const { error } = run(machine, call, 'verify')
  if (error !== undefined) return { ok: false, code: 'tx.refused', fee, error }
  return { ok: true, fee, method: registered.descriptor, nonParallel: registered.method.nonParallel }
}

function unsignedOf({ from, contract, method, args }: SimulationCall): UnsignedTransaction {
  const filler = '0x0000000000000000'
  return { version: 1, walletChainId: 0n, from, contract, method, args, refHeight: 0n, refHash: filler, feeLimit: 0n, nonce: filler }
}

function feeOfUnsigned(registry: Registry, transaction: UnsignedTransaction, feePolicy: FeePolicy): Amount {
  const { descriptor } = knownMethod(registry, transaction)
  return feePolicy.feeOf(encodeUnsignedTransaction(transaction).length + AUTHORIZATION_BYTES, descriptor)
}

function knownMethod(registry: Registry, { contract, method }: { contract: Address; method: number }): RegisteredMethod {
  const registered = registry.method(contract, method)
  if (registered === undefined) {
    throw new ExecutionError('execution.unknownMethod', 'no such contract method', { details: { contract, method } })
  }
  return registered
}

/** Simulated calls have no signature, hence no id; locks they would create are named by this one. */
const SIMULATED_ID = ZERO_HASH

function simulateCall(registry: Registry, call: SimulationCall, { state, env, feePolicy }: CallState): SimulationResult {
  const registered = knownMethod(registry, call)
  const args = decodeCall(registered, call.args)
  if (args === undefined) throw new ExecutionError('execution.malformedArguments', 'the arguments do not decode')
  const fee = feeOfUnsigned(registry, unsignedOf(call), feePolicy)
  const machine = { registry, env, journal: createJournal(state) }
  const before = { ...machine.journal.counts }
  const method: MethodDescriptor = registered.descriptor
  const paid = charge(machine, call.from, fee)
  const outcome = paid ? run(machine, { registered, from: call.from, id: SIMULATED_ID, args, fee }) : undefined
  const cost = costSince(machine.journal, before)
  const { events } = machine.journal.settle()
  const shared = { fee, events, diff: machine.journal.diff(), cost, method }
  const error = outcome === undefined ? insufficientFee : outcome.error
  return error === undefined
    ? { ...shared, ok: true }
    : { ...shared, ok: false, error: { contract: error.contract, error: error.number }, help: error.help }
}

/** The reference executor: transactions one after the other on one journal. Every other executor must equal it. */
export function createSerialExecutor(registry: Registry): SerialExecutor {
  return {
    execute: (input) => executeBlock(registry, input),
    verifyForAdmission: (transaction, call) => admit(registry, transaction, call),
    simulate: (call, on) => simulateCall(registry, call, on),
    feeOf: (transaction, feePolicy) => feeOfUnsigned(registry, transaction, feePolicy),
    methodOf: ({ contract, method }) => registry.method(contract, method)?.descriptor,
    view: (call, { state, env }) =>
      readView({ registry, journal: createJournal(state), access: UNLIMITED, block: env }, call),
  }
}
