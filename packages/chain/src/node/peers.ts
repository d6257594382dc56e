import { type Block, encodeBlock } from '#kernel'
import type { ImportResult } from '#ledger'
import { TxError } from '#mempool'
import { encodeMessage, type Message } from '#p2p'
import { AelfError, type Bytes, type Cancel, type Hash, type Verdict } from '#primitives'
import { Sync, type SyncProgress } from '#sync'
import { Announcer } from './announcer.ts'
import { Answers } from './answers.ts'
import { BundleFetch } from './bundleFetch.ts'
import { NodeError } from './errors.ts'
import { Gap } from './gap.ts'
import { Incoming } from './incoming.ts'
import { Offers } from './offers.ts'
import type { PeersDeps, PeersOptions } from './peersDeps.ts'

const MAX_SEEN = 16_384
const MAX_TRACKED_PEERS = 1024
/** Messages that break the rules before a peer is ignored. */
const MAX_STRIKES = 50
/** A head that is this many slots old is announced again. */
const SILENT_SLOTS = 4
/** A peer further ahead than this is caught up with by headers first. */
const FAR_BLOCKS = 64n

/** What a node makes of what others say, and what it tells them; everything bounded. */
export class Peers<S> {
  readonly offers: Offers
  private readonly deps: PeersDeps<S>
  private readonly options: PeersOptions
  private readonly incoming: Incoming<S>
  private readonly gap: Gap
  private readonly sync: Sync<S>
  private readonly answers: Answers
  private readonly bundles: BundleFetch
  private readonly announcer: Announcer
  private readonly strikes = new Map<string, number>()
  private readonly seen = new Set<Hash>()
  private stopped = false
  private unwatch: Cancel | undefined
  private readonly unsubscribe: readonly Cancel[]

  constructor(options: PeersOptions, deps: PeersDeps<S>) {
    this.options = options
    this.deps = deps
    const judge = deps.net.judge.bind(deps.net)
    const send = (peer: string, message: Message): void => this.send(peer, message)
    this.offers = new Offers(deps.mempool, deps.clock, (transactions) =>
      this.broadcast({ kind: 'transactions', transactions }),
    )
    this.incoming = new Incoming({
      ...deps,
      imported: (result) => this.imported(result),
      missing: (peer, height) => this.missing(peer, height),
    })
    this.gap = new Gap({ ...deps, send, judge, take: (peer, block, bytes) => this.incoming.take(peer, block, bytes) })
    this.answers = new Answers({ ledger: deps.ledger, send, bundle: (hash) => deps.bundle(hash) })
    this.bundles = new BundleFetch({ ...deps, send, judge, peers: () => deps.net.peers() })
    this.announcer = new Announcer(deps.clock, () => this.broadcast(this.position()))
    this.sync = new Sync(
      { gap: options.farBlocks ?? FAR_BLOCKS },
      {
        ...deps,
        judge,
        ask: send,
        importBlocks: (blocks) => this.incoming.importAll(blocks),
        caughtUp: (guide) => this.close(guide),
      },
    )
    this.unsubscribe = [
      deps.net.onMessage((peer, message) => this.receive(peer, message)),
      deps.net.onPeer((peer, here) => this.meet(peer, here)),
    ]
  }

  /** Says where this node stands, and again whenever its head has stood still for a while. */
  start(): void {
    this.announce()
    this.watch(this.deps.ledger.head().header.hash)
  }

  stop(): void {
    this.stopped = true
    this.unwatch?.()
    this.offers.stop()
    this.announcer.stop()
    this.incoming.stop()
    this.gap.stop()
    this.bundles.stop()
    this.sync.stop()
    for (const cancel of this.unsubscribe) cancel()
  }

  progress(): SyncProgress {
    return this.sync.progress()
  }

  /** Whether verified headers lead on from here. */
  isFollowing(): boolean {
    return this.sync.isFollowing()
  }

  /** Whether headers prove that what this node would build on is not the end of the chain. */
  isBehind(): boolean {
    return this.sync.isBehind()
  }

  /** Whether headers prove the head irreversible, or more, and go on from there. */
  isLed(): boolean {
    return this.sync.isLed()
  }

  /** The bundle of a collection, from whoever has it. */
  fetchBundle(hash: Hash): Promise<Bytes | undefined> {
    return this.bundles.fetch(hash)
  }

  /** Sends a block of this node to everybody. */
  publishBlock(block: Block): void {
    this.broadcast({ kind: 'block', block: encodeBlock(block) })
  }

  /** Tells everybody where this node stands; those behind will ask. */
  announce(): void {
    this.announcer.announce()
  }

