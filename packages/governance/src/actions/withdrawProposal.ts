import type { Hash } from '#domain'
import { type CallOf, defineWrite, type Write, type WriteSync } from './defineWrite.ts'

export type WithdrawProposalArguments = {
  readonly proposalId: Hash
}

const write = defineWrite<WithdrawProposalArguments>('proposal', 'withdraw', ['proposalId'])

/** Takes an open proposal of the sender back. */
export const withdrawProposal: Write<WithdrawProposalArguments> = write.send
/** The same, waiting for the block. */
export const withdrawProposalSync: WriteSync<WithdrawProposalArguments> = write.sendSync
/** Describes the call without sending it. */
export const withdrawProposalCall: CallOf<WithdrawProposalArguments> = write.call
