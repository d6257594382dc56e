import { type AelfClient, type ChainProposal, getProposal } from '#actions'
import type { Hash } from '#domain'

export interface ProposalQueryOptions {
  readonly queryKey: readonly ['aelf', 'proposal', Hash]
  readonly queryFn: () => Promise<ChainProposal | null>
  readonly staleTime: number
}

/** A proposal at the head; null when there is none. */
export function proposalQueryOptions(
  client: AelfClient,
  { proposalId }: { readonly proposalId: Hash },
): ProposalQueryOptions {
  return {
    queryKey: ['aelf', 'proposal', proposalId],
    queryFn: async () => (await getProposal(client, { proposalId })) ?? null,
    staleTime: 2_000,
  }
}
