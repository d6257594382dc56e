import { defineMethod, type Method } from '#contracts/runtime'
import { CHOICE } from '../params.ts'
import { checkChoice, choose } from './choose.ts'

/**
 * A producer adopts a proposal; with more than two thirds of the electorate it is approved.
 * Origin: who produced when it was submitted · Requires: open, the hashes of its text and archive, another choice before or none
 * Effects: counts, in place of a former choice; may approve · Events: Adopted, Approved, token Unlocked
 * Errors: unknownProposal, closed, periodOver, notInElectorate, textMismatch, archiveMismatch, alreadyChosen
 * Cost: a list of 101 addresses, runs alone: the author's deposit is known from state only · Refs: PROPOSAL-CHOICE-1
 */
export const adopt: Method = defineMethod({
  number: 2,
  signature: 'function adopt(bytes32 proposalId, bytes32 textHash, bytes32 archiveHash)',
  intent: 'Adopt the proposal {proposalId} with text {textHash} and archive {archiveHash}',
  doc: 'Chooses to adopt a proposal; only who produced when it was submitted, until it is closed.',
  nonParallel: true,
  resources: () => [],
  verify: (ctx, read) => checkChoice(ctx, read, CHOICE.adopt),
  execute: (ctx, { proposalId }) => choose(ctx, proposalId, CHOICE.adopt),
})
