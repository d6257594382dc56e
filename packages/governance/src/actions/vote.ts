import type { Address, Amount } from '#domain'
import { type CallOf, defineWrite, type Write, type WriteSync } from './defineWrite.ts'

export type VoteArguments = {
  readonly delegate: Address
  readonly amount: Amount
  readonly lockDays: number
}

const write = defineWrite<VoteArguments>('election', 'vote', ['delegate', 'amount', 'lockDays'])

/** Locks tokens for 90 to 1,080 days and votes for a delegate. */
export const vote: Write<VoteArguments> = write.send
/** The same, waiting for the block. */
export const voteSync: WriteSync<VoteArguments> = write.sendSync
/** Describes the call without sending it. */
export const voteCall: CallOf<VoteArguments> = write.call
