import { type CallOf, defineWrite, type Write, type WriteSync } from './defineWrite.ts'

export type UpdateProfileArguments = {
  readonly name: string
  readonly url: string
  readonly commissionBps: number
}

const write = defineWrite<UpdateProfileArguments>('election', 'updateProfile', ['name', 'url', 'commissionBps'])

/** Changes a delegate's name, address of its page and commission. */
export const updateProfile: Write<UpdateProfileArguments> = write.send
/** The same, waiting for the block. */
export const updateProfileSync: WriteSync<UpdateProfileArguments> = write.sendSync
/** Describes the call without sending it. */
export const updateProfileCall: CallOf<UpdateProfileArguments> = write.call
