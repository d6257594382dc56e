import type { ProposalRow } from '#db'
import type { Address, Hash, ProposalEventKind } from '#domain'
import { IndexerError } from '../errors.ts'
import { addressOf, amountOf, type EventHandler, type EventScope, hashOf, numberOf, textOf } from './scope.ts'

const NO_HASH: Hash = `0x${'00'.repeat(32)}`

/** More than a block can hold. */
const EVENTS_OF_BLOCK = 1_000_000n

const orNull = (hash: Hash): Hash | null => (hash === NO_HASH ? null : hash)

async function knownProposal(scope: EventScope): Promise<ProposalRow> {
  const proposalId = hashOf(scope.event, 'proposalId')
  const found = await scope.workspace.get('proposals', { proposalId })
  if (found === undefined)
    throw new IndexerError('index.badEvent', `${scope.event.name} names the proposal ${proposalId}, which is unknown`)
  return found
}

function writeEvent(
  { block, position, transaction, workspace }: EventScope,
  proposal: Pick<ProposalRow, 'proposalId' | 'adopted' | 'declined'>,
  happened: { kind: ProposalEventKind; actor: Address; review?: { verdict: number; checklist: number; hash: Hash } },
): void {
  const { kind, actor, review } = happened
  const { proposalId, adopted, declined } = proposal
  workspace.add('proposal_events', {
    height: block.height,
    blockHash: block.hash,
    position,
    timeMs: block.timeMs,
    transactionId: transaction.id,
    proposalId,
    kind,
    actor,
    adopted,
    declined,
    verdict: review?.verdict ?? null,
    checklist: review?.checklist ?? null,
    reviewHash: review === undefined ? null : orNull(review.hash),
  })
}

const submitted: EventHandler = async (scope) => {
  const { event, block, workspace } = scope
  const proposalId = hashOf(event, 'proposalId')
  const author = addressOf(event, 'author')
  await workspace.get('proposals', { proposalId })
  const proposal = {
    proposalId,
    author,
    title: textOf(event, 'title'),
    textHash: hashOf(event, 'textHash'),
    archiveHash: hashOf(event, 'archiveHash'),
    archiveBytes: numberOf(event, 'archiveBytes'),
    bundleHash: orNull(hashOf(event, 'bundleHash')),
    status: 'open' as const,
    submittedHeight: block.height,
    submittedAtMs: block.timeMs,
    submittedOrder: block.height * EVENTS_OF_BLOCK + BigInt(scope.position),
    endsAtMs: numberOf(event, 'endsAt'),
    closedAtMs: null,
    electorate: numberOf(event, 'electorate'),
    quorum: numberOf(event, 'quorum'),
    adopted: 0,
    declined: 0,
    reviews: 0,
    deposit: amountOf(event, 'deposit'),
  }
  workspace.put('proposals', proposal)
  writeEvent(scope, proposal, { kind: 'submitted', actor: author })
}

const reviewed: EventHandler = async (scope) => {
  const { event, workspace } = scope
  const before = await knownProposal(scope)
  const reviewer = addressOf(event, 'reviewer')
  const key = { proposalId: before.proposalId, reviewer }
  const isFirst = (await workspace.get('proposal_reviewers', key)) === undefined
  workspace.put('proposal_reviewers', key)
  const proposal = { ...before, reviews: before.reviews + (isFirst ? 1 : 0) }
  workspace.put('proposals', proposal)
  const review = {
    verdict: numberOf(event, 'verdict'),
    checklist: numberOf(event, 'checklist'),
    hash: hashOf(event, 'reviewHash'),
  }
  writeEvent(scope, proposal, { kind: 'reviewed', actor: reviewer, review })
}

const chosen =
  (kind: 'adopted' | 'declined'): EventHandler =>
  async (scope) => {
    const { event, workspace } = scope
    const before = await knownProposal(scope)
    const proposal = { ...before, adopted: numberOf(event, 'adopted'), declined: numberOf(event, 'declined') }
    workspace.put('proposals', proposal)
    writeEvent(scope, proposal, { kind, actor: addressOf(event, 'producer') })
  }

const ended =
  (kind: 'approved' | 'rejected' | 'withdrawn' | 'expired'): EventHandler =>
  async (scope) => {
    const before = await knownProposal(scope)
    const proposal = { ...before, status: kind, closedAtMs: scope.block.timeMs }
    scope.workspace.put('proposals', proposal)
    writeEvent(scope, proposal, { kind, actor: scope.transaction.from })
  }

export const proposalHandlers: Readonly<Record<string, EventHandler>> = {
  'proposal.Submitted': submitted,
  'proposal.Reviewed': reviewed,
  'proposal.Adopted': chosen('adopted'),
  'proposal.Declined': chosen('declined'),
  'proposal.Approved': ended('approved'),
  'proposal.Rejected': ended('rejected'),
  'proposal.Withdrawn': ended('withdrawn'),
  'proposal.Expired': ended('expired'),
}
