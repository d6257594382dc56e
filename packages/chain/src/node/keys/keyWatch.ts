import type { SignedHeader } from '#kernel'
import { type Address, bytesToHash, type Hash, hexToBytes, type Logger } from '#primitives'
import { NodeError } from '../errors.ts'
import type { BlockSigner } from './signer.ts'

/** Own signatures of this run that are remembered, to know them when they come back. */
const MAX_REMEMBERED = 256
/** A chain without blocks is a new network only so long after its genesis; later it is one that this node has yet to fetch. */
const NEW_NETWORK_MS = 86_400_000n
/** A machine needs some time to start a process, however short the rounds are. */
const RESTART_MS = 30_000n
/** Rounds a node watches before it signs. */
const WATCHED_ROUNDS = 2n
/** Rounds after which turns by an old head count as well: a peer that only claims a higher one must not silence a node. */
const HALTED_ROUNDS = 10n

/** What the watch needs to know of the chain and the network now. */
export interface KeyWatchView {
  nowSlot(): bigint
  /** Slots of one round, the extra one included. */
  roundSlots(): bigint
  height(): bigint
  headSlot(): bigint
  /** Highest head anybody has told of; undefined while nobody has told of any. */
  targetHeight(): bigint | undefined
  /** Slot of the first block after genesis; undefined when there is none. */
  firstSlot(): Promise<bigint | undefined>
  syncing(): boolean
  /** Slot since which somebody has been connected; undefined while nobody was. */
  connectedSince(): bigint | undefined
  producers(): number
  slotMs(): number
  /** The newest block of this key on the node's own chain. */
  newestOwn(): Promise<SignedHeader | undefined>
}

export interface KeyWatchOptions {
  /** 0: two rounds. */
  readonly watchSlots: number
  /** The data folder is the one this machine ran last, not a copy or a restored backup. */
  readonly sameHome: boolean
  /** The record of signed blocks could not be read in full. */
  readonly doubtful: boolean
}

export interface KeyWatchDeps {
  readonly signer: BlockSigner
  readonly view: KeyWatchView
  readonly logger: Logger
  /** Told once when another node signs with this key; `watching` says whether this node had signed anything yet. */
  inUse(error: NodeError, watching: boolean): void
}

/** `failed`: the record cannot be kept, so nothing is signed. */
export type KeyWatchState = 'watching' | 'clear' | 'inUse' | 'failed'

/**
 * Keeps one key from signing in two places. A starting node listens for two rounds before it signs, except where nobody else
 * can be signing: after a quick restart in the same folder on the same chain, and in a network that has just begun. A block of its own key from after
 * its start that it did not sign ends its production for good; one from before it is adopted into the record.
 */
export class KeyWatch {
  private readonly options: KeyWatchOptions
  private readonly deps: KeyWatchDeps
  private readonly own = new Map<bigint, Hash>()
  private startSlot = 0n
  /** The newest slot on the record at the start. */
  private recordedSlot = -1n
  private until = 0n
  /** First turn of the key since the watch began in which this node kept silent. */
  private passed: bigint | undefined
  private now: KeyWatchState = 'watching'
  private adopting: Promise<void> = Promise.resolve()

  constructor(options: KeyWatchOptions, deps: KeyWatchDeps) {
    this.options = options
    this.deps = deps
  }

  get state(): KeyWatchState {
    return this.now
  }

  start(): void {
    const { signer, view, logger } = this.deps
    this.startSlot = view.nowSlot()
    this.until = this.startSlot + this.length()
    const last = signer.last()
    this.recordedSlot = last?.slot ?? -1n
    const { sameHome, doubtful } = this.options
    const recent = last !== undefined && last.slot >= this.startSlot - this.restartSlots()
    this.adopting = this.adoptStored().catch((cause: unknown) => this.stopFor(cause))
    // A block above the next one was signed on a chain that is not here any more: what is here is not what this key followed.
    const lost = last !== undefined && last.height > view.height() + 1n
    if (recent && sameHome && !doubtful && !lost) this.now = 'clear'
    else logger.info('Watching for another node with this key', { delegate: signer.address, untilSlot: this.until })
  }

  /** Whether this key may sign now. */
  async mayProduce(): Promise<boolean> {
    await this.settled()
    if (this.now !== 'watching') return this.now === 'clear'
    const { view } = this.deps
    if (view.syncing()) return false
    const hasListened = this.letTurnPass(view.nowSlot())
    if (!hasListened && !(await this.isNewNetwork())) return false
    // What came in while the last question was answered counts too.
    if (this.now !== 'watching') return false
    this.now = 'clear'
    this.deps.logger.info('Nobody else signs with this key', { delegate: this.deps.signer.address })
    return true
  }

  /**
   * Production asks in the key's own turns only. Silence is worth something where the key had a turn: a producer that is excluded is silent
   * whoever has its key, and two that wait for the same end of it would both sign the first slot after it.
   */
  private letTurnPass(slot: bigint): boolean {
    const { view } = this.deps
    const round = view.roundSlots()
    // By an old head the key may have turns that it lost since: they are not counted.
    const isNewest = slot - view.headSlot() <= WATCHED_ROUNDS * round || this.isHighest()
    if (isNewest || slot > this.startSlot + HALTED_ROUNDS * round) this.passed ??= slot
    if (this.passed === undefined) return false
    // What was made in that turn has a slot to arrive.
    return slot > this.until && slot > this.passed + 1n
  }

