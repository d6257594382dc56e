import { type AelfClient, getPositions, type Position } from '#actions'
import type { Address } from '#domain'

export interface PositionsQueryOptions {
  readonly queryKey: readonly ['aelf', 'positions', Address | undefined]
  readonly queryFn: () => Promise<readonly Position[]>
  readonly enabled: boolean
  readonly staleTime: number
}

/** An account's open locks at the head; disabled until the owner is known. */
export function positionsQueryOptions(
  client: AelfClient,
  parameters: { readonly owner?: Address | undefined },
): PositionsQueryOptions {
  const { owner } = parameters
  return {
    queryKey: ['aelf', 'positions', owner],
    queryFn: () => (owner ? getPositions(client, { owner }) : Promise.resolve([])),
    enabled: owner !== undefined,
    staleTime: 2_000,
  }
}
