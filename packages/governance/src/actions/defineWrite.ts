import type { FieldValues } from '@aelf/chain/kernel'
import type { Hash } from '#domain'
import type { AelfClient } from './client.ts'
import type { Call } from './prepareTransaction.ts'
import { type SendCallParameters, type SendCallSyncParameters, sendCall, sendCallSync } from './sendCall.ts'
import type { SettledTransaction } from './waitForTransaction.ts'

/** A contract method's named arguments together with who signs. */
export type WriteParameters<Args> = Args & Omit<SendCallParameters, 'call'>
export type WriteSyncParameters<Args> = Args & Omit<SendCallSyncParameters, 'call'>

/** Describes the call without sending it; feeds `simulateCall` and `prepareTransaction`. */
export type CallOf<Args> = (args: Args) => Call
/** Sends and returns the id once the node holds the transaction on disk. */
export type Write<Args> = (client: AelfClient, parameters: WriteParameters<Args>) => Promise<Hash>
/** Sends and waits for a block (or deeper: `until`). */
export type WriteSync<Args> = (client: AelfClient, parameters: WriteSyncParameters<Args>) => Promise<SettledTransaction>

/** The three forms every writing action has, from the name of its method and of its arguments. */
export function defineWrite<Args extends FieldValues>(
  contract: string,
  method: string,
  names: readonly (keyof Args & string)[],
): { readonly call: CallOf<Args>; readonly send: Write<Args>; readonly sendSync: WriteSync<Args> } {
  const call: CallOf<Args> = (args) => ({
    contract,
    method,
    args: Object.fromEntries(names.map((name) => [name, args[name] as FieldValues[string]])),
  })
  return {
    call,
    send: (client, parameters) => sendCall(client, { ...parameters, call: call(parameters) }),
    sendSync: (client, parameters) => sendCallSync(client, { ...parameters, call: call(parameters) }),
  }
}
