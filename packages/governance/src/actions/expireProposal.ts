import type { Hash } from '#domain'
import { type CallOf, defineWrite, type Write, type WriteSync } from './defineWrite.ts'

export type ExpireProposalArguments = {
  readonly proposalId: Hash
}

const write = defineWrite<ExpireProposalArguments>('proposal', 'expire', ['proposalId'])

/** Closes a proposal whose period is over. */
export const expireProposal: Write<ExpireProposalArguments> = write.send
/** The same, waiting for the block. */
export const expireProposalSync: WriteSync<ExpireProposalArguments> = write.sendSync
/** Describes the call without sending it. */
export const expireProposalCall: CallOf<ExpireProposalArguments> = write.call
