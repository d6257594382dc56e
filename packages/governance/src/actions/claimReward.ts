import type { Hash } from '#domain'
import { type CallOf, defineWrite, type Write, type WriteSync } from './defineWrite.ts'

export type ClaimRewardArguments = {
  readonly lockId: Hash
}

const write = defineWrite<ClaimRewardArguments>('reward', 'claim', ['lockId'])

/** Pays what a vote has earned in the terms that have ended. */
export const claimReward: Write<ClaimRewardArguments> = write.send
/** The same, waiting for the block. */
export const claimRewardSync: WriteSync<ClaimRewardArguments> = write.sendSync
/** Describes the call without sending it. */
export const claimRewardCall: CallOf<ClaimRewardArguments> = write.call
