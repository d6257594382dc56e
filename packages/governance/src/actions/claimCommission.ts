import { type CallOf, defineWrite, type Write, type WriteSync } from './defineWrite.ts'

export type ClaimCommissionArguments = Readonly<Record<never, never>>

const write = defineWrite<ClaimCommissionArguments>('reward', 'claimCommission', [])

/** Pays a delegate the commission of the terms that have ended. */
export const claimCommission: Write<ClaimCommissionArguments> = write.send
/** The same, waiting for the block. */
export const claimCommissionSync: WriteSync<ClaimCommissionArguments> = write.sendSync
/** Describes the call without sending it. */
export const claimCommissionCall: CallOf<ClaimCommissionArguments> = write.call
