import { type Address, addressAt, type Bytes, isCanonicalSignature, type RecoverJob, recoverAddress } from '#primitives'
import { CHUNK, SLOT, STATUS } from './recoverThread.ts'

/** A power of two. */
export const SLOTS = 8192

/** Jobs of one call, answered together. */
export interface Batch {
  readonly jobs: readonly RecoverJob[]
  readonly answers: (Address | undefined)[]
  /** The next job to go into a ring. */
  next: number
  /** Behind its last job in the ring. */
  end: number
  /** Answers to come. */
  left: number
  readonly done: (answers: (Address | undefined)[]) => void
}

function settle(batch: Batch): void {
  batch.left -= 1
  if (batch.left === 0) batch.done(batch.answers)
}

/** What a call of so many jobs begins with. */
export function batchOf(jobs: readonly RecoverJob[], done: Batch['done']): Batch {
  const answers = new Array<Address | undefined>(jobs.length).fill(undefined)
  return { jobs, answers, next: 0, end: 0, left: jobs.length, done }
}

export const inline = ({ digest, signature }: RecoverJob): Address | undefined => recoverAddress(digest, signature)

/**
 * Signatures in shared memory: this thread publishes them, and threads, this one included, claim some at a time. Places count up
 * for ever and wrap as 32-bit integers.
 */
export class Ring {
  readonly buffer: SharedArrayBuffer = new SharedArrayBuffer(SLOTS * SLOT.bytes)
  private readonly bytes: Bytes
  private readonly control: Int32Array
  private readonly claimedAt: number
  private readonly owners = new Array<Batch | undefined>(SLOTS).fill(undefined)
  private readonly indexes = new Int32Array(SLOTS)
  /** Batches that are not in the ring with all their jobs. */
  private readonly line: Batch[] = []
  private published = 0
  private settled = 0

  /** The control words of ring n are 2n and 2n + 1. */
  constructor(control: Int32Array, ring: number) {
    // Whoever writes a slot is the only one, until its status says that it is done.
    this.bytes = new Uint8Array(this.buffer as unknown as ArrayBuffer)
    this.control = control
    this.claimedAt = 2 * ring
  }

  /** Whether nothing is under way. */
  get idle(): boolean {
    return this.settled === this.published && this.line.length === 0
  }

  /** Signatures that wait for somebody to claim them. */
  get unclaimed(): number {
    return (this.published - Atomics.load(this.control, this.claimedAt)) | 0
  }

  add(batch: Batch): void {
    this.line.push(batch)
  }

  /** Puts as much as there is room for into the ring; whether that was anything. */
  fill(): boolean {
    const before = this.published
    for (let batch = this.line[0]; batch !== undefined; batch = this.line[0]) {
      while (batch.next < batch.jobs.length && ((this.published - this.settled) | 0) < SLOTS) this.put(batch)
      if (batch.next < batch.jobs.length) break
      this.line.shift()
    }
    if (this.published === before) return false
    Atomics.store(this.control, this.claimedAt + 1, this.published)
    return true
  }

  /** Takes what is done. */
  collect(): void {
    for (; this.settled !== this.published; this.settled = (this.settled + 1) | 0) {
      const slot = this.settled & (SLOTS - 1)
      const at = slot * SLOT.bytes
      const status = Atomics.load(this.bytes, at + SLOT.statusAt)
      if (status === 0) return
      const owner = this.owners[slot]
      this.owners[slot] = undefined
      if (owner === undefined) continue
      if (status === STATUS.found) owner.answers[this.indexes[slot] ?? 0] = addressAt(this.bytes, at + SLOT.addressAt)
      settle(owner)
    }
  }

  /** Does the next signatures on this thread; false when none is left to claim. */
  advance(): boolean {
    for (;;) {
      const from = Atomics.load(this.control, this.claimedAt)
      const left = (this.published - from) | 0
      if (left <= 0) return false
      const to = (from + Math.min(left, CHUNK)) | 0
      if (Atomics.compareExchange(this.control, this.claimedAt, from, to) !== from) continue
      this.finish(from, to)
      return true
    }
  }

  /** Whether jobs of a batch wait for somebody to claim them. */
  hasUnclaimed({ next, jobs, end }: Batch): boolean {
    return next < jobs.length || ((end - Atomics.load(this.control, this.claimedAt)) | 0) > 0
  }

  /** Does everything on this thread, when no other runs any more: one may have died with something in hand. */
  finishAll(): void {
    while (!this.idle) {
      this.fill()
      this.finish(this.settled, this.published)
      Atomics.store(this.control, this.claimedAt, this.published)
      this.collect()
    }
  }

  private finish(from: number, to: number): void {
    for (let place = from; place !== to; place = (place + 1) | 0) {
      const slot = place & (SLOTS - 1)
      const owner = this.owners[slot]
      const statusAt = slot * SLOT.bytes + SLOT.statusAt
      if (owner === undefined || Atomics.load(this.bytes, statusAt) !== 0) continue
      const index = this.indexes[slot] ?? 0
      const job = owner.jobs[index]
      if (job !== undefined) owner.answers[index] = inline(job)
      Atomics.store(this.bytes, statusAt, STATUS.answered)
    }
  }

  private put(batch: Batch): void {
    const index = batch.next
    batch.next += 1
    const job = batch.jobs[index]
    // Threads get only what has the one accepted form, exactly as `recoverAddress` checks it.
    if (job === undefined || job.digest.length !== 32 || !isCanonicalSignature(job.signature)) {
      settle(batch)
      return
    }
    const slot = this.published & (SLOTS - 1)
    this.published = (this.published + 1) | 0
    batch.end = this.published
    this.owners[slot] = batch
    this.indexes[slot] = index
    this.write(slot * SLOT.bytes, job)
  }

  private write(at: number, { digest, signature }: RecoverJob): void {
    const { bytes } = this
    for (let index = 0; index < 32; index += 1) bytes[at + index] = digest[index] as number
    for (let index = 0; index < 64; index += 1) bytes[at + 32 + index] = signature[index] as number
    bytes[at + SLOT.recoveryAt] = (signature[64] as number) - 27
    bytes[at + SLOT.statusAt] = 0
  }
}
