import { type CallOf, defineWrite, type Write, type WriteSync } from './defineWrite.ts'

export type ReclaimDepositArguments = Record<never, never>

const write = defineWrite<ReclaimDepositArguments>('election', 'reclaimDeposit', [])

/** Takes back the deposit after the term of the exit. */
export const reclaimDeposit: Write<ReclaimDepositArguments> = write.send
/** The same, waiting for the block. */
export const reclaimDepositSync: WriteSync<ReclaimDepositArguments> = write.sendSync
/** Describes the call without sending it. */
export const reclaimDepositCall: CallOf<ReclaimDepositArguments> = write.call
