import { createPrng, type Prng } from '#primitives'
import type { DiskImage, SimDisk } from '#testing'
import type { Knobs } from './knobs.ts'
import type { Probes } from './report.ts'

/** First bytes of keys: the blocks and their outcomes, and the accepted transactions. */
const SPOILT_BUCKETS = [1, 1, 1, 2] as const
/** Batches a log may lose at its end. */
const MAX_LOST_BATCHES = 8
/** A backup is made every so many slots, and the one before it is kept. */
const BACKUP_SLOTS = 15

/** How its owner finds a machine's folder at its next start. */
export interface Home {
  /** The folder is not a copy. */
  same: boolean
  /** Writes that were acknowledged are missing. */
  doubtful: boolean
}

export interface Disks {
  readonly disk: SimDisk
  readonly recordDisk: SimDisk | undefined
}

interface Backup {
  readonly chain: DiskImage
  readonly record: DiskImage | undefined
}

/**
 * What happens to the disks of one machine of a run, besides losing power: other bytes than were written, reads that fail, batches
 * that arrive in part, a log without its end, an old backup in its place. All others still have the chain.
 */
export class Damage {
  readonly home: Home = { same: true, doubtful: false }
  private readonly knobs: Knobs
  private readonly probes: Probes
  private readonly prng: Prng
  private backups: Backup[] = []

  constructor(knobs: Knobs, probes: Probes) {
    this.knobs = knobs
    this.probes = probes
    this.prng = createPrng(`damage ${knobs.seed}`)
  }

  private chance(of: number): boolean {
    return of > 0 && this.prng.int(1000) < of
  }

  readFault(): string | undefined {
    if (this.knobs.readFault === 0 || this.prng.int(10_000) >= this.knobs.readFault) return undefined
    this.probes.hit('read error')
    return 'EIO: i/o error, read'
  }

  /** While a batch is written: after how much of its time power goes. */
  cutsPower(ms: number): number | undefined {
    return this.chance(this.knobs.powerCut) ? this.prng.int(ms) : undefined
  }

  /** At a crash: how much of the batch that was being written is there. */
  torn(operations: number): number | undefined {
    if (!this.chance(this.knobs.torn)) return undefined
    this.probes.hit('write torn')
    return 1 + this.prng.int(operations)
  }

  /** After power was lost. Answers whether something is gone that had been acknowledged. */
  lose({ disk }: Disks): boolean {
    if (!this.chance(this.knobs.lostTail)) return false
    const lost = disk.cut(1 + this.prng.int(MAX_LOST_BATCHES))
    if (lost === 0) return false
    this.probes.hit('log tail lost')
    this.home.doubtful = true
    return true
  }

  /** Once a slot. */
  rot({ disk }: Disks): void {
    if (!this.chance(this.knobs.bitFlip)) return
    if (disk.flip(this.prng.pick(SPOILT_BUCKETS), (n) => this.prng.int(n))) this.probes.hit('bits flipped')
  }

  keep({ disk, recordDisk }: Disks, slot: number): void {
    if (this.knobs.backup === 0 || slot % BACKUP_SLOTS !== 0) return
    this.backups = [...this.backups.slice(-1), { chain: disk.image(), record: recordDisk?.image() }]
  }

  wantsBackup(): boolean {
    return this.backups.length > 0 && this.chance(this.knobs.backup)
  }

  /** Chain and record as they were, in another place. */
  restore({ disk, recordDisk }: Disks): void {
    const found = this.prng.pick(this.backups)
    disk.restore(found.chain)
    if (found.record !== undefined) recordDisk?.restore(found.record)
    this.home.same = false
    this.probes.hit('old backup restored')
  }

  /** What is on the disk is not what was written: its owner removes the chain and keeps the key's record. */
  remove({ disk }: Disks): void {
    disk.restore(new Map())
    // The count beside the store says so.
    this.home.doubtful = true
    this.probes.hit('damaged store removed')
  }

  /** How the folder is found now; after this start it is its own again. */
  found(): Home {
    const found = { ...this.home }
    this.home.same = true
    this.home.doubtful = false
    return found
  }
}
