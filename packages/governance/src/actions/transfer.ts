import type { Address, Amount } from '#domain'
import { type CallOf, defineWrite, type Write, type WriteSync } from './defineWrite.ts'

export type TransferArguments = {
  readonly to: Address
  readonly symbol: string
  readonly amount: Amount
}

const write = defineWrite<TransferArguments>('token', 'transfer', ['to', 'symbol', 'amount'])

/** Sends tokens; every token has eight decimals. */
export const transfer: Write<TransferArguments> = write.send
/** The same, waiting for the block. */
export const transferSync: WriteSync<TransferArguments> = write.sendSync
/** Describes the call without sending it. */
export const transferCall: CallOf<TransferArguments> = write.call
