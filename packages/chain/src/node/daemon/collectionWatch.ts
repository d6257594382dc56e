import { type Eras, eraHashAt } from '#executor'
import { type Hash, type Logger, ZERO_HASH } from '#primitives'
import type { RunningNode } from '../compose.ts'
import { NodeError } from '../errors.ts'

/** A locked-in successor is looked for once in this many blocks: it takes 2,000 to come into force. */
const LOOK_EVERY = 16n

interface Locked {
  readonly candidate: { readonly hash: Hash; readonly activatesAt: bigint } | null
}

interface WatchDeps {
  readonly collections: Eras
  readonly logger: Logger
  /** What the operator wants to be signalled; nothing when undefined. */
  wanted(): Promise<Hash | undefined>
  /** Looks for what the operator has installed meanwhile. */
  installed?(): Promise<void>
  fail(error: NodeError): void
}

/** What the node signals, and whether it can run what comes next. */
export class CollectionWatch {
  private readonly deps: WatchDeps
  private chosen: Hash = ZERO_HASH
  private told: Hash | undefined

  constructor(deps: WatchDeps) {
    this.deps = deps
  }

  /** For the next block of this node. */
  signal(): Hash {
    return this.chosen
  }

  /** Looks at every head. Before the first, so that a node which cannot go on says so at once. */
  async follow(node: RunningNode): Promise<void> {
    await this.look(node)
    node.api.subscribe((event) => {
      if (event.kind !== 'head') return
      this.look(node).catch((error: unknown) => {
        this.deps.logger.error('The installed collections cannot be read', { reason: String(error) })
      })
    })
  }

  private async look(node: RunningNode): Promise<void> {
    await this.choose()
    const { collections, fail } = this.deps
    const { height } = node.ledger.head().header
    const { hash } = eraHashAt(collections, node.ledger.headTree(), height + 1n)
    if ((await collections.obtain(hash)) === undefined) {
      const wanted = `Block ${height + 1n} runs with the collection ${hash}, which is not installed.`
      const todo = 'Get its bundle, install it with `aelf collection install <file>`, and start the node again.'
      fail(
        new NodeError('node.collection', `${wanted} ${todo}`, {
          details: { collection: hash, height: (height + 1n).toString() },
        }),
      )
    } else if (height % LOOK_EVERY === 0n) {
      await this.deps.installed?.()
      await this.warn(node)
    }
  }

  /** Only what this node could run itself is signalled. */
  private async choose(): Promise<void> {
    const { collections, logger } = this.deps
    const wanted = (await this.deps.wanted()) ?? ZERO_HASH
    const usable = wanted === ZERO_HASH || (await collections.obtain(wanted)) !== undefined
    const chosen = usable ? wanted : ZERO_HASH
    if (chosen !== this.chosen) logger.info('The signal of this node', { signal: chosen })
    this.chosen = chosen
  }

  private async warn(node: RunningNode): Promise<void> {
    const status = (await node.api.view({ contract: 'collection', view: 'status', args: [] })) as Locked | null
    const candidate = status?.candidate ?? undefined
    if (candidate === undefined || candidate.hash === this.told) return
    this.told = candidate.hash
    const { hash, activatesAt } = candidate
    const ready = (await this.deps.collections.obtain(hash)) !== undefined
    const facts = { collection: hash, activatesAt }
    if (ready) this.deps.logger.info('A successor of the collection is locked in; it is installed here', facts)
    else this.deps.logger.warn('A successor of the collection is locked in and not installed here', facts)
  }
}
