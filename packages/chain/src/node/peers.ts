import { type Block, decodeBlock, encodeBlock } from '#kernel'
import { type ImportResult, type Ledger, LedgerError } from '#ledger'
import { type Mempool, TxError } from '#mempool'
import { decodeMessage, encodeMessage, MAX_GOSSIP_TRANSACTIONS, MAX_RANGE_BLOCKS, type Message } from '#p2p'
import { AelfError, type Bytes, type Cancel, type Clock, type Hash, type Logger, type Net } from '#primitives'
import { Outbox } from './outbox.ts'
import { blocksAfter, locatorOf, mayHaveMore } from './range.ts'
import type { Witness } from './witness.ts'

const MAX_ORPHANS = 128
const MAX_EARLY = 64
const MAX_SEEN = 16_384
const MAX_TRACKED_PEERS = 1024
/** Messages that break the rules before a peer is ignored. */
const MAX_STRIKES = 50
const REQUEST_TIMEOUT_MS = 5000
/** A head that is this many slots old is announced again. */
const SILENT_SLOTS = 4
/** Own transactions that still wait are offered again after this many blocks. */
const REOFFER_BLOCKS = 8n

export interface PeersOptions {
  /** Pass on what came from others; not needed where everybody hears everybody. */
  readonly relay: boolean
}

export interface PeersDeps<S> {
  readonly net: Net
  readonly clock: Clock
  readonly logger: Logger
  readonly ledger: Pick<Ledger<S, never>, 'head' | 'finalized' | 'node' | 'hashAt' | 'block' | 'importBlock'>
  readonly mempool: Pick<Mempool, 'add' | 'get'>
  readonly witness: Pick<Witness, 'saw' | 'sawLate'>
  nowSlot(): bigint
  slotStartMs(slot: bigint): number
  /** Told of every block that was imported, before the next one is. */
  imported(result: ImportResult<S>): Promise<void>
}

/** What a node makes of what others say: blocks, orphans, catching up, transactions; everything bounded. */
export class Peers<S> {
  private readonly deps: PeersDeps<S>
  private readonly options: PeersOptions
  private readonly orphans = new Map<Hash, Block>()
  private readonly strikes = new Map<string, number>()
  private readonly requests = new Map<string, { readonly id: number; readonly cancel: Cancel; readonly from: bigint }>()
  private readonly seen = new Set<Hash>()
  private readonly own = new Set<Hash>()
  private readonly outbox: Outbox
  private early = 0
  private requestId = 0
  private offeredAt = 0n
  private stopped = false
  private unwatch: Cancel | undefined
  private readonly unsubscribe: Cancel

  constructor(options: PeersOptions, deps: PeersDeps<S>) {
    this.options = options
    this.deps = deps
    this.outbox = new Outbox(deps.clock, (transactions) => this.broadcast({ kind: 'transactions', transactions }))
    this.unsubscribe = deps.net.onMessage((peer, message) => this.receive(peer, message))
  }

  /** Says where this node stands, and again whenever its head has stood still for a while. */
  start(): void {
    this.announce()
    this.watch(this.deps.ledger.head().header.hash)
  }

  stop(): void {
    this.stopped = true
    this.unwatch?.()
    this.outbox.stop()
    this.unsubscribe()
    for (const { cancel } of this.requests.values()) cancel()
  }

  /** Sends a block of this node to everybody. */
  publishBlock(block: Block): void {
    this.broadcast({ kind: 'block', block: encodeBlock(block) })
  }

  /** Tells everybody where this node stands; those behind will ask. */
  announce(): void {
    const { height, slot, hash } = this.deps.ledger.head().header
    this.broadcast({ kind: 'announce', height, slot, hash })
  }

  /** Offers a transaction that this node has accepted itself. */
  publishTransaction(id: Hash, envelope: Bytes): void {
    this.own.add(id)
    this.outbox.add(envelope)
  }

