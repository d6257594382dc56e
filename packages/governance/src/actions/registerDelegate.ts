import type { Hash } from '#domain'
import { type CallOf, defineWrite, type Write, type WriteSync } from './defineWrite.ts'

export type RegisterDelegateArguments = {
  readonly name: string
  readonly url: string
  readonly commitment: Hash
  readonly commissionBps: number
}

const write = defineWrite<RegisterDelegateArguments>('election', 'register', [
  'name',
  'url',
  'commitment',
  'commissionBps',
])

/** Becomes electable: locks the deposit and commits to a chain of in-values. */
export const registerDelegate: Write<RegisterDelegateArguments> = write.send
/** The same, waiting for the block. */
export const registerDelegateSync: WriteSync<RegisterDelegateArguments> = write.sendSync
/** Describes the call without sending it. */
export const registerDelegateCall: CallOf<RegisterDelegateArguments> = write.call
