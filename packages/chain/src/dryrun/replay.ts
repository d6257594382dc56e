import type { Era } from '#chains'
import type { BlockEnvironment } from '#contracts/runtime'
import { createSerialExecutor, type ExecutionOutput, type Upgrade } from '#executor'
import { type SignedHeader, type SignedTransaction, type StateDiff, type StateReader, transactionId } from '#kernel'
import type { Bytes, Hash } from '#primitives'
import type { ForkState } from './forkState.ts'
import { partialRoot } from './partialRoot.ts'
import type { LiveChain, Outcome } from './types.ts'

/** Where a trial begins and what it runs. */
export interface Trial {
  readonly live: LiveChain
  readonly state: ForkState
  readonly blocks: readonly { readonly header: SignedHeader; readonly transactions: readonly SignedTransaction[] }[]
}

/** What the blocks came to with one collection. */
export interface Run {
  readonly outcomes: ReadonlyMap<Hash, Outcome>
  /** Why a transaction would not stand in its block any more. */
  readonly dropped: ReadonlyMap<Hash, string>
  readonly units: number
  readonly fees: bigint
  readonly stateRoot: Hash
}

export function environmentOf(live: LiveChain, header: SignedHeader): BlockEnvironment {
  const { chainId, genesisHash, genesisTimeMs, slotMs } = live
  const { height, slot, producer, signal } = header
  const timeMs = BigInt(genesisTimeMs) + slot * BigInt(slotMs)
  return { chainId, genesisHash, height, slot, timeMs, producer, signal }
}

/** A state with changes on top. */
export function overlay(below: StateReader, diff: StateDiff): StateReader {
  return {
    get(path): Bytes | undefined {
      const changed = diff.get(path)
      return changed === undefined ? below.get(path) : (changed ?? undefined)
    },
  }
}

function outcomesOf(output: ExecutionOutput, height: bigint): Outcome[] {
  return output.receipts.map((receipt) => {
    const { transactionId: id, status, fee, error: failure } = receipt
    const error = failure === undefined ? undefined : `${failure.contract}.${failure.error}`
    return { id, height, status, fee, error }
  })
}

/** Runs the blocks with a collection, from a state that `begun` changed before. Throws what a block of it would fail with. */
export async function runBlocks(
  { live, state, blocks }: Trial,
  era: Era,
  begun: { readonly diff: StateDiff; readonly upgrade?: Upgrade },
): Promise<Run> {
  const executor = createSerialExecutor(era.registry)
  const diff = new Map(begun.diff)
  const outcomes = new Map<Hash, Outcome>()
  const dropped = new Map<Hash, string>()
  let units = 0
  let fees = 0n
  for (const [index, { header, transactions }] of blocks.entries()) {
    const env = environmentOf(live, header)
    const upgrade = index === 0 ? begun.upgrade : undefined
    const feePolicy = era.feePolicyAt(header.height)
    const input = { transactions, env, feePolicy, mode: 'build' as const, parentState: overlay(state, diff) }
    const output = await state.settle(() => executor.execute(upgrade === undefined ? input : { ...input, upgrade }))
    for (const [path, value] of output.diff) diff.set(path, value)
    for (const outcome of outcomesOf(output, header.height)) {
      outcomes.set(outcome.id, outcome)
      fees += outcome.fee
    }
    for (const { transaction, reason } of output.dropped) dropped.set(transactionId(transaction), reason)
    units += output.costs.reduce((sum, cost) => sum + cost.units, 0)
  }
  const stateRoot = await state.settle(() => partialRoot(diff, state.proven(), (path) => state.want(path)))
  return { outcomes, dropped, units, fees, stateRoot }
}
