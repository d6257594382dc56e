import type { Hash } from '#domain'
import { type CallOf, defineWrite, type Write, type WriteSync } from './defineWrite.ts'

export type ExtendLockArguments = {
  readonly lockId: Hash
  readonly lockDays: number
}

const write = defineWrite<ExtendLockArguments>('election', 'extend', ['lockId', 'lockDays'])

/** Sets a later end of a lock, counted from now; the weight never shrinks. */
export const extendLock: Write<ExtendLockArguments> = write.send
/** The same, waiting for the block. */
export const extendLockSync: WriteSync<ExtendLockArguments> = write.sendSync
/** Describes the call without sending it. */
export const extendLockCall: CallOf<ExtendLockArguments> = write.call
