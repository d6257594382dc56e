import type { RpcClient } from '@aelf/chain/rpc'
import type { Address } from '#domain'
import { IndexerError } from '../errors.ts'
import type { SourceRanking } from './source.ts'

/** The block is read last: when it is still the caller's, the state before it was too. */
export async function readRanking(client: RpcClient, height: bigint): Promise<SourceRanking> {
  const answer = await client.request('aelf_call', ['election', 'ranking', {}, { at: height.toString() }])
  if (!Array.isArray(answer)) throw new IndexerError('index.badAnswer', 'The node answered no ranking', { answer })
  const entries = answer.map((entry: Readonly<Record<string, unknown>>) => ({
    delegate: String(entry['delegate']).toLowerCase() as Address,
    weight: BigInt(String(entry['weight'])),
    rank: Number(entry['rank']),
  }))
  const { hash } = await client.request('aelf_getBlock', [height.toString(), { transactions: 'ids' }])
  return { hash, entries }
}
