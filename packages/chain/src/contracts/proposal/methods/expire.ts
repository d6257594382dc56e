import { defineMethod, type Method } from '#contracts/runtime'
import { assert } from '#primitives'
import { closed, periodRunning, unknownProposal } from '../errors.ts'
import { STATUS } from '../params.ts'
import { proposals } from '../state.ts'
import { close } from './close.ts'

/**
 * Closes a proposal whose period is over; its author gets the deposit back.
 * Origin: any account · Requires: open, its period over · Effects: expired, the deposit is unlocked · Events: Expired, token Unlocked
 * Errors: unknownProposal, closed, periodRunning · Cost: 3 reads, 5 writes, runs alone: the author is known from state only
 * Refs: PROPOSAL-CLOSE-1
 */
export const expire: Method = defineMethod({
  number: 6,
  signature: 'function expire(bytes32 proposalId)',
  intent: 'Close the proposal {proposalId}, whose time is over',
  doc: 'Closes a proposal whose period is over; the deposit goes back to its author.',
  nonParallel: true,
  resources: () => [],
  verify: (ctx, { proposalId }) => {
    const proposal = ctx.get(proposals, { proposalId })
    if (proposal === undefined) return unknownProposal
    if (proposal.status !== STATUS.open) return closed
    return proposal.endsAt > ctx.env.timeMs ? periodRunning : undefined
  },
  execute: (ctx, { proposalId }) => {
    const proposal = ctx.get(proposals, { proposalId })
    assert(proposal !== undefined, 'verified before')
    close(ctx, proposalId, { proposal, how: 'expired' })
  },
})
