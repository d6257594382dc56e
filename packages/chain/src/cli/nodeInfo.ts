import { type NodeInfoView, type RpcClient, RpcRequestError } from '#rpc/client'
import { CliError } from './exit.ts'

/** Servers that are no single node answer so: a development network, an older node. */
const NO_NODE: readonly string[] = ['operator.unavailable', 'rpc.methodNotFound']

/** What a node says of itself; undefined when the server is no single node. */
export async function askNode(client: RpcClient): Promise<NodeInfoView | undefined> {
  try {
    return await client.request('aelf_nodeInfo')
  } catch (error) {
    if (error instanceof RpcRequestError && NO_NODE.includes(error.code)) return undefined
    throw error
  }
}

/** Refuses to sign by the head of a node that lags: such a transaction has expired before others see it. Throws `cli.failure`. */
export async function mustBeSynced(client: RpcClient): Promise<void> {
  const sync = (await askNode(client))?.sync
  if (sync === undefined || sync.state === 'synced') return
  throw new CliError(
    'cli.failure',
    `the node is not up to date: ${sync.state} at height ${sync.height}`,
    'Wait until `aelf status` says synced, or ask another node with --rpc.',
  )
}
