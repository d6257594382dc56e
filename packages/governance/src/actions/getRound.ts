import type { RoundView } from '@aelf/chain/rpc'
import type { AelfClient } from './client.ts'
import { toBaseError } from './errors.ts'

export type GetRoundReturnType = RoundView

/** Who produces when in a round and what came of it; the current round by default. */
export async function getRound(
  client: AelfClient,
  { number }: { readonly number?: bigint } = {},
): Promise<GetRoundReturnType> {
  return client
    .request('aelf_getRound', [number === undefined ? 'latest' : number.toString()])
    .catch((error: unknown) => {
      throw toBaseError(error)
    })
}