  private position(): Message {
    const { height, slot, hash } = this.deps.ledger.head().header
    return { kind: 'announce', height, slot, hash }
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

  /** A newcomer hears where this node stands, and what it stands for; of who left, nothing is expected any more. */
  private meet(peer: string, here: boolean): void {
    if (this.stopped) return
    if (here) {
      this.send(peer, this.position())
      const transactions = this.offers.forNewcomer()
      if (transactions.length > 0) this.send(peer, { kind: 'transactions', transactions })
    } else {
      this.gap.left(peer)
      this.bundles.left(peer)
      this.sync.left(peer)
    }
  }

  private receive(peer: string, bytes: Bytes): Promise<Verdict> | undefined {
    if (this.stopped || (this.strikes.get(peer) ?? 0) >= MAX_STRIKES) return undefined
    return this.handle(peer, bytes).catch((error: unknown) => {
      // The disk is to blame, and ends this node: no peer.
      if (error instanceof NodeError) return 'ignore'
      if (error instanceof AelfError) {
        this.strike(peer, error)
        return 'reject'
      }
      this.deps.logger.error('A message could not be handled', { peer, reason: String(error) })
      return 'ignore'
    })
  }

  private async handle(peer: string, bytes: Bytes): Promise<Verdict> {
    const message = this.deps.decoder.message(bytes)
    switch (message.kind) {
      case 'block':
        return this.takeBlock(peer, message.block)
      case 'announce':
        this.takeAnnouncement(peer, message.hash, message.height)
        return 'ignore'
      case 'transactions':
        return this.takeTransactions(peer, message.transactions)
      case 'getBlocks':
      case 'getHeaders':
      case 'getBodies':
      case 'getBundle':
        await this.answers.answer(peer, message)
        return 'ignore'
      case 'blocks':
        await this.gap.take(peer, message)
        return 'ignore'
      case 'headers':
        this.sync.takeHeaders(peer, message.request, message.headers)
        return 'ignore'
      case 'bodies':
        this.sync.takeBodies(peer, message.request, message.bodies)
        return 'ignore'
      case 'bundle':
        this.bundles.take(peer, message)
        return 'ignore'
    }
  }

  private takeBlock(peer: string, bytes: Bytes): Promise<Verdict> {
    const block = this.deps.decoder.block(bytes)
    this.deps.suspicion.heardHead(peer, block.header.height, block.header.hash)
    return this.incoming.take(peer, block, bytes.length)
  }

  /** Announcements are not passed on: whoever imports the block announces it. */
  private takeAnnouncement(peer: string, hash: Hash, height: bigint): void {
    this.sync.heard(peer, height)
    this.deps.suspicion.heardHead(peer, height, hash)
    // A lower head may be the better one: only its blocks tell.
    const decided = this.deps.ledger.finalized().header.height
    // One that waits here for its parent is asked for too: the first question may have been lost.
    if (height <= decided || this.deps.ledger.node(hash) !== undefined || this.sync.isFar(height)) return
    this.close(peer)
  }

  /** A peer has a block whose parent is not here. */
  private missing(peer: string, height: bigint): boolean {
    this.sync.heard(peer, height)
    if (this.sync.isFar(height)) return false
    this.close(peer)
    return true
  }

  private close(peer: string): void {
    this.gap.ask(peer).catch((error: unknown) => {
      this.deps.logger.error('A peer could not be asked for blocks', { peer, reason: String(error) })
    })
  }

  private async imported(result: ImportResult<S>): Promise<void> {
    await this.deps.imported(result)
    if (result.headChanged && this.options.relay) this.announce()
  }

  private async takeTransactions(peer: string, envelopes: readonly Bytes[]): Promise<Verdict> {
    let verdict: Verdict = 'ignore'
    const admitted = await this.deps.mempool.addAll(envelopes, { durable: false })
    for (const [index, envelope] of envelopes.entries()) {
      try {
        const answer = admitted[index]
        if (answer === undefined || 'error' in answer) throw answer?.error
        const { id, transaction } = answer.entry
        this.deps.suspicion.goodMark(peer, transaction)
        if (this.seen.has(id)) continue
        this.remember(id)
        if (verdict === 'ignore') verdict = 'accept'
        if (this.options.relay) this.offers.pass(envelope)
      } catch (error) {
        if (!(error instanceof TxError)) throw error
        // Honest peers may see another head; only what no honest node passes on counts against them.
        if (error.code === 'tx.malformed' || error.code === 'tx.tooLarge') {
          this.strike(peer, error)
          verdict = 'reject'
        } else {
          if (error.code === 'tx.markUnknown') this.deps.suspicion.unknownMark(peer, envelope)
          this.deps.logger.debug('A transaction of a peer was refused', { peer, code: error.code })
        }
      }
    }
    return verdict
  }

  private remember(id: Hash): void {
    this.seen.add(id)
    if (this.seen.size <= MAX_SEEN) return
    const oldest = this.seen.values().next()
    if (oldest.done !== true) this.seen.delete(oldest.value)
  }

  private strike(peer: string, error: AelfError): void {
    const count = (this.strikes.get(peer) ?? 0) + 1
    if (this.strikes.size < MAX_TRACKED_PEERS || this.strikes.has(peer)) this.strikes.set(peer, count)
    this.deps.net.judge(peer, 'invalid')
    this.deps.logger.warn('A peer broke the rules', { peer, code: error.code, reason: error.message, strikes: count })
    if (count === MAX_STRIKES) this.deps.logger.warn('A peer is ignored from now on', { peer })
  }

  private send(peer: string, message: Message): void {
    this.deps.net.send(peer, encodeMessage(message))
  }

  private broadcast(message: Message): void {
    this.deps.net.broadcast(encodeMessage(message))
  }
}
