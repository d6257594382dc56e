import type { Address, Amount } from '#domain'
import { NATIVE_SYMBOL } from '#domain'
import type { AelfClient } from './client.ts'
import { BaseError, toBaseError } from './errors.ts'

export interface GetBalanceParameters {
  readonly address: Address
  /** Default: the native token. */
  readonly symbol?: string
}

/** Spendable balance in smallest units, read from the chain at the head. Locked tokens are not part of it. */
export async function getBalance(
  client: AelfClient,
  { address, symbol = NATIVE_SYMBOL }: GetBalanceParameters,
): Promise<Amount> {
  try {
    const result = await client.request('aelf_call', ['token', 'balanceOf', { account: address, symbol }])
    return BigInt(amountOf(result))
  } catch (error) {
    throw toBaseError(error)
  }
}

function amountOf(result: unknown): string {
  if (typeof result === 'string') return result
  if (typeof result === 'object' && result !== null && 'amount' in result && typeof result.amount === 'string')
    return result.amount
  throw new BaseError('The node answered no balance.', {
    code: 'rpc.unexpectedAnswer',
    help: 'Ask another node, or one of this version.',
  })
}
