'use client'

import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import type { ChainProposal } from '#actions'
import type { Hash } from '#domain'
import { proposalQueryOptions } from '#queries'
import { useAelfClient } from './provider.tsx'

/** A proposal at the head of the chain; null when there is none. */
export function useProposal(parameters: { readonly proposalId: Hash }): UseQueryResult<ChainProposal | null> {
  return useQuery(proposalQueryOptions(useAelfClient(), parameters))
}
