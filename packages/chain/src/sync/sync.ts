import type { Block, SignedTransaction } from '#kernel'
import { AelfError, type Bytes, type Cancel } from '#primitives'
import { Givers } from './givers.ts'
import { Guides } from './guides.ts'
import type { HeaderChain } from './headerChain.ts'
import {
  HEADERS_PER_QUESTION,
  MAX_AHEAD_TRANSACTIONS,
  MAX_IMPORT_BLOCKS,
  MAX_IMPORT_TRANSACTIONS,
  STALL_MS,
  WATCH_MS,
} from './limits.ts'
import { Opinion } from './opinion.ts'
import { Roster } from './roster.ts'
import type { SyncOptions, SyncPorts, SyncProgress } from './types.ts'

/** A head older than this many slots, with nobody ahead, waits. */
const OLD_SLOTS = 40n

/**
 * Catches up with peers that are far ahead. A guide shows headers; they are verified before a body is asked for, and bodies come from
 * everybody. Blocks that headers prove irreversible are imported at once; where nothing proves finality, the chains of several guides
 * are compared first.
 */
export class Sync<S> {
  private readonly options: SyncOptions
  private readonly ports: SyncPorts<S>
  private readonly roster: Roster
  private readonly opinion: Opinion
  private readonly guides: Guides<S>
  private readonly givers: Givers
  /** What is followed. */
  private chain: HeaderChain<S> | undefined
  private importing = false
  /** Bodies whose signers are being looked for. */
  private readonly begun = new WeakSet<readonly SignedTransaction[]>()
  private movedAtMs = 0
  private watch: Cancel | undefined
  private stopped = false

  constructor(options: SyncOptions, ports: SyncPorts<S>) {
    this.options = options
    this.ports = ports
    const roster = new Roster(ports.clock)
    const opinion = new Opinion(roster, ports)
    const work = (): void => this.work()
    this.roster = roster
    this.opinion = opinion
    this.guides = new Guides({ ports, roster, opinion, work, adopt: (chain) => this.adopt(chain) })
    this.givers = new Givers({ ports, roster, opinion, work, kept: () => this.lookAhead() })
  }

  /** A peer says how high it is. It is asked when that is far ahead. */
  heard(peer: string, height: bigint): void {
    const now = this.ports.nowSlot()
    // No chain is higher than its slots.
    this.roster.heard(peer, height < now ? height : now)
    this.work()
  }

  left(peer: string): void {
    const asked = this.roster.left(peer)
    if (asked?.kind === 'bodies') this.givers.release(asked.hashes, peer)
    else this.guides.silent(peer, this.chain)
    this.work()
  }

  stop(): void {
    this.stopped = true
    this.watch?.()
    this.roster.stop()
    this.guides.stop()
  }

  takeHeaders(peer: string, request: number, headers: readonly Bytes[]): void {
    this.guides.take(peer, { request, headers }, () => this.chain)
    this.work()
  }

  takeBodies(peer: string, request: number, bodies: readonly Bytes[]): void {
    this.givers.take(peer, { request, bodies }, this.chain)
    this.work()
  }

  /** Whether a height is too far ahead to be caught up with block by block. */
  isFar(height: bigint): boolean {
    return height > this.height() + this.options.gap
  }

  /** Whether headers prove that this node’s head is below what is irreversible. */
  isBehind(): boolean {
    return this.chain !== undefined && this.chain.provenHeight() > this.height()
  }

  /** Whether headers prove this node’s head irreversible, or more, and go on from there. */
  isLed(): boolean {
    const height = this.height()
    const { chain } = this
    return chain !== undefined && chain.provenHeight() >= height && chain.tip().header.height > height
  }

  progress(): SyncProgress {
    const height = this.height()
    const shown = this.chain ?? this.guides.shown()
    const verified = shown?.tip().header.height ?? height
    const isOld = this.ports.nowSlot() - this.ports.ledger.head().header.slot > OLD_SLOTS
    const asked = isOld ? this.guides.asked() : undefined
    const heights = [verified, this.roster.medianClaim(), asked === undefined ? 0n : this.roster.claimOf(asked)]
    const targetHeight = heights.reduce((top, one) => (one > top ? one : top), height)
    if (shown !== undefined) return { state: 'syncing', height, targetHeight }
    if (!isOld) return { state: 'synced', height, targetHeight }
    return { state: targetHeight > height ? 'syncing' : 'waiting', height, targetHeight }
  }

  /** Whether there are verified headers on which this node is going on. */
  isFollowing(): boolean {
    return (this.chain ?? this.guides.shown()) !== undefined
  }

  /** Bytes of bodies that wait for their turn. */
  heldBytes(): number {
    return this.givers.heldBytes()
  }

  private height(): bigint {
    return this.ports.ledger.head().header.height
  }

  /** Does whatever can be done now. */
  private work(): void {
    if (this.stopped) return
    this.importNext()
    this.guides.ask(this.chain, this.height() + this.options.gap)
    if (this.chain !== undefined) this.givers.ask(this.chain)
    this.lookAhead()
    this.wakeLater()
  }