  /** Follows the head: what waits of this node's own transactions is offered again now and then. */
  followHead(height: bigint): void {
    if (height < this.offeredAt + REOFFER_BLOCKS) return
    this.offeredAt = height
    let offered = 0
    for (const id of this.own) {
      const entry = this.deps.mempool.get(id)
      if (entry === undefined) this.own.delete(id)
      else if (offered < MAX_GOSSIP_TRANSACTIONS) {
        this.outbox.add(entry.envelope)
        offered += 1
      }
    }
  }

  /**
   * When the only ones who know the newest block have no slot any more, and those who have one never heard of it, nobody would
   * say anything again.
   */
  private watch(before: Hash): void {
    const wait = SILENT_SLOTS * (this.deps.slotStartMs(1n) - this.deps.slotStartMs(0n))
    this.unwatch = this.deps.clock.after(wait, () => {
      const { hash } = this.deps.ledger.head().header
      if (hash === before) this.announce()
      this.watch(hash)
    })
  }

  private receive(peer: string, bytes: Bytes): undefined {
    if (this.stopped || (this.strikes.get(peer) ?? 0) >= MAX_STRIKES) return
    let message: Message
    try {
      message = decodeMessage(bytes)
    } catch (error) {
      this.strike(peer, error)
      return
    }
    this.handle(peer, message).catch((error: unknown) => {
      if (error instanceof AelfError) this.strike(peer, error)
      else this.deps.logger.error('A message could not be handled', { peer, reason: String(error) })
    })
  }

  private async handle(peer: string, message: Message): Promise<void> {
    switch (message.kind) {
      case 'block':
        return this.takeBlock(peer, decodeBlock(message.block))
      case 'announce':
        return this.takeAnnouncement(peer, message.hash, message.height)
      case 'transactions':
        return this.takeTransactions(peer, message.transactions)
      case 'getBlocks':
        return this.answer(peer, message)
      case 'blocks':
        return this.takeAnswer(peer, message)
    }
  }

  private takeAnnouncement(peer: string, hash: Hash, height: bigint): Promise<void> {
    // A lower head may be the better one: only its blocks tell.
    const decided = this.deps.ledger.finalized().header.height
    // One that waits here for its parent is asked for too: the first question may have been lost.
    if (height <= decided || this.deps.ledger.node(hash) !== undefined) return Promise.resolve()
    return this.request(peer)
  }

  private async takeBlock(peer: string, block: Block): Promise<void> {
    const { hash, slot } = block.header
    if (this.deps.ledger.node(hash) !== undefined) return
    const wait = this.deps.slotStartMs(slot) - this.deps.clock.now()
    if (wait > 0) return this.holdBack(peer, block, wait)
    try {
      await this.import(block)
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error
      if (error.code === 'block.belowFinalized') return this.deps.witness.sawLate(block.header)
      if (error.code !== 'block.orphan') throw error
      this.keepOrphan(block)
      await this.request(peer)
    }
  }

  /** A block whose slot has not come waits for it, when that is soon and few do. */
  private holdBack(peer: string, block: Block, waitMs: number): void {
    const slotMs = this.deps.slotStartMs(1n) - this.deps.slotStartMs(0n)
    if (waitMs > 2 * slotMs || this.early >= MAX_EARLY) return
    this.early += 1
    this.deps.clock.after(waitMs, () => {
      this.early -= 1
      if (!this.stopped) this.takeBlock(peer, block).catch((error: unknown) => this.strike(peer, error))
    })
  }

  private async import(block: Block): Promise<void> {
    const result = await this.deps.ledger.importBlock(block, { nowSlot: this.deps.nowSlot() })
    if (result.status === 'known') return
    this.deps.witness.saw(block.header)
    await this.deps.imported(result)
    if (result.headChanged && this.options.relay) this.announce()
    await this.adoptOrphans(block.header.hash)
  }

  private keepOrphan(block: Block): void {
    this.orphans.set(block.header.hash, block)
    if (this.orphans.size <= MAX_ORPHANS) return
    const oldest = this.orphans.keys().next()
    if (oldest.done !== true) this.orphans.delete(oldest.value)
  }

