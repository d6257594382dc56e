import type { Hash } from '#domain'
import { type CallOf, defineWrite, type Write, type WriteSync } from './defineWrite.ts'

export type AdoptProposalArguments = {
  readonly proposalId: Hash
  readonly textHash: Hash
  readonly archiveHash: Hash
}

const write = defineWrite<AdoptProposalArguments>('proposal', 'adopt', ['proposalId', 'textHash', 'archiveHash'])

/** Adopts a proposal; the hashes are those of what was read. */
export const adoptProposal: Write<AdoptProposalArguments> = write.send
/** The same, waiting for the block. */
export const adoptProposalSync: WriteSync<AdoptProposalArguments> = write.sendSync
/** Describes the call without sending it. */
export const adoptProposalCall: CallOf<AdoptProposalArguments> = write.call