  /** Something is looked at again although nobody answers: late bodies, stalls, peers that have rested. */
  private wakeLater(): void {
    this.watch?.()
    this.watch = undefined
    const busy = this.chain !== undefined || this.guides.asked() !== undefined
    const wait = busy ? WATCH_MS : this.roster.nextRest(this.height() + this.options.gap + 1n)
    if (wait === undefined) return
    this.watch = this.ports.clock.after(wait < WATCH_MS ? WATCH_MS : wait, () => {
      this.giveUpWhenStalled()
      this.work()
    })
  }

  private adopt(chain: HeaderChain<S>): void {
    this.chain = chain
    this.movedAtMs = this.ports.clock.now()
    const target = chain.tip().header.height
    this.ports.logger.info('Catching up', { guide: chain.guide, height: this.height(), target })
    this.importNext()
  }

  /** Imports the next blocks whose bodies are here; one batch at a time. */
  private importNext(): void {
    const { chain } = this
    if (chain === undefined || this.importing) return
    let header = chain.headers()[0]
    for (; header !== undefined && this.ports.ledger.node(header.hash) !== undefined; header = chain.headers()[0]) {
      this.givers.drop(header.hash)
      chain.advance()
    }
    if (header === undefined || header.height > chain.importableHeight()) {
      if (chain.ended || chain.chosen || chain.isFull(HEADERS_PER_QUESTION)) this.finish(chain)
      return
    }
    const blocks = this.nextBlocks(chain)
    if (blocks.length === 0) return
    this.importing = true
    this.ports.importBlocks(blocks).then(
      (refused) => {
        this.importing = false
        if (refused !== undefined) this.refused(chain, refused.block, refused.error)
        else this.imported(chain, blocks)
        this.work()
      },
      (error: unknown) => {
        this.importing = false
        this.failed(chain, error)
        this.work()
      },
    )
  }

  /** These blocks are behind, also where the ledger has let go of them already. */
  private imported(chain: HeaderChain<S>, blocks: readonly Block[]): void {
    this.movedAtMs = this.ports.clock.now()
    for (const { header } of blocks) {
      if (chain.headers()[0]?.hash !== header.hash) return
      this.givers.drop(header.hash)
      chain.advance()
    }
  }

  /** The blocks that come next, as far as they are here, up to what one batch takes. */
  private nextBlocks(chain: HeaderChain<S>): Block[] {
    const limit = chain.importableHeight()
    const blocks: Block[] = []
    let count = 0
    for (const header of chain.headers()) {
      if (header.height > limit || blocks.length >= MAX_IMPORT_BLOCKS || count >= MAX_IMPORT_TRANSACTIONS) break
      const transactions = this.givers.get(header)
      if (transactions === undefined) break
      blocks.push({ header, transactions })
      count += transactions.length
    }
    return blocks
  }

  /** Signers are looked for as soon as a body is here: while others are read, and the blocks before are executed and written. */
  private lookAhead(): void {
    const { chain } = this
    if (chain === undefined) return
    const limit = chain.importableHeight()
    let count = 0
    for (const header of chain.headers()) {
      const transactions = header.height > limit ? undefined : this.givers.get(header)
      if (transactions === undefined || count >= MAX_AHEAD_TRANSACTIONS) return
      count += transactions.length
      if (transactions.length === 0 || this.begun.has(transactions)) continue
      this.begun.add(transactions)
      this.ports.ahead(transactions, header.height)
    }
  }

  private refused(chain: HeaderChain<S>, block: Block, error: unknown): void {
    const code = error instanceof AelfError ? error.code : undefined
    // A collection that is not installed here is nobody's fault.
    if (code === undefined || !code.startsWith('block.') || code === 'block.collection') {
      this.failed(chain, error, code)
      if (error instanceof AelfError && code === 'block.collection' && !chain.chosen) this.ports.lacks?.(error)
      return
    }
    if (this.chain === chain) this.forget()
    if (code === 'block.belowFinalized' || code === 'block.orphan') {
      // This node has decided otherwise meanwhile.
      this.opinion.useless(chain.guide)
    } else {
      this.opinion.refuse(block.header.hash)
      this.opinion.lied(chain.guide, `Its chain has a block that is refused: ${String(error)}`, code)
    }
  }

  /** Something here went wrong, not with the blocks. */
  private failed(chain: HeaderChain<S>, error: unknown, code?: string): void {
    if (this.chain === chain) this.forget()
    const { logger } = this.ports
    // It is asked for, and whoever cannot go on without it says so.
    if (code === 'block.collection') logger.info('A block waits for its collection', { reason: String(error) })
    else logger.error('A block could not be imported', { reason: String(error) })
    this.roster.failed(chain.guide)
  }

  private finish(chain: HeaderChain<S>): void {
    this.forget()
    this.ports.logger.info('Caught up with a peer', { guide: chain.guide, height: this.height() })
    if (!this.isFar(this.roster.claimOf(chain.guide))) this.ports.caughtUp(chain.guide)
  }

  private forget(): void {
    this.chain = undefined
    this.guides.forget()
    this.givers.clear()
  }

  private giveUpWhenStalled(): void {
    const { chain } = this
    if (chain === undefined || this.importing || this.ports.clock.now() - this.movedAtMs < STALL_MS) return
    this.ports.logger.warn('Nobody gives the blocks of a chain that was shown', { guide: chain.guide })
    this.forget()
    this.opinion.useless(chain.guide)
  }
}
