import type { Address, Hash } from '#domain'
import { type CallOf, defineWrite, type Write, type WriteSync } from './defineWrite.ts'

export type ChangeVoteArguments = {
  readonly lockId: Hash
  readonly delegate: Address
}

const write = defineWrite<ChangeVoteArguments>('election', 'changeVote', ['lockId', 'delegate'])

/** Moves a lock's vote to another delegate; lock time and weight stay. */
export const changeVote: Write<ChangeVoteArguments> = write.send
/** The same, waiting for the block. */
export const changeVoteSync: WriteSync<ChangeVoteArguments> = write.sendSync
/** Describes the call without sending it. */
export const changeVoteCall: CallOf<ChangeVoteArguments> = write.call
