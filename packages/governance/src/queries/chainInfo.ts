import type { ChainInfo } from '@aelf/chain/rpc'
import { type AelfClient, getChainInfo } from '#actions'

export interface ChainInfoQueryOptions {
  readonly queryKey: readonly ['aelf', 'chainInfo']
  readonly queryFn: () => Promise<ChainInfo>
  readonly staleTime: number
}

/** The network's position; fresh for one second. */
export function chainInfoQueryOptions(client: AelfClient): ChainInfoQueryOptions {
  return { queryKey: ['aelf', 'chainInfo'], queryFn: () => getChainInfo(client), staleTime: 1_000 }
}
