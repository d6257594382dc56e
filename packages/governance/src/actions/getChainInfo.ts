import type { ChainInfo } from '@aelf/chain/rpc'
import type { AelfClient } from './client.ts'
import { toBaseError } from './errors.ts'

export type GetChainInfoReturnType = ChainInfo

/** Which network this is and how far it is. */
export async function getChainInfo(client: AelfClient): Promise<GetChainInfoReturnType> {
  return client.request('aelf_chainInfo').catch((error: unknown) => {
    throw toBaseError(error)
  })
}
