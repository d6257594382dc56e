import type { Address } from '#primitives'
import type { OperatorPort } from '#rpc/server'
import type { RunningNode } from '../compose.ts'
import type { LogRing } from '../logRing.ts'
import { createNodeOperator, type OperatedNode } from './operator.ts'

/** What is needed of a development network. */
export interface OperatedDevnet {
  readonly nodes: readonly RunningNode[]
  readonly rpcNode: RunningNode
  accounts(): readonly { readonly address: Address }[]
}

/**
 * The console of a development network: every delegate and every demo account may pair. A delegate sees its own node, a demo account
 * that of the delegate with its number, so that slots can be watched without a delegate's key. The nodes share one process, so its memory, disk and log are the same for all.
 */
export function createDevnetOperator(
  devnet: OperatedDevnet,
  options: { readonly ring: LogRing | undefined; readonly dataDir: string | undefined },
): OperatorPort {
  const startedAtMs = Date.now()
  const operated = new Map<string, OperatedNode>()
  const operatedOf = (node: RunningNode): OperatedNode => {
    const found = operated.get(node.name) ?? {
      node,
      delegate: node.signer?.address,
      keySource: node.signer === undefined ? null : ('keystore' as const),
      sync: () => node.syncStatus(),
    }
    operated.set(node.name, found)
    return found
  }
  const numberOf = (address: Address): number => devnet.accounts().findIndex((account) => account.address === address)
  const nodeOf = (address: Address): RunningNode =>
    devnet.nodes.find(({ signer }) => signer?.address === address) ?? devnet.nodes[numberOf(address)] ?? devnet.rpcNode
  const knows = (address: Address): boolean =>
    devnet.nodes.some(({ signer }) => signer?.address === address) ||
    devnet.accounts().some((account) => account.address === address)
  return createNodeOperator({
    nodeId: 'a development network in one process',
    open: operatedOf(devnet.rpcNode),
    nodeOf: (address) => operatedOf(nodeOf(address)),
    isOperator: knows,
    peers: () =>
      devnet.nodes.map(({ name, api }) => ({
        id: name,
        address: 'same process',
        direction: 'out' as const,
        agent: api.status().version,
        connectedAtMs: startedAtMs,
        score: 0,
        height: api.status().height.toString(),
        latencyMs: null,
      })),
    bans: () => [],
    warnings: (address) => nodeOf(address).warnings(),
    clockOffsetMs: () => null,
    ...options,
  })
}
