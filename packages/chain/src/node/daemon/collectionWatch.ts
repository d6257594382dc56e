import { type Eras, type Needed, neededAt } from '#executor'
import { AelfError, type Cancel, type Clock, type Hash, type Logger, ZERO_HASH } from '#primitives'
import type { RunningNode } from '../compose.ts'
import { NodeError } from '../errors.ts'

/** A locked-in successor is looked for once in this many blocks: it takes 2,000 to come into force. */
const LOOK_EVERY = 16n
/** How often peers are asked again for what is missing. */
const RETRY_MS = 3000

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
  /** Whether peers may be asked; undefined: for what the network went on with while this node was far behind. */
  readonly autoInstall: boolean | undefined
  readonly clock: Clock
  /** Peers are not there at once: how long they are asked. */
  readonly patienceMs: number
  fail(error: NodeError): void
}

function missing(collection: string, height: string): NodeError {
  const wanted = `Block ${height} runs with the collection ${collection}, which is not installed.`
  const todo = 'Get its bundle, install it with `aelf collection install <file>`, and start the node again.'
  return new NodeError('node.collection', `${wanted} ${todo}`, { details: { collection, height } })
}

/**
 * Why a node does not open. One that holds blocks of a collection which is gone fails in whatever part asks for it first, and says
 * what every node says that cannot go on.
 */
export function openingError(error: unknown): unknown {
  if (!(error instanceof AelfError) || error.code !== 'execution.collection') return error
  const { collection, height } = error.details
  return missing(String(collection), String(height))
}

/** What the node signals, and whether it can run what comes next. */
export class CollectionWatch {
  private readonly deps: WatchDeps
  private chosen: Hash = ZERO_HASH
  private told = ''
  private node: RunningNode | undefined
  /** What a block waits for that is irreversible elsewhere, whatever the head of this node needs. */
  private awaited: Needed | undefined
  /** What this node found missing while headers led it on: its operator was not there to choose. */
  private decided: Hash | undefined
  /** Since when the next collection is missing. */
  private missing: { readonly hash: Hash; readonly sinceMs: number; readonly cancel: Cancel } | undefined

  constructor(deps: WatchDeps) {
    this.deps = deps
  }

  /** For the next block of this node. */
  signal(): Hash {
    return this.chosen
  }

  /** Whether a collection that is not installed may be taken from peers. */
  mayFetch(hash: Hash): boolean {
    if (this.node === undefined) return false
    return this.deps.autoInstall ?? (this.node.standing.isBehind() || this.decided === hash)
  }

  /** Looks at every head. Before the first, so that a node which cannot go on says so at once. */
  async follow(node: RunningNode): Promise<void> {
    this.node = node
    await this.look(node)
    node.api.subscribe((event) => {
      if (event.kind !== 'head') return
      // Now: once the last of the blocks that headers prove is here, nothing says any more that they led on.
      if (node.standing.isLed())
        this.decided = this.needs(node).find(({ hash }) => this.isMissing(hash))?.hash ?? this.decided
      void this.lookAgain(node)
    })
  }

  /** A block that is irreversible elsewhere waits for a collection, perhaps beside the chain of this node. */
  lacks(needed: Needed): void {
    const { node } = this
    if (node === undefined) return
    this.awaited = needed
    this.decided = needed.hash
    void this.lookAgain(node)
  }

  private isMissing(hash: Hash): boolean {
    return this.deps.collections.find(hash) === undefined
  }

  private needs(node: RunningNode): readonly Needed[] {
    const next = node.ledger.head().header.height + 1n
    const needs = neededAt(this.deps.collections, node.ledger.headTree(), next)
    return this.awaited === undefined ? needs : [...needs, this.awaited]
  }

  private async look(node: RunningNode): Promise<void> {
    await this.choose()
    const { collections } = this.deps
    const { height } = node.ledger.head().header
    for (const needed of this.needs(node)) {
      if ((await collections.obtain(needed.hash)) === undefined) {
        if (!this.wait(node, needed)) this.deps.fail(missing(needed.hash, String(needed.height)))
        return
      }
      if (needed === this.awaited) this.awaited = undefined
    }
    this.stop()
    if (height % LOOK_EVERY !== 0n) return
    await this.deps.installed?.()
    await this.warn(node)
  }

  /** Looks again a little later, for as long as peers may still bring what is missing. */
  private wait(node: RunningNode, { hash, height }: Needed): boolean {
    const { clock, patienceMs, logger } = this.deps
    if (!this.mayFetch(hash)) return false
    const sinceMs = this.missing?.hash === hash ? this.missing.sinceMs : clock.now()
    if (clock.now() - sinceMs >= patienceMs) return false
    if (this.missing?.hash !== hash) {
      const facts = { collection: hash, height }
      logger.warn('A block runs with a collection that is not installed; peers are asked for it', facts)
    }
    this.stop()
    this.missing = { hash, sinceMs, cancel: clock.after(RETRY_MS, () => void this.lookAgain(node)) }
    return true
  }

  private async lookAgain(node: RunningNode): Promise<void> {
    try {
      await this.look(node)
    } catch (error) {
      this.deps.logger.error('The installed collections cannot be read', { reason: String(error) })
    }
  }

  /** Looks no more by itself. */
  stop(): void {
    this.missing?.cancel()
    this.missing = undefined
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
    if (candidate === undefined) return
    const { hash, activatesAt } = candidate
    const ready = (await this.deps.collections.obtain(hash)) !== undefined
    const told = `${hash} ${ready}`
    if (told === this.told) return
    this.told = told
    const facts = { collection: hash, activatesAt }
    if (ready) this.deps.logger.info('A successor of the collection is locked in; it is installed here', facts)
    else this.deps.logger.warn('A successor of the collection is locked in and not installed here', facts)
  }
}
