import type { Hash } from '#domain'
import { type CallOf, defineWrite, type Write, type WriteSync } from './defineWrite.ts'

export type SubmitProposalArguments = {
  readonly title: string
  readonly textHash: Hash
  readonly archiveHash: Hash
  readonly archiveBytes: bigint
  readonly bundleHash: Hash
}

const write = defineWrite<SubmitProposalArguments>('proposal', 'submit', [
  'title',
  'textHash',
  'archiveHash',
  'archiveBytes',
  'bundleHash',
])

/** Submits a feature proposal and leaves the deposit; its id is the transaction’s. */
export const submitProposal: Write<SubmitProposalArguments> = write.send
/** The same, waiting for the block. */
export const submitProposalSync: WriteSync<SubmitProposalArguments> = write.sendSync
/** Describes the call without sending it. */
export const submitProposalCall: CallOf<SubmitProposalArguments> = write.call
