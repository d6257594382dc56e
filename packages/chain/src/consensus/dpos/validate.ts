import { type ExecutionSummary, producersHash, type SignedHeader, verifyHeaderSignature } from '#kernel'
import { type Hash, ZERO_HASH } from '#primitives'
import { ConsensusError, type ValidateOptions } from '../types.ts'
import { type DposHeaderData, headerDataOf } from './codec.ts'
import { dposError } from './errors.ts'
import { contradictsChain } from './finality.ts'
import { outValueOf } from './order.ts'
import { MAX_PRODUCERS } from './params.ts'
import { rotationAt, scheduledIn } from './schedule.ts'
import type { DposState, Rotation } from './state.ts'

function checkPlace(state: DposState, header: SignedHeader, options: ValidateOptions): ConsensusError | undefined {
  const { chainId, height, parentHash, slot } = header
  if (chainId !== state.params.chainId)
    return dposError('wrongChain', { expected: state.params.chainId, actual: chainId })
  if (height !== state.height + 1n) return dposError('wrongHeight', { expected: state.height + 1n, actual: height })
  if (parentHash !== state.hash) return dposError('wrongParent', { expected: state.hash, actual: parentHash })
  if (slot <= state.slot) return dposError('slotNotLater', { parent: state.slot, actual: slot })
  const { nowSlot } = options
  if (nowSlot !== undefined && slot > nowSlot) return dposError('futureSlot', { now: nowSlot, actual: slot })
  return undefined
}

function checkProducer(rotation: Rotation, header: SignedHeader, data: DposHeaderData): ConsensusError | undefined {
  const scheduled = scheduledIn(rotation, header.slot)
  if (data.round !== scheduled.round) return dposError('wrongRound', { expected: scheduled.round, actual: data.round })
  if (data.term !== scheduled.term) return dposError('wrongTerm', { expected: scheduled.term, actual: data.term })
  if (header.producer !== scheduled.producer) {
    const known = rotation.round.order.includes(header.producer)
    return dposError(known ? 'wrongSlot' : 'notInRotation', { expected: scheduled.producer, actual: header.producer })
  }
  if (scheduled.isExtra)
    return data.reveal === ZERO_HASH ? undefined : dposError('unexpectedReveal', { actual: data.reveal })
  if (data.reveal === ZERO_HASH) return dposError('missingReveal')
  const anchor = rotation.records.get(header.producer)?.anchor
  return outValueOf(data.reveal) === anchor ? undefined : dposError('wrongReveal', { anchor, actual: data.reveal })
}

function checkVotes(state: DposState, header: SignedHeader, data: DposHeaderData): ConsensusError | undefined {
  const details = { expected: state.votes.prevoted, actual: data.prevotedHeight }
  if (data.prevotedHeight > state.votes.prevoted) return dposError('prevotedOverstated', details)
  if (data.prevotedHeight < state.votes.prevoted) return dposError('prevotedUnderstated', details)
  const { producer, height } = header
  const vote = { producer, height, prevotedHeight: data.prevotedHeight, generatedHeight: data.generatedHeight }
  if (!contradictsChain(state.votes, vote)) return undefined
  return dposError('contradictingHeader', {
    newest: state.votes.voters.get(producer),
    generatedHeight: data.generatedHeight,
  })
}

/** Of the evicted, those that this chain has to take out of a rotation, in the one order a header may list them. */
export function evictable(rotation: Rotation, evicted: readonly string[]): DposHeaderData['evicted'] {
  const named = new Set(evicted)
  const current = rotation.term.producers
    .map((entry) => entry.address)
    .filter((address) => !rotation.evicted.includes(address))
  const coming = (rotation.pending?.producers ?? [])
    .map((entry) => entry.address)
    .filter((address) => rotation.pending?.evicted.includes(address) === false)
  const listed = [...new Set([...current, ...coming])].filter((address) => named.has(address))
  return listed.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)).slice(0, MAX_PRODUCERS)
}

function checkEvicted(rotation: Rotation, data: DposHeaderData): ConsensusError | undefined {
  if (data.evicted.length === 0) return undefined
  const allowed = evictable(rotation, data.evicted)
  const same =
    allowed.length === data.evicted.length && allowed.every((address, index) => address === data.evicted[index])
  return same ? undefined : dposError('invalidEviction', { evicted: data.evicted })
}

function checkSigner(header: SignedHeader, options: ValidateOptions): ConsensusError | undefined {
  if (options.trustSignature === true) return undefined
  const signed = options.signer === undefined ? verifyHeaderSignature(header) : options.signer === header.producer
  return signed ? undefined : dposError('wrongSigner', { producer: header.producer, signer: options.signer })
}

/** The first rule a header breaks as child of `state`; the costly signature comes last. */
export function validateHeader(
  state: DposState,
  header: SignedHeader,
  options: ValidateOptions = {},
): ConsensusError | undefined {
  let data: DposHeaderData
  try {
    data = headerDataOf(header)
  } catch (error) {
    if (error instanceof ConsensusError) return error
    throw error
  }
  const place = checkPlace(state, header, options)
  if (place !== undefined) return place
  const rotation = rotationAt(state, header.slot)
  if (rotation === undefined) return dposError('slotNotLater', { actual: header.slot })
  return (
    checkProducer(rotation, header, data) ??
    checkVotes(state, header, data) ??
    checkEvicted(rotation, data) ??
    checkSigner(header, options)
  )
}

/** Compares what a header commits to with what executing its block gave: for whoever executes. */
export function checkExecution(
  state: DposState,
  header: SignedHeader,
  summary: ExecutionSummary,
): ConsensusError | undefined {
  const data = headerDataOf(header)
  const expected: Hash = summary.termResult === undefined ? ZERO_HASH : producersHash(summary.termResult)
  if (data.nextProducers !== expected) return dposError('termListMismatch', { expected, actual: data.nextProducers })
  const rotation = rotationAt(state, header.slot)
  const evicted = rotation === undefined ? [] : evictable(rotation, summary.evicted)
  const same =
    evicted.length === data.evicted.length && evicted.every((address, index) => address === data.evicted[index])
  return same ? undefined : dposError('evictionMismatch', { expected: evicted, actual: data.evicted })
}
