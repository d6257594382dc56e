import { createGenesisChain, createMainChain, type MainChain } from '#chains'
import type { Address, Clock, Logger } from '#primitives'
import { createGroupCommit } from '#store'
import type { NodeApi } from '../api.ts'
import { createAuthenticator } from '../authenticator.ts'
import { createBreather } from '../breather.ts'
import { createEndingClock } from '../clock.ts'
import { createNode, type NodePorts, type RunningNode } from '../compose.ts'
import { installEngines } from '../engines.ts'
import { NodeError } from '../errors.ts'
import { createNodeExecutor } from '../executing.ts'
import type { DelegateSecrets } from '../keys/keystore.ts'
import type { LogRing } from '../logRing.ts'
import { createMeter } from '../meter.ts'
import { pooledExec } from '../recoverPool.ts'
import { createRedactor, type Redactor } from '../redactor.ts'
import { bundleFolderOf } from './bundleFolder.ts'
import { watchClock } from './clockWatch.ts'
import { Closers } from './closers.ts'
import { openingError } from './collectionWatch.ts'
import { openCommitCount } from './commitCount.ts'
import { openDataFolder } from './dataFolder.ts'
import { watchDisk } from './diskWatch.ts'
import { meterNet } from './meteredNet.ts'
import { type DaemonNetwork, type NetworkRequest, openLibp2pNetwork } from './network.ts'
import type { NodeConfig } from './nodeConfig.ts'
import { openCollections } from './openCollections.ts'
import type { Opened } from './opened.ts'
import { openProducerParts } from './producerParts.ts'
import { readSecrets, readSettingFile } from './secrets.ts'
import { openServers } from './servers.ts'
import { guardStore } from './storeGuard.ts'

export interface NodeDeps {
  readonly logger: Logger
  /** Stops the node when it fires. */
  readonly interrupted?: AbortSignal
  /** The keystore's password, where it does not come from a file. */
  readonly password?: string
  /** Newest log lines, for the console; the same ring the logger fills. */
  readonly ring?: LogRing
  /** The redactor of the logger: it learns the secrets when they are read. */
  readonly redactor?: Redactor
  readonly clock?: Clock
  /** Another network than libp2p, for tests. */
  readonly openNetwork?: (options: NetworkRequest) => Promise<DaemonNetwork>
  /** Figures of the process as a whole, once a process. Default true. */
  readonly processFigures?: boolean
}

/** One node of a network in this process. */
export interface RunningDaemon {
  readonly api: NodeApi
  readonly node: RunningNode
  readonly rpcUrl: string
  /** Undefined when metrics are off. */
  readonly metricsUrl: string | undefined
  readonly peerId: string
  readonly listenAddresses: readonly string[]
  readonly delegate: Address | undefined
  /** Finishes the block in hand and ends everything. */
  stop(): Promise<void>
  /** Resolves with the reason when the node cannot go on; production has ended by then. Stop it and exit with `nodeExitCode`. */
  readonly failed: Promise<Error>
}

async function openChain(config: NodeConfig): Promise<MainChain> {
  const { genesis, genesisHash } = config
  const chain =
    typeof genesis === 'string'
      ? createGenesisChain(await readSettingFile(genesis, 'genesis'))
      : createMainChain(genesis)
  const found = chain.network.genesisHash
  if (genesisHash !== undefined && genesisHash !== found) {
    throw new NodeError('node.genesis', `The genesis is another one: its hash is ${found}, expected ${genesisHash}`, {
      details: { field: 'genesisHash', expected: genesisHash, found },
    })
  }
  return chain
}

async function openNode(
  opened: Opened,
  secrets: DelegateSecrets | undefined,
  machine: Pick<NodePorts, 'mayProduce' | 'machineWarnings'>,
): Promise<RunningNode> {
  const { config, chain, clock, logger, meter, closers, folder, fail } = opened
  const commits = await openCommitCount(folder.store, folder.paths.commits)
  closers.add('the count of writes', () => commits.close())
  if (commits.lost > 0n) {
    logger.error('The store lost writes that it had acknowledged; the chain is fetched again from where it stands', {
      writes: commits.lost,
    })
  }
  const guard = guardStore(createGroupCommit(folder.store), commits)
  guard.onCommit((seconds) => meter.committed(seconds))
  guard.failed.then(fail, fail)
  const { collections, watch, bundles, begin } = await openCollections(opened)
  const { executor, close } = createNodeExecutor({
    chain,
    eras: collections,
    logger,
    lanes: config.execution.workers,
    bundleFolder: bundleFolderOf(config.dataDir),
  })
  closers.add('the threads for executing blocks', close)
  const authenticator = createAuthenticator({
    exec: pooledExec,
    network: chain.network,
    method: (transaction) => executor.methodOf(transaction),
  })
  const { producer } = config
  const isDelegate = producer !== undefined && secrets !== undefined
  const made = isDelegate
    ? await openProducerParts(opened, { producer, secrets, doubtful: commits.lost > 0n })
    : undefined
  const node = await createNode(
    {
      name: opened.network.peerId,
      keepStates: config.keepStates,
      relay: true,
      ...(made === undefined ? {} : { producer: made }),
    },
    {
      chain,
      clock,
      logger,
      executor,
      authenticator,
      meter,
      breathe: createBreather(),
      ...machine,
      signal: () => watch.signal(),
      lacks: (needed) => watch.lacks(needed),
      installed: () => collections.ready(),
      bundles,
      net: meterNet(opened.network.net, meter),
      store: guard.store,
      journal: guard.log(folder.journal),
    },
  ).catch((error: unknown) => {
    throw openingError(error)
  })
  closers.add('the node', () => node.stop())
  await begin(node)
  return node
}

