import { type SignedTransaction, transactionId } from '#kernel'
import type { MempoolChain } from '#mempool'
import { type Address, AelfError, type Bytes, type Clock, type Hash, type Hex, type Logger } from '#primitives'
import type { Decoder } from './decoder.ts'

/** Marks older than this many slots say nothing any more. */
const WINDOW_SLOTS = 60
/** Different senders with unknown marks that it takes. */
const LEAST_SENDERS = 8
/** Of all senders in the window, so many in a hundred with unknown marks suspend; fewer than half of that ends it. */
const SUSPECT_PERCENT = 66
/** A node that hears fewer peers than this suspects nothing: too few can tell it anything. */
const LEAST_PEERS = 3
/** A mark this far above the head only says that a block is late. */
const LATE_BLOCKS = 8n
/** Senders remembered in the window. */
const MAX_SENDERS = 1024
/** Length of a mark as text: 0x and eight bytes. */
const MARK_TEXT = 18
/** Signatures of unknown marks checked in a window, and at the same time. */
const MAX_CHECKED = 256
const MAX_CHECKING = 16

/** A sender's newest mark. */
interface Sighting {
  readonly refHeight: bigint
  readonly refHash: Hex
  readonly peer: string
  readonly atMs: number
}

export interface SuspicionDeps {
  readonly clock: Pick<Clock, 'now'>
  readonly logger: Logger
  readonly decoder: Pick<Decoder, 'transaction'>
  readonly slotMs: number
  readonly chain: Pick<MempoolChain, 'height' | 'markAt' | 'balance' | 'fee' | 'method'>
  authenticate(transaction: SignedTransaction, id: Hash): Promise<Address | undefined>
  peers(): readonly string[]
  /** A node that knows it is behind expects unknown marks. */
  isBehind(): boolean
}

/**
 * Notices that this node may be on a fork: many senders, through most of its peers, mark blocks it does not know (K7). Only correctly
 * signed transactions of accounts that can pay here count, and each account once, with its newest mark.
 */
export class Suspicion {
  private readonly deps: SuspicionDeps
  private readonly sightings = new Map<Address, Sighting>()
  /** The newest head each peer has named. */
  private readonly heads = new Map<string, { readonly height: bigint; readonly mark: string }>()
  private suspected = false
  private checking = 0
  private checked = 0
  private checkedSinceMs = 0

  constructor(deps: SuspicionDeps) {
    this.deps = deps
  }

  /** Whether the node is on a fork, as far as marks tell now. */
  isSuspended(): boolean {
    if (this.suspected) this.judge()
    return this.suspected
  }

  /** A peer stands on a block. */
  heardHead(peer: string, height: bigint, hash: Hash): void {
    this.heads.delete(peer)
    this.heads.set(peer, { height, mark: hash.slice(0, MARK_TEXT) })
    const oldest = this.heads.keys().next()
    if (this.heads.size > MAX_SENDERS && oldest.done !== true) this.heads.delete(oldest.value)
  }

  /** A transaction whose mark names a block of this chain. */
  goodMark(peer: string, transaction: SignedTransaction): void {
    this.note(peer, transaction)
  }

  /** A transaction that was refused for its mark. Counts once its signature and its funds are checked. */
  unknownMark(peer: string, envelope: Bytes): void {
    if (!this.mayCheck()) return
    this.checking += 1
    this.check(peer, envelope)
      .catch((error: unknown) => {
        if (!(error instanceof AelfError)) throw error
      })
      .finally(() => {
        this.checking -= 1
      })
  }

  private mayCheck(): boolean {
    const now = this.deps.clock.now()
    if (now - this.checkedSinceMs > this.windowMs()) {
      this.checkedSinceMs = now
      this.checked = 0
    }
    if (this.checking >= MAX_CHECKING || this.checked >= MAX_CHECKED) return false
    this.checked += 1
    return true
  }

  private async check(peer: string, envelope: Bytes): Promise<void> {
    const { chain } = this.deps
    const transaction = this.deps.decoder.transaction(envelope)
    const method = chain.method(transaction.contract, transaction.method)
    if (method === undefined || chain.balance(transaction.from) < chain.fee(envelope.length, method)) return
    if (transaction.refHeight > chain.height() && transaction.refHeight - chain.height() <= LATE_BLOCKS) return
    const signer = await this.deps.authenticate(transaction, transactionId(transaction))
    if (signer !== transaction.from) return
    this.note(peer, transaction)
    this.judge()
  }

  private note(peer: string, { from, refHeight, refHash }: SignedTransaction): void {
    this.sightings.delete(from)
    this.sightings.set(from, { refHeight, refHash, peer, atMs: this.deps.clock.now() })
    const oldest = this.sightings.keys().next()
    if (this.sightings.size > MAX_SENDERS && oldest.done !== true) this.sightings.delete(oldest.value)
  }

  private windowMs(): number {
    return WINDOW_SLOTS * this.deps.slotMs
  }

  /** Whether the head a peer has named is a block of this chain. */
  private isHere(peer: string): boolean {
    const head = this.heads.get(peer)
    return head !== undefined && this.deps.chain.markAt(head.height) === head.mark
  }

  /** Looks at all marks again by the present head: after the node has rejoined, they are good. */
  private judge(): void {
    const { clock, chain, logger } = this.deps
    const since = clock.now() - this.windowMs()
    let unknown = 0
    const through = new Set<string>()
    for (const [sender, { refHeight, refHash, peer, atMs }] of this.sightings) {
      if (atMs < since || refHeight + 64n <= chain.height()) this.sightings.delete(sender)
      else if (chain.markAt(refHeight) !== refHash) {
        unknown += 1
        through.add(peer)
      }
    }
    const percent = this.sightings.size === 0 ? 0 : (unknown * 100) / this.sightings.size
    const peers = this.deps.peers()
    const heard = peers.filter((peer) => through.has(peer)).length
    const most = peers.length >= LEAST_PEERS && heard * 2 > peers.length
    // After a split has healed, everybody hears marks of the side that lost; who stands where most peers stand is on no fork.
    const alone = peers.filter((peer) => this.isHere(peer)).length * 2 < peers.length
    const enough = unknown >= LEAST_SENDERS && percent >= SUSPECT_PERCENT && most && alone && !this.deps.isBehind()
    if (!this.suspected && enough) {
      this.suspected = true
      logger.warn('This node may be on a fork: it stops producing and accepting transactions', {
        senders: unknown,
        of: this.sightings.size,
        peers: heard,
      })
    } else if (this.suspected && (!alone || unknown < LEAST_SENDERS / 2 || percent < SUSPECT_PERCENT / 2)) {
      this.suspected = false
      logger.info('Marks name blocks of this chain again: the node goes on')
    }
  }
}
