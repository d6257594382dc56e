import type { Hash } from '#domain'
import { type CallOf, defineWrite, type Write, type WriteSync } from './defineWrite.ts'

export type ReviewProposalArguments = {
  readonly proposalId: Hash
  readonly archiveHash: Hash
  readonly verdict: number
  readonly reviewHash: Hash
  readonly checklist: number
}

const write = defineWrite<ReviewProposalArguments>('proposal', 'review', [
  'proposalId',
  'archiveHash',
  'verdict',
  'reviewHash',
  'checklist',
])

/** Reviews exactly one archive: verdict 1 sound, 2 concerns, 3 unsound. */
export const reviewProposal: Write<ReviewProposalArguments> = write.send
/** The same, waiting for the block. */
export const reviewProposalSync: WriteSync<ReviewProposalArguments> = write.sendSync
/** Describes the call without sending it. */
export const reviewProposalCall: CallOf<ReviewProposalArguments> = write.call
