import { ConsensusError } from '../types.ts'

/** Every refusal of this engine, each with its own code and one line on what was expected. */
export const DPOS_ERRORS = {
  malformed: 'the consensus bytes do not decode',
  wrongChain: 'the header belongs to another chain',
  wrongHeight: 'the height is not the parent height plus one',
  wrongParent: 'the parent hash is not the hash of the head',
  slotNotLater: 'the slot is not later than the slot of the parent',
  futureSlot: 'the slot has not come yet',
  wrongRound: 'the round is not the one this slot lies in',
  wrongTerm: 'the term is not the one this slot lies in',
  notInRotation: 'the producer has no slot in this round',
  wrongSlot: 'the producer has a slot in this round, but not this one',
  missingReveal: 'a regular block must reveal the in-value',
  wrongReveal: 'the reveal is not the preimage of the last revealed value',
  unexpectedReveal: 'the extra block reveals nothing',
  prevotedOverstated: 'the stated prevoted height is above the one headers imply',
  prevotedUnderstated: 'the stated prevoted height is below the one headers imply',
  contradictingHeader: 'the header contradicts an earlier one of the same producer on this chain',
  invalidEviction: 'evicted producers must be of this or the coming term, new, ascending and without repetition',
  wrongSigner: 'the signature is not the producer’s',
  termListMissing: 'the header commits to a producer list that was not handed over',
  termListMismatch: 'the producer list is not the one the header commits to',
  invalidTermList: 'a producer list has 1 to 128 different addresses',
  evictionMismatch: 'the header does not list the producers that execution evicted',
  revealUnavailable: 'the hash chain has no value before the last revealed one',
  malformedState: 'the stored engine state does not decode',
} as const

export type DposErrorName = keyof typeof DPOS_ERRORS

/** A refusal with code `dpos.<name>`. */
export function dposError(
  name: DposErrorName,
  details: Readonly<Record<string, unknown>> = {},
  cause?: unknown,
): ConsensusError {
  return new ConsensusError(`dpos.${name}`, DPOS_ERRORS[name], { details, cause })
}
