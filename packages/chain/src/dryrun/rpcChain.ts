import { decodeHeader, decodeSparseProof, decodeTransaction, type SignedHeader, type SignedTransaction } from '#kernel'
import { hexToBytes } from '#primitives'
import type { RpcClient, TransactionView } from '#rpc/client'
import { DryRunError } from './error.ts'
import type { LiveChain } from './types.ts'

type Client = Pick<RpcClient, 'request'>

async function blockAt(client: Client, height: bigint): Promise<Awaited<ReturnType<LiveChain['block']>>> {
  const at = height.toString()
  const [view, { raw }] = await Promise.all([
    client.request('aelf_getBlock', [at, { transactions: 'full' }]),
    client.request('aelf_getHeader', [at]),
  ])
  const header: SignedHeader = decodeHeader(hexToBytes(raw))
  const transactions = (view.transactions as readonly TransactionView[]).map(({ envelope }): SignedTransaction => {
    if (envelope === undefined) throw new DryRunError('dryrun.proof', 'The node gives a block without its transactions')
    return decodeTransaction(hexToBytes(envelope))
  })
  if (header.height !== height || header.hash !== view.hash) {
    throw new DryRunError('dryrun.proof', 'The chain was reorganised meanwhile; try again', { retryable: true })
  }
  return { header, transactions }
}

/** A chain behind the RPC of one of its nodes. */
export async function openRpcChain(client: Client): Promise<LiveChain> {
  const info = await client.request('aelf_chainInfo')
  const { network, chainId, genesisHash, genesisTimeMs, slotMs, genesisParams = {} } = info
  return {
    network,
    chainId,
    genesisHash,
    genesisTimeMs,
    slotMs,
    params: Object.fromEntries(Object.entries(genesisParams).map(([name, value]) => [name, BigInt(value)])),
    height: async () => BigInt((await client.request('aelf_chainInfo')).height),
    block: (height) => blockAt(client, height),
    async entries(paths, height) {
      const { entries } = await client.request('aelf_getStateProofs', [paths, { at: height.toString() }])
      return entries.map(({ path, value, proof }) => ({
        path,
        value: value === null ? undefined : hexToBytes(value),
        proof: decodeSparseProof(hexToBytes(proof)),
      }))
    },
  }
}
