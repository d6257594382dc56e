import type { Era, MainChain } from '#chains'
import { loadBundle } from '#collection'
import type { Eras } from '#executor'
import { AelfError, type Bytes, type Hash, type Logger } from '#primitives'

/** Where bundles are kept. */
export interface BundleStore {
  list(): Promise<readonly Hash[]>
  read(hash: Hash): Promise<Bytes | undefined>
}

export interface CollectionsDeps {
  readonly chain: MainChain
  readonly logger: Logger
  /** Bundles that the operator has installed; none when left out. */
  readonly store?: BundleStore
}

/** Collections that this node can run: the one built in, and the installed ones. */
export class Collections implements Eras {
  readonly first: Era
  private readonly deps: CollectionsDeps
  private readonly known = new Map<Hash, Era>()
  private readonly asked = new Map<Hash, Promise<Era | undefined>>()
  private readonly broken = new Set<Hash>()

  constructor(deps: CollectionsDeps) {
    this.deps = deps
    this.first = deps.chain.first
    this.known.set(this.first.hash, this.first)
  }

  find(hash: Hash): Era | undefined {
    return this.known.get(hash)
  }

  /** Looks again for a bundle each time: it may have been installed meanwhile. */
  obtain(hash: Hash): Promise<Era | undefined> {
    const known = this.known.get(hash)
    if (known !== undefined) return Promise.resolve(known)
    const asked = this.asked.get(hash) ?? this.search(hash).finally(() => this.asked.delete(hash))
    this.asked.set(hash, asked)
    return asked
  }

  /** What is ready, the built-in one first. */
  ready(): readonly Hash[] {
    return [...this.known.keys()]
  }

  /** Makes everything that is installed by now ready; what cannot run is left out and said once. */
  async open(): Promise<void> {
    for (const hash of (await this.deps.store?.list()) ?? []) if (!this.broken.has(hash)) await this.obtain(hash)
  }

  private async search(hash: Hash): Promise<Era | undefined> {
    const bytes = await this.deps.store?.read(hash)
    if (bytes === undefined) return undefined
    try {
      const { collection, bundle } = loadBundle(bytes, hash)
      const era = this.deps.chain.openEra(hash, collection)
      this.known.set(hash, era)
      this.broken.delete(hash)
      this.deps.logger.info('A collection is ready', { collection: hash, name: bundle.name, version: bundle.version })
      return era
    } catch (error) {
      if (!(error instanceof AelfError)) throw error
      this.broken.add(hash)
      this.deps.logger.error('An installed collection cannot run', { collection: hash, reason: error.message })
      return undefined
    }
  }
}
