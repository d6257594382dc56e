'use client'

import type { ChainInfo } from '@aelf/chain/rpc'
import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import { chainInfoQueryOptions } from '#queries'
import { useAelfClient } from './provider.tsx'

/** Which network this is and how far it is. */
export function useChainInfo(): UseQueryResult<ChainInfo> {
  return useQuery(chainInfoQueryOptions(useAelfClient()))
}
