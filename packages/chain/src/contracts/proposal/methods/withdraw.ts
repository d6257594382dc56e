import { defineMethod, type Method, writing } from '#contracts/runtime'
import { assert } from '#primitives'
import { notAuthor } from '../errors.ts'
import { depositPort } from '../ports.ts'
import { openProposals, proposals } from '../state.ts'
import { checkOpen, close } from './close.ts'

/**
 * The author takes a proposal back.
 * Origin: the author · Requires: open · Effects: withdrawn, the deposit is unlocked · Events: Withdrawn, token Unlocked
 * Errors: unknownProposal, closed, periodOver, notAuthor · Cost: 4 reads, 5 writes · Refs: PROPOSAL-CLOSE-1
 */
export const withdraw: Method = defineMethod({
  number: 5,
  signature: 'function withdraw(bytes32 proposalId)',
  intent: 'Withdraw the proposal {proposalId}',
  doc: 'Takes an open proposal back; the deposit is unlocked.',
  resources: ({ proposalId }, { from, declares }) => [
    writing(proposals, proposalId),
    writing(openProposals, from),
    ...declares(depositPort).unlocking(from, proposalId),
  ],
  verify: (ctx, { proposalId }) => {
    const found = checkOpen(ctx, proposalId)
    if ('error' in found) return found.error
    return found.proposal.author === ctx.env.from ? undefined : notAuthor
  },
  execute: (ctx, { proposalId }) => {
    const proposal = ctx.get(proposals, { proposalId })
    assert(proposal !== undefined, 'verified before')
    close(ctx, proposalId, { proposal, how: 'withdrawn' })
  },
})
