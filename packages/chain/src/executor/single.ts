import { createJournal, insufficientFee, type Journal, type RegisteredMethod, type Registry } from '#contracts/runtime'
import {
  encodeUnsignedTransaction,
  type FeePolicy,
  type MethodDescriptor,
  type SignedTransaction,
  type StateReader,
  type UnsignedTransaction,
} from '#kernel'
import { type Address, type Amount, ZERO_HASH } from '#primitives'
import { ExecutionError } from './error.ts'
import type { AdmissionResult, CallState, RefusalCode, SimulationCall, SimulationResult } from './executor.ts'
import { type Call, charge, costSince, decodeCall, type Machine, prepare, run } from './transaction.ts'

const AUTHORIZATION_BYTES = 68

const TX_CODE = {
  unknownMethod: 'tx.unknownMethod',
  malformedArguments: 'tx.invalidArguments',
  feeLimit: 'tx.feeLimit',
  unpayable: 'tx.insufficientFunds',
} as const satisfies Record<RefusalCode, string>

/** Admissions that share what they read of one state. Not more: what was read stays in memory, and a state may be the head for long. */
const SHARED_READS = 4096

interface SharedJournal {
  readonly journal: Journal
  left: number
}

/** Checks calls as if each were the first of the next block: the fee, and the contract's own word. */
export class Admission {
  private readonly registry: Registry
  /** As long as somebody else has the state. */
  private readonly journals = new WeakMap<StateReader, SharedJournal>()

  constructor(registry: Registry) {
    this.registry = registry
  }

  admit(transaction: SignedTransaction, { state, env, feePolicy }: CallState): AdmissionResult {
    const { registry } = this
    const call = prepare(registry, transaction, feePolicy)
    if (typeof call === 'string') return { ok: false, code: TX_CODE[call] }
    const journal = this.journalOn(state)
    const start = journal.checkpoint()
    try {
      return judge({ registry, env, journal }, call)
    } finally {
      journal.rollback(start)
    }
  }

  /** As it is before any call. */
  private journalOn(state: StateReader): Journal {
    let shared = this.journals.get(state)
    if (shared === undefined || shared.left === 0) {
      shared = { journal: createJournal(state), left: SHARED_READS }
      this.journals.set(state, shared)
    }
    shared.left -= 1
    return shared.journal
  }
}

function judge(machine: Machine, call: Call): AdmissionResult {
  const { fee, registered } = call
  if (!charge(machine, call.from, fee)) return { ok: false, code: 'tx.insufficientFunds', fee }
  const { error } = run(machine, call, 'verify')
  if (error !== undefined) return { ok: false, code: 'tx.refused', fee, error }
  return { ok: true, fee, method: registered.descriptor, nonParallel: registered.method.nonParallel }
}

function unsignedOf({ from, contract, method, args }: SimulationCall): UnsignedTransaction {
  const filler = '0x0000000000000000'
  return {
    version: 1,
    walletChainId: 0n,
    from,
    contract,
    method,
    args,
    refHeight: 0n,
    refHash: filler,
    feeLimit: 0n,
    nonce: filler,
  }
}

export function feeOfUnsigned(registry: Registry, transaction: UnsignedTransaction, feePolicy: FeePolicy): Amount {
  const { descriptor } = knownMethod(registry, transaction)
  return feePolicy.feeOf(encodeUnsignedTransaction(transaction).length + AUTHORIZATION_BYTES, descriptor)
}

function knownMethod(
  registry: Registry,
  { contract, method }: { contract: Address; method: number },
): RegisteredMethod {
  const registered = registry.method(contract, method)
  if (registered === undefined) {
    throw new ExecutionError('execution.unknownMethod', 'no such contract method', { details: { contract, method } })
  }
  return registered
}

/** Simulated calls have no signature, hence no id; locks they would create are named by this one. */
const SIMULATED_ID = ZERO_HASH

export function simulateCall(
  registry: Registry,
  call: SimulationCall,
  { state, env, feePolicy }: CallState,
): SimulationResult {
  const registered = knownMethod(registry, call)
  const args = decodeCall(registered, call.args)
  if (args === undefined) throw new ExecutionError('execution.malformedArguments', 'the arguments do not decode')
  const fee = feeOfUnsigned(registry, unsignedOf(call), feePolicy)
  const machine = { registry, env, journal: createJournal(state) }
  const before = { ...machine.journal.counts }
  const method: MethodDescriptor = registered.descriptor
  const paid = charge(machine, call.from, fee)
  const outcome = paid
    ? run(machine, { registered, from: call.from, id: SIMULATED_ID, args, fee, declared: undefined })
    : undefined
  const cost = costSince(machine.journal, before)
  const { events } = machine.journal.settle()
  const shared = { fee, events, diff: machine.journal.diff(), cost, method }
  const error = outcome === undefined ? insufficientFee : outcome.error
  return error === undefined
    ? { ...shared, ok: true }
    : { ...shared, ok: false, error: { contract: error.contract, error: error.number }, help: error.help }
}