  private async adoptOrphans(parent: Hash): Promise<void> {
    for (const [hash, block] of [...this.orphans]) {
      if (block.header.parentHash !== parent) continue
      this.orphans.delete(hash)
      try {
        await this.import(block)
      } catch (error) {
        // Who brought it is not known any more, and who brought its parent did nothing wrong.
        if (!(error instanceof LedgerError)) throw error
        this.deps.logger.debug('A block that waited for its parent was refused', { hash, code: error.code })
      }
    }
  }

  /**
   * Asks a peer for the way from this node's chain to its head; one question to a peer at a time. `reached` is a block on the peer's
   * chain that is here already, from which to go on although it is not on this node's chain.
   */
  private async request(peer: string, reached?: { readonly hash: Hash; readonly height: bigint }): Promise<void> {
    if (this.requests.has(peer) || this.stopped) return
    this.requestId = (this.requestId + 1) >>> 0
    const id = this.requestId
    const cancel = this.deps.clock.after(REQUEST_TIMEOUT_MS, () => this.requests.delete(peer))
    this.requests.set(peer, { id, cancel, from: reached?.height ?? -1n })
    const locator = await locatorOf(this.deps.ledger)
    if (reached !== undefined) locator.unshift(reached.hash)
    this.send(peer, { kind: 'getBlocks', request: id, locator, limit: MAX_RANGE_BLOCKS })
  }

  private async answer(peer: string, question: Extract<Message, { kind: 'getBlocks' }>): Promise<void> {
    const blocks = await blocksAfter(this.deps.ledger, question)
    this.send(peer, { kind: 'blocks', request: question.request, blocks })
  }

  private async takeAnswer(peer: string, answer: Extract<Message, { kind: 'blocks' }>): Promise<void> {
    const asked = this.requests.get(peer)
    // An answer nobody asked for, or a late one.
    if (asked?.id !== answer.request) return
    asked.cancel()
    this.requests.delete(peer)
    let reached: Block['header'] | undefined
    for (const bytes of answer.blocks) {
      const block = decodeBlock(bytes)
      if (this.deps.ledger.node(block.header.hash) === undefined) await this.takeBlock(peer, block)
      if (this.deps.ledger.node(block.header.hash) !== undefined) reached = block.header
    }
    // The better chain may start further back than one answer holds, and win only with its last block. An answer that leads no
    // further than the question ends it, so that no peer can keep this node asking.
    const further = reached !== undefined && reached.height > asked.from
    if (mayHaveMore(answer.blocks) && further) await this.request(peer, reached)
  }

  private async takeTransactions(peer: string, envelopes: readonly Bytes[]): Promise<void> {
    for (const envelope of envelopes) {
      try {
        const { id } = await this.deps.mempool.add(envelope, { durable: false })
        if (this.seen.has(id)) continue
        this.remember(id)
        if (this.options.relay) this.outbox.add(envelope)
      } catch (error) {
        if (!(error instanceof TxError)) throw error
        // Honest peers may see another head; only what no honest node passes on counts against them.
        if (error.code === 'tx.malformed' || error.code === 'tx.tooLarge') this.strike(peer, error)
        else this.deps.logger.debug('A transaction of a peer was refused', { peer, code: error.code })
      }
    }
  }

  private remember(id: Hash): void {
    this.seen.add(id)
    if (this.seen.size <= MAX_SEEN) return
    const oldest = this.seen.values().next()
    if (oldest.done !== true) this.seen.delete(oldest.value)
  }

  private strike(peer: string, error: unknown): void {
    const count = (this.strikes.get(peer) ?? 0) + 1
    if (this.strikes.size < MAX_TRACKED_PEERS || this.strikes.has(peer)) this.strikes.set(peer, count)
    const code = error instanceof AelfError ? error.code : 'unknown'
    const reason = error instanceof Error ? error.message : String(error)
    this.deps.logger.warn('A peer broke the rules', { peer, code, reason, strikes: count })
    if (count === MAX_STRIKES) this.deps.logger.warn('A peer is ignored from now on', { peer })
  }

  private send(peer: string, message: Message): void {
    this.deps.net.send(peer, encodeMessage(message))
  }

  private broadcast(message: Message): void {
    this.deps.net.broadcast(encodeMessage(message))
  }
}
