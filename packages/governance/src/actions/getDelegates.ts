import type { DelegateView } from '@aelf/chain/rpc'
import type { AelfClient } from './client.ts'
import { toBaseError } from './errors.ts'

export type GetDelegatesReturnType = readonly DelegateView[]

/** Every delegate by rank for the next term, read from the chain at the head. */
export async function getDelegates(client: AelfClient): Promise<GetDelegatesReturnType> {
  return client.request('aelf_getDelegates').catch((error: unknown) => {
    throw toBaseError(error)
  })
}
