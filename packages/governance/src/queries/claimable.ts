import { type AelfClient, type GetClaimableReturnType, getClaimable } from '#actions'
import type { Address } from '#domain'

export interface ClaimableQueryOptions {
  readonly queryKey: readonly ['aelf', 'claimable', Address | undefined]
  readonly queryFn: () => Promise<GetClaimableReturnType>
  readonly enabled: boolean
  readonly staleTime: number
}

const NOTHING: GetClaimableReturnType = { votes: [], commission: 0n, total: 0n }

/** What an account can claim at the head; disabled until the owner is known. */
export function claimableQueryOptions(
  client: AelfClient,
  parameters: { readonly owner?: Address | undefined },
): ClaimableQueryOptions {
  const { owner } = parameters
  return {
    queryKey: ['aelf', 'claimable', owner],
    queryFn: () => (owner ? getClaimable(client, { owner }) : Promise.resolve(NOTHING)),
    enabled: owner !== undefined,
    staleTime: 2_000,
  }
}
