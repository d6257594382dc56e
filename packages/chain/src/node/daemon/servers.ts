import { type Address, asAddress } from '#primitives'
import { createRpcServer } from '#rpc/server'
import type { NodeWarning } from '../api.ts'
import { createNodeOperator, type OperatedNode } from '../operator/operator.ts'
import type { ClockWatch } from './clockWatch.ts'
import { startMetricsServer } from './metricsServer.ts'
import type { Opened } from './opened.ts'

/** A network of a few nodes should have as many peers as it has other nodes; below two a node hangs by one thread. */
const FEW_PEERS = 2

/** All warnings there are; that there are few peers is for the operator only. */
function warningsOf(opened: Opened, operated: OperatedNode): NodeWarning[] {
  const { node } = operated
  const peers = opened.network.net.peers().length
  const isSmall = node.ledger.headState().term.producers.length <= FEW_PEERS
  const few: NodeWarning | undefined =
    peers >= FEW_PEERS || isSmall
      ? undefined
      : { code: 'peers.few', message: `Only ${peers} peers are connected; add addresses to p2p.peers` }
  return [...node.warnings(), few].filter((one) => one !== undefined)
}

export interface Served {
  readonly rpcUrl: string
  readonly metricsUrl: string | undefined
}

/** Opens RPC and metrics of a node. */
export async function openServers(opened: Opened, operated: OperatedNode, clockWatch: ClockWatch): Promise<Served> {
  const { config, meter, closers, logger, network } = opened
  const { host, port, origins, hosts, operators } = config.rpc
  const { node, delegate } = operated
  const offsetMs = (): number | null => {
    const offset = clockWatch.comparison().offsetMs
    return offset === null ? null : Math.round(offset)
  }
  const allowed = new Set<Address>([...operators, ...(delegate === undefined ? [] : [delegate])])
  const operator = createNodeOperator({
    nodeId: network.peerId,
    open: operated,
    nodeOf: () => operated,
    isOperator: (address) => allowed.has(asAddress(address)),
    peers: () =>
      network.peers().map(({ height, clock, ...peer }) => ({
        ...peer,
        height: height.toString(),
        clockOffsetMs: clock === null ? null : Math.round(clock.aheadMs),
      })),
    bans: () => network.bans(),
    warnings: () => warningsOf(opened, operated),
    clockOffsetMs: () => offsetMs(),
    dataDir: config.dataDir,
    ring: opened.ring,
  })
  const server = createRpcServer({
    node: node.api,
    operator,
    contracts: node.contracts,
    walletChainId: opened.chain.genesis.chainId,
    logger,
    host,
    port,
    allowedOrigins: origins,
    allowedHosts: hosts,
    meter: (call) => meter.call(call),
  })
  closers.add('the RPC server', () => server.close())
  const { url: rpcUrl } = await server.listen()
  if (!config.metrics.enabled) return { rpcUrl, metricsUrl: undefined }
  watchFigures(opened, { ...operated, offsetMs })
  const metrics = await startMetricsServer({ ...config.metrics, meter })
  closers.add('the metrics server', () => metrics.close())
  return { rpcUrl, metricsUrl: metrics.url }
}

/** Counts of finished rounds are read once a head, not once a figure. */
function watchFigures(
  { meter, network, clock }: Opened,
  { node, delegate, offsetMs }: OperatedNode & { offsetMs(): number | null },
): void {
  let record = { missed: 0n, excludedUntilMs: 0 }
  const refresh = async (): Promise<void> => {
    const found = (await node.api.delegates()).find(({ address }) => address === delegate)
    record = { missed: found?.missed ?? 0n, excludedUntilMs: found?.excludedUntilMs ?? 0 }
  }
  if (delegate !== undefined) {
    node.api.subscribe((event) => {
      if (event.kind === 'head') void refresh()
    })
    void refresh()
  }
  meter.watch(node.api, () => {
    const { genesisTimeMs, slotMs } = node.api.status()
    const nowMs = clock.now()
    const { state, targetHeight } = node.syncStatus()
    return {
      slot: BigInt(Math.max(0, Math.floor((nowMs - genesisTimeMs) / slotMs))),
      peers: network.net.peers().length,
      targetHeight,
      clockOffsetMs: offsetMs(),
      missed: record.missed,
      excluded: record.excludedUntilMs > nowMs,
      suspended: state === 'suspended',
      bans: network.banned(),
      collection: node.collection(),
    }
  })
}
