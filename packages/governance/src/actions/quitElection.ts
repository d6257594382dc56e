import { type CallOf, defineWrite, type Write, type WriteSync } from './defineWrite.ts'

export type QuitElectionArguments = Record<never, never>

const write = defineWrite<QuitElectionArguments>('election', 'quit', [])

/** Stops being electable; refused while producing. */
export const quitElection: Write<QuitElectionArguments> = write.send
/** The same, waiting for the block. */
export const quitElectionSync: WriteSync<QuitElectionArguments> = write.sendSync
/** Describes the call without sending it. */
export const quitElectionCall: CallOf<QuitElectionArguments> = write.call