  /** Called with every header whose signature was checked. */
  saw(header: SignedHeader): void {
    const { signer } = this.deps
    if (header.producer !== signer.address || this.isOwn(header)) return
    const last = signer.last()
    const isNews = last === undefined || header.slot > last.slot || header.height > last.height
    if (isNews) this.adopt(header)
    // What is on the record was signed before the start, whatever the clock said then.
    if (header.slot > this.startSlot && header.slot > this.recordedSlot) this.accuse(header)
    else if (isNews && this.now === 'clear') {
      // The record is older than the chain: a backup was restored, so this folder cannot vouch for the key.
      this.now = 'watching'
      this.passed = undefined
      this.deps.logger.warn('The record of signed blocks is older than the chain; watching before signing again', {
        delegate: signer.address,
        slot: header.slot,
        height: header.height,
      })
    }
  }

  /** The signer as production may use it: it never signs before the watch is over, nor after another node was seen. */
  guarded(): BlockSigner {
    const { signer } = this.deps
    return {
      ...signer,
      signBlock: async (block) => {
        await this.settled()
        if (this.now !== 'clear') return undefined
        this.remember(block.slot, bytesToHash(block.digest))
        return signer.signBlock(block)
      },
      sign: async (kind, slot, digest) => {
        await this.settled()
        if (this.now !== 'clear') return undefined
        this.remember(slot, bytesToHash(digest))
        return signer.sign(kind, slot, digest)
      },
    }
  }

  /** Resolves when everything seen so far is on the record. */
  private async settled(): Promise<void> {
    for (let seen: unknown; seen !== this.adopting; ) {
      seen = this.adopting
      await seen
    }
  }

  private stopFor(cause: unknown): void {
    this.now = 'failed'
    this.deps.logger.error('The record of signed blocks could not be kept', { reason: String(cause) })
  }

  /** The record may be lost while the chain is not. */
  private async adoptStored(): Promise<void> {
    const header = await this.deps.view.newestOwn()
    if (header !== undefined && !this.isOwn(header)) this.saw(header)
  }

  /** So long a restart may take, from the last signature on: the watch itself, or half a minute where rounds are shorter. */
  private restartSlots(): bigint {
    const slots = RESTART_MS / BigInt(this.deps.view.slotMs())
    const length = this.length()
    return slots > length ? slots : length
  }

  private length(): bigint {
    const { watchSlots } = this.options
    return watchSlots > 0 ? BigInt(watchSlots) : WATCHED_ROUNDS * this.deps.view.roundSlots()
  }

  /** Everybody starts at genesis, and nobody with this key has signed yet. */
  private async isNewNetwork(): Promise<boolean> {
    const { signer, view } = this.deps
    if (signer.last() !== undefined || this.options.doubtful) return false
    const since = view.connectedSince()
    // Of those who have just connected some may not have said yet how far they are.
    const isHeard = since !== undefined && view.nowSlot() > since + 1n
    if (view.producers() > 1 && !isHeard) return false
    if (!this.isHighest()) return false
    if (view.height() === 0n) return view.nowSlot() * BigInt(view.slotMs()) <= NEW_NETWORK_MS
    const first = await view.firstSlot()
    return first !== undefined && first + this.length() >= this.startSlot
  }

  /** Whether others have told of no higher head. Silence says nothing, unless there may be nobody else. */
  private isHighest(): boolean {
    const { view } = this.deps
    const target = view.targetHeight()
    return target === undefined ? view.producers() <= 1 : view.height() >= target
  }

  private isOwn({ slot, hash }: SignedHeader): boolean {
    if (this.own.get(slot) === hash) return true
    const last = this.deps.signer.last()
    return last?.slot === slot && bytesToHash(last.digest) === hash
  }

  private remember(slot: bigint, hash: Hash): void {
    this.own.set(slot, hash)
    const oldest = this.own.keys().next()
    if (this.own.size > MAX_REMEMBERED && oldest.done !== true) this.own.delete(oldest.value)
  }

  private adopt({ slot, height, hash }: SignedHeader): void {
    const next = this.deps.signer.adopt({ slot, height, digest: hexToBytes(hash) })
    this.adopting = Promise.all([this.adopting, next]).then(
      () => undefined,
      (cause: unknown) => this.stopFor(cause),
    )
  }

  private accuse({ slot, height, hash }: SignedHeader): void {
    if (this.now === 'inUse') return
    const watching = this.now === 'watching'
    this.now = 'inUse'
    const { signer, logger } = this.deps
    const error = new NodeError(
      'key.inUse',
      `Another node signs with the key of ${signer.address}: it made block ${height} in slot ${slot}. This node does not produce`,
      { details: { delegate: signer.address, slot, height, hash } },
    )
    logger.error(error.message, { code: error.code, delegate: signer.address, slot, height })
    this.deps.inUse(error, watching)
  }
}

/** What an operator is told when the key is in use elsewhere. */
export function keyInUseWarning(delegate: Address): { code: 'key.inUse'; message: string; delegate: Address } {
  return {
    code: 'key.inUse',
    message:
      'Another node signs with this key. This node does not produce; stop one of the two and start the other again',
    delegate,
  }
}
