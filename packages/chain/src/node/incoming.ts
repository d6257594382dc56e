import type { Block } from '#kernel'
import { type BatchResult, type ImportOptions, type ImportResult, type Ledger, LedgerError } from '#ledger'
import type { Clock, Hash, Logger, Verdict } from '#primitives'
import type { Witness } from './witness.ts'

const MAX_ORPHANS = 128
const MAX_EARLY = 64
/** Encoded bytes of blocks that wait, each for orphans and for early ones. */
const MAX_WAITING_BYTES: number = 32 * 1024 * 1024

export interface IncomingDeps<S> {
  readonly clock: Clock
  readonly logger: Logger
  readonly ledger: Pick<Ledger<S, never>, 'node' | 'importBlock' | 'importBlocks'>
  readonly witness: Pick<Witness, 'saw' | 'sawLate'>
  nowSlot(): bigint
  slotStartMs(slot: bigint): number
  /** Told of every import, before the next one begins. */
  imported(result: ImportResult<S>): Promise<void>
  /** A peer has a block whose parent is not here. False when the block is not worth keeping until it is. */
  missing(peer: string, height: bigint): boolean
}

interface Waiting {
  readonly block: Block
  readonly bytes: number
}

/** Blocks on their way into the ledger: those that come too early wait for their slot, orphans for their parent; both bounded. */
export class Incoming<S> {
  private readonly deps: IncomingDeps<S>
  private readonly orphans = new Map<Hash, Waiting>()
  private orphanBytes = 0
  private early = 0
  private earlyBytes = 0
  private stopped = false

  constructor(deps: IncomingDeps<S>) {
    this.deps = deps
  }

  stop(): void {
    this.stopped = true
  }

  /** Imports a block now, or when its time has come. Throws what is wrong with it. */
  async take(peer: string, block: Block, bytes: number): Promise<Verdict> {
    const { hash, slot, height } = block.header
    if (this.stopped || this.deps.ledger.node(hash) !== undefined) return 'ignore'
    const wait = this.deps.slotStartMs(slot) - this.deps.clock.now()
    if (wait > 0) {
      if (!(await this.waited(wait, bytes))) return 'ignore'
      return this.take(peer, block, bytes)
    }
    try {
      return await this.import(block)
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error
      if (error.code === 'block.belowFinalized') this.deps.witness.sawLate(block.header)
      // Nobody's fault: what runs it is not installed here.
      else if (error.code === 'block.collection') return 'ignore'
      else if (error.code !== 'block.orphan') throw error
      else if (this.deps.missing(peer, height)) this.keepOrphan({ block, bytes })
      return 'ignore'
    }
  }

  /** Imports blocks that follow each other and whose header signatures are checked; they share one write. */
  async importAll(blocks: readonly Block[]): Promise<BatchResult<S>['refused']> {
    const options = { nowSlot: this.deps.nowSlot(), trustSignature: true }
    const { result, refused } = await this.deps.ledger.importBlocks(blocks, options)
    if (result !== undefined) await this.imported(result)
    return refused
  }

  private async import(block: Block, options: ImportOptions = {}): Promise<Verdict> {
    const result = await this.deps.ledger.importBlock(block, { nowSlot: this.deps.nowSlot(), ...options })
    if (result.status === 'known') return 'ignore'
    await this.imported(result)
    return 'accept'
  }

  private async imported(result: ImportResult<S>): Promise<void> {
    for (const { header } of result.nodes) this.deps.witness.saw(header)
    await this.deps.imported(result)
    if (this.orphans.size > 0) for (const { header } of result.nodes) await this.adoptOrphans(header.hash)
  }

  /** Waits for a slot, when it comes soon and few wait. */
  private waited(waitMs: number, bytes: number): Promise<boolean> {
    const slotMs = this.deps.slotStartMs(1n) - this.deps.slotStartMs(0n)
    const room = this.early < MAX_EARLY && this.earlyBytes + bytes <= MAX_WAITING_BYTES
    if (waitMs > 2 * slotMs || !room) return Promise.resolve(false)
    this.early += 1
    this.earlyBytes += bytes
    return new Promise((resolve) => {
      this.deps.clock.after(waitMs, () => {
        this.early -= 1
        this.earlyBytes -= bytes
        resolve(!this.stopped)
      })
    })
  }

  private keepOrphan(waiting: Waiting): void {
    const { hash } = waiting.block.header
    if (this.orphans.has(hash)) return
    this.orphans.set(hash, waiting)
    this.orphanBytes += waiting.bytes
    while (this.orphans.size > MAX_ORPHANS || this.orphanBytes > MAX_WAITING_BYTES) {
      const oldest = this.orphans.keys().next()
      if (oldest.done === true) return
      this.dropOrphan(oldest.value)
    }
  }

  private dropOrphan(hash: Hash): void {
    this.orphanBytes -= this.orphans.get(hash)?.bytes ?? 0
    this.orphans.delete(hash)
  }

  private async adoptOrphans(parent: Hash): Promise<void> {
    for (const [hash, { block }] of [...this.orphans]) {
      if (block.header.parentHash !== parent) continue
      this.dropOrphan(hash)
      try {
        await this.import(block)
      } catch (error) {
        // Who brought it is not known any more, and who brought its parent did nothing wrong.
        if (!(error instanceof LedgerError)) throw error
        this.deps.logger.debug('A block that waited for its parent was refused', { hash, code: error.code })
      }
    }
  }
}
