import { defineMethod, type Method } from '#contracts/runtime'
import { CHOICE } from '../params.ts'
import { checkChoice, choose } from './choose.ts'

/**
 * A producer declines a proposal; when too few are left to approve it, it is rejected.
 * Origin: who produced when it was submitted · Requires: open, the hashes of its text and archive, another choice before or none
 * Effects: counts, in place of a former choice; may reject, and then the deposit goes to the treasury account
 * Events: Declined, Rejected, token Unlocked, Transfer
 * Errors: unknownProposal, closed, periodOver, notInElectorate, textMismatch, archiveMismatch, alreadyChosen
 * Cost: a list of 101 addresses, runs alone: the author's deposit is known from state only · Refs: PROPOSAL-CHOICE-1
 */
export const decline: Method = defineMethod({
  number: 3,
  signature: 'function decline(bytes32 proposalId, bytes32 textHash, bytes32 archiveHash)',
  intent: 'Decline the proposal {proposalId} with text {textHash} and archive {archiveHash}',
  doc: 'Chooses to decline a proposal; only who produced when it was submitted, until it is closed.',
  nonParallel: true,
  resources: () => [],
  verify: (ctx, read) => checkChoice(ctx, read, CHOICE.decline),
  execute: (ctx, { proposalId }) => choose(ctx, proposalId, CHOICE.decline),
})
