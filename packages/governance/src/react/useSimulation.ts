'use client'

import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import type { Call, SimulateCallReturnType } from '#actions'
import type { Address } from '#domain'
import { simulationQueryOptions } from '#queries'
import { useAelfClient } from './provider.tsx'

/** What the chain would do with a call now; feeds the review before signing. */
export function useSimulation(parameters: {
  readonly from?: Address | undefined
  readonly call?: Call | undefined
}): UseQueryResult<SimulateCallReturnType> {
  return useQuery(simulationQueryOptions(useAelfClient(), parameters))
}
