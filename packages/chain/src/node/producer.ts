import { type DposProposeInput, type DposState, scheduleAt } from '#consensus/dpos'
import { type Block, MAX_BLOCK_BYTES, MAX_BLOCK_TRANSACTIONS, sealHeader } from '#kernel'
import { type ImportResult, type Ledger, LedgerError } from '#ledger'
import type { Mempool } from '#mempool'
import { AelfError, bytesToHex, type Cancel, type Clock, type Hash, hexToBytes, type Logger } from '#primitives'
import type { BlockSigner } from './keys/signer.ts'
import type { Reveals } from './reveals.ts'

/** Room left in a block for its header and framing. */
const BLOCK_MARGIN_BYTES = 64 * 1024

/** What makes a node a delegate: its key with memory, and its secret hash chains. */
export interface ProducerKeys {
  readonly signer: BlockSigner
  readonly reveals: Reveals
}

export interface ProducerDeps {
  readonly clock: Clock
  readonly logger: Logger
  readonly ledger: Ledger<DposState, DposProposeInput>
  readonly mempool: Mempool
  slotStartMs(slot: bigint): number
  /** What the header of the next block signals. */
  signal(): Hash
  nowSlot(): bigint
  /** Whether anything but the schedule forbids a block now. */
  mayProduce(): Promise<boolean>
  /** Called when a block of this node has been adopted here. */
  produced(block: Block, result: ImportResult<DposState>): Promise<void>
}

/** Makes a block in every slot that belongs to its key. */
export class Producer {
  private readonly keys: ProducerKeys
  private readonly deps: ProducerDeps
  private cancel: Cancel | undefined
  private paused = false
  private stopped = false
  private attempted = -1n
  private turn: Promise<void> = Promise.resolve()

  constructor(keys: ProducerKeys, deps: ProducerDeps) {
    this.keys = keys
    this.deps = deps
  }

  start(): void {
    this.schedule()
  }

  stop(): void {
    this.stopped = true
    this.cancel?.()
  }

  /** Resolves when the block in hand, if there is one, is out. */
  async settled(): Promise<void> {
    await this.turn
  }

  /** Makes no further block; resolves when the one in hand is out. */
  async finish(): Promise<void> {
    this.stop()
    await this.turn
  }

  pause(): void {
    this.paused = true
  }

  resume(): void {
    this.paused = false
  }

  isPaused(): boolean {
    return this.paused
  }

  private schedule(): void {
    if (this.stopped) return
    const { slotStartMs, clock } = this.deps
    const wait = Math.max(slotStartMs(this.deps.nowSlot() + 1n) - clock.now(), 0)
    // A clock that stands before genesis may be set right at any moment, as it is on a machine that starts without the time.
    const slotMs = slotStartMs(1n) - slotStartMs(0n)
    this.cancel = clock.after(Math.min(wait, slotMs), () => {
      // A block that takes longer than a slot must not have a second one made beside it: both would claim the same history.
      this.turn = this.turn.then(() => this.tick()).catch((error: unknown) => this.report(error))
      this.schedule()
    })
  }

  private async tick(): Promise<void> {
    const slot = this.deps.nowSlot()
    if (this.stopped || this.paused || slot <= this.attempted) return
    const scheduled = scheduleAt(this.deps.ledger.headState(), slot)
    if (scheduled?.producer !== this.keys.signer.address) return
    if (!(await this.deps.mayProduce())) return
    this.attempted = slot
    await this.produce(slot)
  }

  private async produce(slot: bigint): Promise<void> {
    const { ledger, mempool, logger } = this.deps
    const { signer, reveals } = this.keys
    const candidates = mempool.select({
      maxTransactions: MAX_BLOCK_TRANSACTIONS,
      maxBytes: MAX_BLOCK_BYTES - BLOCK_MARGIN_BYTES,
    })
    const built = await ledger.buildBlock({
      slot,
      producer: signer.address,
      candidates,
      signal: this.deps.signal(),
      propose: (summary) => ({
        slot,
        producer: signer.address,
        summary,
        generatedHeight: signer.generatedHeight(),
        preimageOf: (anchor) => reveals.preimageOf(ledger.headState(), anchor),
      }),
    })
    if (built === undefined) return
    mempool.drop(built.dropped)
    const { height } = built.header
    const signature = await signer.signBlock({ slot, height, digest: hexToBytes(built.hash), header: built.header })
    if (signature === undefined) {
      logger.warn('The slot was signed before; no second block is made', { slot })
      return
    }
    const block: Block = { header: sealHeader(built.header, bytesToHex(signature)), transactions: built.transactions }
    const result = await ledger.importBlock(block)
    await this.deps.produced(block, result)
  }

  private report(error: unknown): void {
    const code = error instanceof AelfError ? error.code : 'unknown'
    const reason = error instanceof Error ? error.message : String(error)
    const lost = error instanceof LedgerError && error.code === 'block.belowFinalized'
    if (lost) this.deps.logger.info('A block came too late', { reason })
    // Somebody fetches it meanwhile, or this node ends and says so.
    else if (code === 'block.collection')
      this.deps.logger.warn('No block is made before its collection is here', { reason })
    else this.deps.logger.error('No block was made', { code, reason })
  }
}
