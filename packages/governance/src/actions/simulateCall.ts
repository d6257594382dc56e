import type { Json } from '@aelf/chain/rpc'
import type { Address, Amount } from '#domain'
import type { AelfClient } from './client.ts'
import { toBaseError } from './errors.ts'
import type { Call } from './prepareTransaction.ts'

export interface SimulateCallParameters {
  readonly from: Address
  readonly call: Call
}

export interface SimulateCallReturnType {
  readonly ok: boolean
  readonly fee: Amount
  readonly intent: string
  /** The contract's refusal: `code` is `contract.errorName`, `help` says how to avoid it. */
  readonly error?: { readonly code: string; readonly help: string }
}

/** Tries a call on top of the head without doing it. Throws only when the node cannot be asked. */
export async function simulateCall(
  client: AelfClient,
  { from, call }: SimulateCallParameters,
): Promise<SimulateCallReturnType> {
  try {
    const result = await client.request('aelf_simulate', [
      { from, contract: call.contract, method: call.method, args: jsonArgs(call.args) },
    ])
    const base = { ok: result.ok, fee: BigInt(result.fee), intent: result.intent }
    return result.error ? { ...base, error: { code: result.error.code, help: result.error.help } } : base
  } catch (error) {
    throw toBaseError(error)
  }
}

function jsonArgs(args: Call['args']): { readonly [name: string]: Json } {
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => [name, typeof value === 'bigint' ? value.toString() : value]),
  )
}
