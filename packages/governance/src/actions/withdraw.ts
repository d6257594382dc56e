import type { Hash } from '#domain'
import { type CallOf, defineWrite, type Write, type WriteSync } from './defineWrite.ts'

export type WithdrawArguments = {
  readonly lockId: Hash
}

const write = defineWrite<WithdrawArguments>('election', 'withdraw', ['lockId'])

/** Takes back the tokens of an expired lock. */
export const withdraw: Write<WithdrawArguments> = write.send
/** The same, waiting for the block. */
export const withdrawSync: WriteSync<WithdrawArguments> = write.sendSync
/** Describes the call without sending it. */
export const withdrawCall: CallOf<WithdrawArguments> = write.call
