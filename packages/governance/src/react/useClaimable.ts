'use client'

import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import type { GetClaimableReturnType } from '#actions'
import type { Address } from '#domain'
import { claimableQueryOptions } from '#queries'
import { useAelfClient } from './provider.tsx'

/** What an account can claim at the head. */
export function useClaimable(parameters: {
  readonly owner?: Address | undefined
}): UseQueryResult<GetClaimableReturnType> {
  return useQuery(claimableQueryOptions(useAelfClient(), parameters))
}
