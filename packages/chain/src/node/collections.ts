import type { Era, MainChain } from '#chains'
import { loadBundle } from '#collection'
import type { Eras, Needed } from '#executor'
import { collectionAt, readCurrentCollection, type SignedHeader, type StateReader } from '#kernel'
import { AelfError, asHash, type Bytes, type Hash, type Logger, ZERO_HASH } from '#primitives'
import type { CollectionStatus } from './api.ts'

/** Where bundles are kept. */
export interface BundleStore {
  list(): Promise<readonly Hash[]>
  read(hash: Hash): Promise<Bytes | undefined>
  /** Keeps a bundle that is what its hash says. */
  keep(hash: Hash, bytes: Bytes): Promise<void>
}

export interface CollectionsDeps {
  readonly chain: MainChain
  readonly logger: Logger
  /** Bundles that the operator has installed; none when left out. */
  readonly store?: BundleStore
  /** Asks peers for a bundle that a block needs or that is locked in; undefined when they have none, or may not be asked. */
  fetch?(hash: Hash): Promise<Bytes | undefined>
}

/** Collections that this node can run: the one built in, the installed ones, and those it may fetch. */
export class Collections implements Eras {
  readonly first: Era
  private readonly deps: CollectionsDeps
  private readonly byHash = new Map<Hash, Era>()
  private readonly asked = new Map<Hash, Promise<Era | undefined>>()
  private readonly broken = new Set<Hash>()

  constructor(deps: CollectionsDeps) {
    this.deps = deps
    this.first = deps.chain.first
    this.byHash.set(this.first.hash, this.first)
  }

  find(hash: Hash): Era | undefined {
    return this.byHash.get(hash)
  }

  /** Looks again for a bundle each time: it may have been installed meanwhile. Peers are asked for what is not installed. */
  obtain(hash: Hash): Promise<Era | undefined> {
    const known = this.byHash.get(hash)
    if (known !== undefined) return Promise.resolve(known)
    const asked = this.asked.get(hash) ?? this.search(hash).finally(() => this.asked.delete(hash))
    this.asked.set(hash, asked)
    return asked
  }

  /** As `obtain`, without asking anybody. */
  async installed(hash: Hash): Promise<Era | undefined> {
    const known = this.byHash.get(hash)
    if (known !== undefined) return known
    const bytes = await this.deps.store?.read(hash)
    return bytes === undefined ? undefined : this.load(hash, bytes)
  }

  /** What is ready, the built-in one first. */
  ready(): readonly Hash[] {
    return [...this.byHash.keys()]
  }

  all(): readonly Era[] {
    return [...this.byHash.values()]
  }

  /** Makes everything that is installed by now ready; what cannot run is left out and said once. */
  async open(): Promise<void> {
    for (const hash of (await this.deps.store?.list()) ?? []) if (!this.broken.has(hash)) await this.installed(hash)
  }

  private async search(hash: Hash): Promise<Era | undefined> {
    const here = await this.installed(hash)
    // A bundle that cannot run is the same one everywhere.
    if (here !== undefined || this.broken.has(hash)) return here
    const bytes = await this.deps.fetch?.(hash)
    if (bytes === undefined) return undefined
    const era = this.load(hash, bytes)
    if (era !== undefined) await this.deps.store?.keep(hash, bytes)
    return era
  }

  private load(hash: Hash, bytes: Bytes): Era | undefined {
    const known = this.byHash.get(hash)
    if (known !== undefined) return known
    try {
      const { collection, bundle } = loadBundle(bytes, hash)
      const era = this.deps.chain.openEra(hash, collection)
      this.byHash.set(hash, era)
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

/** What an error says that is about a missing collection. */
export function neededIn({ details }: AelfError): Needed {
  return { hash: asHash(String(details['collection'])), height: BigInt(String(details['height'])) }
}

interface Head {
  head(): { readonly header: SignedHeader }
  headTree(): StateReader
}

/** What runs next, what is signalled and what is there. */
export function collectionOf(
  ledger: Head,
  ports: { readonly chain: MainChain; signal?(): Hash; installed?(): readonly Hash[] },
): CollectionStatus {
  const { first } = ports.chain
  const current = readCurrentCollection(ledger.headTree())
  const running = current === undefined ? first.hash : collectionAt(current, ledger.head().header.height + 1n)
  const signal = ports.signal?.() ?? ZERO_HASH
  return {
    running,
    signal: signal === ZERO_HASH ? undefined : signal,
    installed: ports.installed?.() ?? [first.hash],
  }
}
