import { withBuiltIn } from '../builtInBundle.ts'
import { type BundleStore, Collections } from '../collections.ts'
import type { RunningNode } from '../compose.ts'
import { openBundleFolder, readSignal } from './bundleFolder.ts'
import { CollectionWatch } from './collectionWatch.ts'
import type { Opened } from './opened.ts'

/** How long a node asks peers for the collection of its next block before it ends. */
const PATIENCE_MS = 120_000

export interface OpenedCollections {
  readonly collections: Collections
  readonly watch: CollectionWatch
  /** For peers. */
  readonly bundles: Pick<BundleStore, 'read'>
  /** From now on the node's peers may be asked, and its head is watched. */
  begin(node: RunningNode): Promise<void>
}

/** The collections of a data folder, what the operator signals, and the watch over what comes next. */
export async function openCollections(opened: Opened): Promise<OpenedCollections> {
  const { config, chain, logger, clock, closers, fail } = opened
  const { autoInstall } = config.collection
  // A producer's operator chooses, except for what the network has decided long ago.
  const isObserver = config.producer === undefined
  const bundles = openBundleFolder(config.dataDir)
  let node: RunningNode | undefined
  const collections = new Collections({
    chain,
    logger,
    store: bundles,
    fetch: async (hash) => (watch.mayFetch(hash) ? node?.fetchBundle(hash) : undefined),
  })
  const watch: CollectionWatch = new CollectionWatch({
    collections,
    logger,
    async wanted() {
      const hash = await readSignal(config.dataDir)
      // Nothing is fetched to be signalled: its operator has to have it.
      return hash === undefined || (await collections.installed(hash)) === undefined ? undefined : hash
    },
    installed: () => collections.open(),
    autoInstall: autoInstall ?? (isObserver ? true : undefined),
    clock,
    patienceMs: PATIENCE_MS,
    fail,
  })
  await collections.open()
  return {
    collections,
    watch,
    bundles: withBuiltIn(bundles, collections.first.hash),
    begin(running) {
      node = running
      closers.add('the watch over the collections', async () => watch.stop())
      return watch.follow(running)
    },
  }
}
