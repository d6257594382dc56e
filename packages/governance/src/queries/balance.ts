import { type AelfClient, getBalance } from '#actions'
import type { Address, Amount } from '#domain'

export interface BalanceQueryOptions {
  readonly queryKey: readonly ['aelf', 'balance', Address | undefined, string]
  readonly queryFn: () => Promise<Amount>
  readonly enabled: boolean
  readonly staleTime: number
}

/** Spendable balance at the head; disabled until the address is known. */
export function balanceQueryOptions(
  client: AelfClient,
  parameters: { readonly address?: Address | undefined; readonly symbol?: string },
): BalanceQueryOptions {
  const { address, symbol = 'ELF' } = parameters
  return {
    queryKey: ['aelf', 'balance', address, symbol],
    queryFn: () => (address ? getBalance(client, { address, symbol }) : Promise.resolve(0n)),
    enabled: address !== undefined,
    staleTime: 2_000,
  }
}
