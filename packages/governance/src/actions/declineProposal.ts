import type { Hash } from '#domain'
import { type CallOf, defineWrite, type Write, type WriteSync } from './defineWrite.ts'

export type DeclineProposalArguments = {
  readonly proposalId: Hash
  readonly textHash: Hash
  readonly archiveHash: Hash
}

const write = defineWrite<DeclineProposalArguments>('proposal', 'decline', ['proposalId', 'textHash', 'archiveHash'])

/** Declines a proposal; the hashes are those of what was read. */
export const declineProposal: Write<DeclineProposalArguments> = write.send
/** The same, waiting for the block. */
export const declineProposalSync: WriteSync<DeclineProposalArguments> = write.sendSync
/** Describes the call without sending it. */
export const declineProposalCall: CallOf<DeclineProposalArguments> = write.call
