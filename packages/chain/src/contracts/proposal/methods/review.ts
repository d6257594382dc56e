import { defineMethod, type Method, reading, writing } from '#contracts/runtime'
import { archiveMismatch, notDelegate, reviewForm, reviewsFull } from '../errors.ts'
import { reviewedEvent } from '../events.ts'
import { CHECKLIST_END, MAX_REVIEWS, VERDICT } from '../params.ts'
import { producersPort } from '../ports.ts'
import { listReviewers, pack, proposals, reviewers, reviews } from '../state.ts'
import { checkOpen } from './close.ts'

/**
 * A delegate's review of exactly one archive; a later one takes the place of the former.
 * Origin: a registered delegate · Requires: open, the hash of its archive, a verdict 1 to 3, a checklist of eight bits
 * Effects: stored under the reviewer · Events: Reviewed
 * Errors: unknownProposal, closed, periodOver, notDelegate, archiveMismatch, reviewForm, reviewsFull
 * Cost: a list of 256 addresses · Refs: PROPOSAL-REVIEW-1
 */
export const review: Method = defineMethod({
  number: 4,
  signature:
    'function review(bytes32 proposalId, bytes32 archiveHash, uint8 verdict, bytes32 reviewHash, uint32 checklist)',
  intent:
    'Review the proposal {proposalId} with archive {archiveHash}: verdict {verdict} (1 sound, 2 concerns, 3 unsound), checklist {checklist}, text {reviewHash}',
  doc: 'Reviews a proposal’s archive: verdict 1 sound, 2 concerns, 3 unsound; the hash of a text, or zero.',
  resources: ({ proposalId }, { from, declares }) => [
    reading(proposals, proposalId),
    writing(reviews, proposalId),
    writing(reviewers, proposalId),
    ...declares(producersPort).delegate(from),
  ],
  verify: (ctx, { proposalId, archiveHash, verdict, checklist }) => {
    const reviewer = ctx.env.from
    const found = checkOpen(ctx, proposalId)
    if ('error' in found) return found.error
    if (!ctx.read(producersPort).isDelegate(reviewer)) return notDelegate
    if (found.proposal.archiveHash !== archiveHash) return archiveMismatch
    if (verdict < VERDICT.sound || verdict > VERDICT.unsound || checklist >= CHECKLIST_END) return reviewForm
    const known = listReviewers(ctx, proposalId)
    return known.length >= MAX_REVIEWS && !known.includes(reviewer) ? reviewsFull : undefined
  },
  execute: (ctx, { proposalId, archiveHash, verdict, reviewHash, checklist }) => {
    const { from: reviewer, timeMs } = ctx.env
    const known = listReviewers(ctx, proposalId)
    if (!known.includes(reviewer)) ctx.set(reviewers, { proposalId }, { addresses: pack([...known, reviewer]) })
    ctx.set(reviews, { proposalId, reviewer }, { verdict, reviewHash, checklist, reviewedAt: timeMs })
    ctx.emit(reviewedEvent, { proposalId, reviewer, archiveHash, verdict, reviewHash, checklist })
  },
})
