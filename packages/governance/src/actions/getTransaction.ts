import type { TransactionView } from '@aelf/chain/rpc'
import type { Hash } from '#domain'
import type { AelfClient } from './client.ts'
import { toBaseError } from './errors.ts'

export type GetTransactionReturnType = TransactionView

/** A transaction and what became of it; `status` is `unknown` when the node never saw it. */
export async function getTransaction(
  client: AelfClient,
  { id }: { readonly id: Hash },
): Promise<GetTransactionReturnType> {
  return client.request('aelf_getTransaction', [id]).catch((error: unknown) => {
    throw toBaseError(error)
  })
}
