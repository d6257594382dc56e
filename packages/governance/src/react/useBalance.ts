'use client'

import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import type { Address, Amount } from '#domain'
import { balanceQueryOptions } from '#queries'
import { useAelfClient } from './provider.tsx'

/** Spendable balance at the head. */
export function useBalance(parameters: {
  readonly address?: Address | undefined
  readonly symbol?: string
}): UseQueryResult<Amount> {
  return useQuery(balanceQueryOptions(useAelfClient(), parameters))
}
