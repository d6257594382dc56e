import { createDevnetChain } from '#chains'
import { createMemoryNetwork } from '#p2p'
import type { Logger } from '#primitives'
import { openBucket, openNamespace } from '#store'
import { createEndingClock, openShiftingClock } from './clock.ts'
import { Collections } from './collections.ts'
import { openBundleFolder } from './daemon/bundleFolder.ts'
import { Closers } from './daemon/closers.ts'
import { openPeering, type Peering } from './devnetPeering.ts'
import { type DevnetParts, DevnetRunner } from './devnetRunner.ts'
import { openSignals } from './devnetSignals.ts'
import { createMemo, loadBirth, openStore } from './devnetStore.ts'
import type { Devnet, DevnetOptions } from './devnetTypes.ts'
import { installEngines } from './engines.ts'
import { createLogger } from './logger.ts'

/** Namespace of what belongs to the devnet as a whole. */
const SHARED = 0

const numbersOf = (params: Readonly<Record<string, string>> = {}): Readonly<Record<string, bigint>> =>
  Object.fromEntries(Object.entries(params).map(([name, value]) => [name, BigInt(value)]))

async function openParts(
  options: DevnetOptions,
  logger: Logger,
  closers: Closers,
): Promise<Omit<DevnetParts, 'peering'>> {
  const { ring, dataDir } = options
  const store = await openStore(dataDir)
  closers.add('the store', () => store.close())
  const shared = openBucket(openNamespace(store, SHARED), 'clock')
  const birth = await loadBirth(shared, options)
  const clock = await openShiftingClock(shared, -(birth.ageMs ?? 0))
  closers.add('the clock', async () => clock.stop())
  const world = createDevnetChain({ ...birth, params: numbersOf(birth.params) })
  const network = createMemoryNetwork({ clock })
  // One node alone has nobody to keep what many blocks came to for.
  const memo = world.delegates.length > 1 ? createMemo(options.shareExecution ?? false) : undefined
  const bundles = dataDir === undefined ? undefined : openBundleFolder(dataDir)
  const collections = new Collections({
    chain: world.chain,
    logger,
    ...(bundles === undefined ? {} : { store: bundles }),
  })
  await collections.open()
  const signals = await openSignals(shared, collections)
  const { slotMs } = birth
  return { memo, world, store, clock, network, logger, slotMs, ring, dataDir, collections, bundles, signals, closers }
}

async function launch(options: DevnetOptions, logger: Logger, closers: Closers): Promise<Devnet> {
  const parts = await openParts(options, logger, closers)
  const { p2pListen: listen = [] } = options
  let peering: Peering | undefined
  let headHeight = (): bigint => 0n
  if (listen.length > 0) {
    const clock = createEndingClock()
    closers.add('the clock of the connections', async () => clock.end())
    const genesis = parts.world.chain.network.genesisHash
    const { dataDir } = parts
    const made = await openPeering({ listen, genesis, dataDir, clock, logger, headHeight: () => headHeight() })
    closers.add('the network', () => made.network.stop())
    peering = made
  }
  const runner = new DevnetRunner({ ...parts, peering })
  await runner.launch()
  headHeight = () => runner.rpcNode.ledger.head().header.height
  return runner
}

/**
 * Starts a network of real full nodes in this process, or resumes the one in `dataDir`; options other than the directory
 * and where to listen count on the first start only.
 */
export async function startDevnet(options: DevnetOptions = {}): Promise<Devnet> {
  const logger = options.logger ?? createLogger('info')
  installEngines(logger)
  const closers = new Closers(logger)
  try {
    return await launch(options, logger, closers)
  } catch (error) {
    await closers.close()
    throw error
  }
}
