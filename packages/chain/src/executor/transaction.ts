import {
  type AccessSet,
  assertionFailed,
  type BlockEnvironment,
  type ContractError,
  ContractFailure,
  createAccessSet,
  createContext,
  type Journal,
  type RegisteredMethod,
  type Registry,
  type Resource,
  UNLIMITED,
} from '#contracts/runtime'
import {
  decodeArgs,
  type FeePolicy,
  type FieldValues,
  type SignedTransaction,
  transactionBytes,
  transactionId,
} from '#kernel'
import { type Address, AelfError, type Amount, type Bytes, type Hash, ZERO_HASH } from '#primitives'
import { resourcesOf } from './analysis/resources.ts'
import type { ExecutionCost, RefusalCode } from './executor.ts'

const UNITS_PER_WRITE = 4

/** A transaction whose method and arguments are known. */
export interface Call {
  readonly registered: RegisteredMethod
  readonly from: Address
  readonly id: Hash
  readonly args: FieldValues
  readonly fee: Amount
  /** What it declares, once that was asked for. */
  declared: readonly Resource[] | undefined
}

export interface Outcome {
  readonly error?: ContractError
  /** Where it ended: a refusal in `verify` keeps it out of a block being built. */
  readonly phase: 'verify' | 'execute' | 'done'
}

export interface Machine {
  readonly registry: Registry
  readonly env: BlockEnvironment
  readonly journal: Journal
}

export function decodeCall(registered: RegisteredMethod, args: Bytes): FieldValues | undefined {
  try {
    return decodeArgs(registered.method.abi, args)
  } catch (error) {
    if (error instanceof AelfError) return undefined
    throw error
  }
}

export function prepare(registry: Registry, transaction: SignedTransaction, feePolicy: FeePolicy): Call | RefusalCode {
  const registered = registry.method(transaction.contract, transaction.method)
  if (registered === undefined) return 'unknownMethod'
  const args = decodeCall(registered, transaction.args)
  if (args === undefined) return 'malformedArguments'
  const fee = feePolicy.feeOf(transactionBytes(transaction), registered.descriptor)
  if (fee > transaction.feeLimit) return 'feeLimit'
  return { registered, from: transaction.from, id: transactionId(transaction), args, fee, declared: undefined }
}

/** Notes what a call declares. A declaration that fails by rule fails the call when it is run, and leaves its fee alone. */
export function declare(machine: Pick<Machine, 'registry' | 'env'>, call: Call): void {
  if (call.registered.method.nonParallel) return
  try {
    call.declared = declaredBy(machine, call)
  } catch (error) {
    if (!(error instanceof AelfError)) throw error
  }
}

/**
 * Transactions that are prepared in a row: one by one, between executing others, that takes nearly twice as long. Few enough for what is
 * known of them to stay in the caches.
 */
export const CHUNK = 32

/** Calls of some transactions in a row. */
export function prepareAll(
  machine: Pick<Machine, 'registry' | 'env'>,
  transactions: readonly SignedTransaction[],
  feePolicy: FeePolicy,
): (Call | RefusalCode)[] {
  return transactions.map((transaction) => {
    const call = prepare(machine.registry, transaction, feePolicy)
    if (typeof call !== 'string') declare(machine, call)
    return call
  })
}

/** What a call declares, its fee included. */
export function declaredBy({ registry, env }: Pick<Machine, 'registry' | 'env'>, call: Call): readonly Resource[] {
  const { registered, from, id: transactionId, args } = call
  return resourcesOf(registry, env, { registered, from, transactionId, args })
}

const accessOf = (machine: Machine, call: Call): AccessSet =>
  call.registered.method.nonParallel ? UNLIMITED : createAccessSet(call.declared ?? declaredBy(machine, call))

/** Takes the fee, or says that the payer cannot pay it. */
export function charge(machine: Machine, payer: Address, fee: Amount): boolean {
  const { registry, env, journal } = machine
  const { address } = registry.contract(registry.fees.contract)
  const scope = { registry, journal, access: UNLIMITED, block: env, from: payer, transactionId: ZERO_HASH }
  const ctx = createContext(scope, address, payer)
  if (registry.fees.balanceOf(ctx, payer) < fee) return false
  registry.fees.charge(ctx, payer, fee)
  return true
}

/** Verify, then execute unless only checking. State is as before on error. */
export function run(machine: Machine, call: Call, only?: 'verify'): Outcome {
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
      registry,
      journal,
      access: accessOf(machine, call),
      block: env,
      from: call.from,
      transactionId: call.id,
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

/** Costs below this many reads and writes, which are nearly all, are one object each: a block has thousands of the same few. */
const SMALL = 64
const small = new Array<ExecutionCost | undefined>(SMALL * SMALL).fill(undefined)

export function costOf(reads: number, writes: number): ExecutionCost {
  const isSmall = reads < SMALL && writes < SMALL
  const known = isSmall ? small[reads * SMALL + writes] : undefined
  if (known !== undefined) return known
  const cost = Object.freeze({ reads, writes, units: reads + UNITS_PER_WRITE * writes })
  if (isSmall) small[reads * SMALL + writes] = cost
  return cost
}

export function costSince(journal: Journal, before: { reads: number; writes: number }): ExecutionCost {
  return costOf(journal.counts.reads - before.reads, journal.counts.writes - before.writes)
}