/** What fails first is what the node says it failed of. */
function createFailure(logger: Logger): { readonly failed: Promise<Error>; fail(error: Error): void } {
  let report: (error: Error) => void = () => undefined
  const failed = new Promise<Error>((resolve) => {
    report = resolve
  })
  let done = false
  const fail = (error: Error): void => {
    if (done) return
    done = true
    logger.error('The node cannot go on', { reason: error.message })
    report(error)
  }
  return { failed, fail }
}

function keySourceOf({ producer }: NodeConfig): 'keystore' | 'remote' | null {
  if (producer === undefined) return null
  return producer.remoteSigner === undefined ? 'keystore' : 'remote'
}

async function open(config: NodeConfig, deps: NodeDeps, closers: Closers): Promise<RunningDaemon> {
  const { logger } = deps
  const own = createEndingClock()
  const clock = deps.clock ?? own
  closers.add('the clock', async () => own.end())
  const redactor = deps.redactor ?? createRedactor()
  const { failed, fail } = createFailure(logger)
  const chain = await openChain(config)
  const secrets =
    config.producer === undefined ? undefined : await readSecrets(config.producer, deps.password, redactor)
  const folder = await openDataFolder(config.dataDir)
  closers.add('the store', () => folder.store.close())
  closers.add('the journal', () => folder.journal.close())
  installEngines(logger)
  const openNetwork = deps.openNetwork ?? openLibp2pNetwork
  let headHeight = (): bigint => 0n
  const { genesisHash: genesis } = chain.network
  const network = await openNetwork({ config, genesis, folder, clock, logger, headHeight: () => headHeight() })
  closers.add('the network', () => network.stop())
  const meter = createMeter({ processFigures: deps.processFigures ?? true })
  const opened: Opened = {
    config,
    logger,
    ring: deps.ring,
    redactor,
    clock,
    closers,
    folder,
    chain,
    meter,
    network,
    fail,
  }
  const disk = await watchDisk(config.dataDir, { logger })
  closers.add('the watch over the disk', async () => disk.stop())
  const clockWatch = watchClock(() => network.peers(), { slotMs: Number(chain.genesis.slotMs), logger })
  const node = await openNode(opened, secrets, {
    mayProduce: () => disk.hasRoom() && clockWatch.mayProduce(),
    machineWarnings: () => [disk.warning(), clockWatch.warning()].filter((one) => one !== undefined),
  })
  headHeight = () => node.ledger.head().header.height
  void failed.then(() => node.producer?.stop())
  const operated = {
    node,
    delegate: secrets?.address,
    keySource: keySourceOf(config),
    sync: () => node.syncStatus(),
  }
  const servers = await openServers(opened, operated, clockWatch)
  node.start()
  const listenAddresses = network.listenAddresses()
  const { peerId } = network
  logger.info('The node is running', {
    network: chain.genesis.network,
    genesis: chain.network.genesisHash,
    height: node.api.status().height,
    delegate: secrets?.address ?? 'none',
    peerId,
    listen: listenAddresses,
    rpc: servers.rpcUrl,
  })
  return {
    api: node.api,
    node,
    rpcUrl: servers.rpcUrl,
    metricsUrl: servers.metricsUrl,
    peerId,
    listenAddresses,
    delegate: secrets?.address,
    stop: () => closers.close(),
    failed,
  }
}

/**
 * Starts a node on its data folder. Rejects with a coded error when it cannot; `nodeExitCode` says what a process should end with.
 * When `interrupted` fires it stops by itself.
 */
export async function startNode(config: NodeConfig, deps: NodeDeps): Promise<RunningDaemon> {
  const closers = new Closers(deps.logger)
  let daemon: RunningDaemon
  try {
    daemon = await open(config, deps, closers)
  } catch (error) {
    await closers.close()
    throw error
  }
  const stop = (): void => void daemon.stop()
  deps.interrupted?.addEventListener('abort', stop, { once: true })
  if (deps.interrupted?.aborted === true) stop()
  return daemon
}
