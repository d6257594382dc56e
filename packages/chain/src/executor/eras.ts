import { describeContract, type Registry, successionFaults } from '#contracts/runtime'
import { type CurrentCollection, collectionAt, type FeePolicy, readCurrentCollection, type StateReader } from '#kernel'
import { AelfError, type Hash } from '#primitives'
import { ExecutionError } from './error.ts'
import type { Upgrade } from './executor.ts'

/** A collection ready to run on one chain. Blocks from its activation to the next one are its era. */
export interface Era {
  readonly hash: Hash
  readonly registry: Registry
  feePolicyAt(height: bigint): FeePolicy
}

/** Collections by hash. */
export interface Eras {
  /** The one of genesis. */
  readonly first: Era
  /** One that is at hand. */
  find(hash: Hash): Era | undefined
  /** One that may have to be fetched first; undefined when it cannot be had. */
  obtain(hash: Hash): Promise<Era | undefined>
  /** All that are at hand, that of genesis first; left out where only those that ran are of interest. */
  all?(): readonly Era[]
}

/** What a block on top of a state runs with. */
export interface BlockEra {
  readonly era: Era
  /** Present in the first block of the era. */
  readonly upgrade?: { readonly kind: 'activate'; readonly from: Hash }
  /** It serves in the place of the next one, which is not at hand. */
  readonly isLate?: true
}

/** Nothing else is ever needed: for chains and tests with one collection. */
export function singleEra(first: Era): Eras {
  const find = (hash: Hash): Era | undefined => (hash === first.hash ? first : undefined)
  return { first, find, obtain: async (hash) => find(hash) }
}

/** Hash of the collection that a block at `height` on top of a state runs with, and whether it is the first to do so. */
export function eraHashAt(
  eras: Eras,
  state: StateReader,
  height: bigint,
): { hash: Hash; upgrade?: BlockEra['upgrade'] } {
  const current = readCurrentCollection(state)
  if (current === undefined) return { hash: eras.first.hash }
  const hash = collectionAt(current, height)
  return current.since === height && height > 0n && hash === current.hash
    ? { hash, upgrade: { kind: 'activate', from: current.former } }
    : { hash }
}

const missing = (hash: Hash, height: bigint): ExecutionError =>
  new ExecutionError(
    'execution.collection',
    `block ${height} runs with the collection ${hash}, which is not installed`,
    {
      details: { collection: hash, height: height.toString() },
      retryable: true,
    },
  )

/** The era of a block. Throws `execution.collection` when its collection is not at hand. */
export function findEra(eras: Eras, state: StateReader, height: bigint): BlockEra {
  const { hash, upgrade } = eraHashAt(eras, state, height)
  const era = eras.find(hash)
  if (era === undefined) throw missing(hash, height)
  return upgrade === undefined ? { era } : { era, upgrade }
}

/** A collection, and the height of the block that runs with it. */
export interface Needed {
  readonly hash: Hash
  readonly height: bigint
}

/** What a block on top of a state needs: the collection that runs it and, in front of an activation, the one it is compared with. */
export function neededAt(eras: Eras, state: StateReader, height: bigint): readonly Needed[] {
  const { hash, upgrade } = eraHashAt(eras, state, height)
  return upgrade === undefined
    ? [{ hash, height }]
    : [
        { hash, height },
        { hash: upgrade.from, height: height - 1n },
      ]
}

/** As `findEra`, for who can wait: what is not at hand is asked for. */
export async function obtainEra(eras: Eras, state: StateReader, height: bigint): Promise<BlockEra> {
  for (const needed of neededAt(eras, state, height)) {
    const era = eras.find(needed.hash) ?? (await eras.obtain(needed.hash))
    if (era === undefined) throw missing(needed.hash, needed.height)
  }
  return findEra(eras, state, height)
}

/** The era to answer calls with on top of a state: while the next collection is not at hand, the one before still serves. */
export function callEra(eras: Eras, state: StateReader, height: bigint): BlockEra {
  try {
    return findEra(eras, state, height)
  } catch (error) {
    if (!(error instanceof ExecutionError)) throw error
    return { ...findEra(eras, state, height - 1n), isLate: true }
  }
}

/** Throws `execution.activation` when numbers would change their meaning. */
export function assertSuccession(former: Era, next: Era): void {
  const faults = successionFaults(
    former.registry.contracts.map(describeContract),
    next.registry.contracts.map(describeContract),
  )
  if (faults.length === 0) return
  throw new ExecutionError('execution.activation', `the collection cannot follow: ${faults[0]}`, {
    details: { faults },
  })
}

export const isFailedActivation = (error: unknown): boolean =>
  error instanceof AelfError && error.code === 'execution.activation'

/** The entry after an activation that failed at `height`: the former collection stays in force. */
export function calledOff(state: StateReader, height: bigint): Upgrade {
  const failed = readCurrentCollection(state) as CurrentCollection
  return { kind: 'callOff', current: { hash: failed.former, since: height, former: failed.hash } }
}
