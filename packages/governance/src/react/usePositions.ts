'use client'

import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import type { Position } from '#actions'
import type { Address } from '#domain'
import { positionsQueryOptions } from '#queries'
import { useAelfClient } from './provider.tsx'

/** An account's open locks at the head. */
export function usePositions(parameters: {
  readonly owner?: Address | undefined
}): UseQueryResult<readonly Position[]> {
  return useQuery(positionsQueryOptions(useAelfClient(), parameters))
}
