import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { performance } from 'node:perf_hooks'
import { Worker } from 'node:worker_threads'
import type { Address, Exec, RecoverJob, RecoverOptions } from '#primitives'
import { keccakProgram } from './keccak.ts'
import { type Batch, batchOf, inline, Ring, SLOTS } from './recoverRing.ts'
import { AWAKE, CHUNK, SLOT, STATUS, serve, type ThreadData, TOLD } from './recoverThread.ts'

/** Loaders that keep the names of functions call a helper of theirs for it, which a thread does not have. */
const SOURCE = `const __name = (named) => named; (${serve.toString()})(require)`

type Answers = (Address | undefined)[]

/** Fewer signatures than this in one turn of the event loop are not worth waking a thread for. */
const BREAK_EVEN = 4
/** From here on a caller waits for one batch, as in a block: the calling thread does its share of the work. */
const BULK = 64

/** A turn of the event loop in which hardly anything was done. */
const SHORT_TURN_MS = 0.1

/** Threads that recover signers over shared memory. */
export interface RecoverPool extends Exec {
  readonly threads: number
  hurry(answers: Promise<Answers>): void
  close(): Promise<void>
}

function withResolver(): { readonly promise: Promise<Answers>; readonly resolve: (answers: Answers) => void } {
  let resolve: (answers: Answers) => void = () => undefined
  const promise = new Promise<Answers>((done) => {
    resolve = done
  })
  return { promise, resolve }
}

class Pool implements RecoverPool {
  readonly threads: number
  private readonly addon: string
  private readonly control: Int32Array
  /** What somebody waits for, and what nobody waits for yet. */
  private readonly now: Ring
  private readonly later: Ring
  /** Batches whose callers may come to wait for them. */
  private readonly begun = new WeakMap<Promise<Answers>, { readonly ring: Ring; readonly batch: Batch }>()
  private workers: readonly Worker[] | undefined
  /** Threads that have not ended. */
  private running = 0
  /** Signatures that this thread has done itself in this turn of its event loop. */
  private few = 0
  private over = false
  private lending = false
  /** Whether the threads keep the process alive. */
  private held = false

  constructor(addon: string, threads: number) {
    this.addon = addon
    this.threads = threads
    this.control = new Int32Array(new SharedArrayBuffer(4 * (AWAKE + threads)))
    this.now = new Ring(this.control, 0)
    this.later = new Ring(this.control, 1)
  }

  recoverBatch(jobs: readonly RecoverJob[], { ahead = false, more = false }: RecoverOptions = {}): Promise<Answers> {
    if (this.over || jobs.length === 0) return Promise.resolve(jobs.map(inline))
    const isBegun = ahead || more
    // A thread that is awake anyway takes the fewest.
    if (!isBegun && this.few + jobs.length < BREAK_EVEN && this.now.idle) return Promise.resolve(this.atOnce(jobs))
    const { promise, resolve } = withResolver()
    const batch = batchOf(jobs, resolve)
    const ring = ahead ? this.later : this.now
    ring.add(batch)
    this.start()
    if (isBegun) this.begun.set(promise, { ring, batch })
    else if (jobs.length >= BULK) this.help(ring, batch)
    return promise
  }

  hurry(answers: Promise<Answers>): void {
    const begun = this.begun.get(answers)
    if (begun !== undefined) this.help(begun.ring, begun.batch)
  }

  async close(): Promise<void> {
    this.over = true
    await Promise.all((this.workers ?? []).map((worker) => worker.terminate()))
  }

  private atOnce(jobs: readonly RecoverJob[]): Answers {
    if (this.few === 0) {
      setImmediate(() => {
        this.few = 0
      })
    }
    this.few += jobs.length
    return jobs.map(inline)
  }

  /** A caller with many jobs waits for all of them, so this thread claims some like any other. */
  private help(ring: Ring, batch: Batch): void {
    while (batch.left > 0 && ring.hasUnclaimed(batch) && ring.advance()) {
      ring.collect()
      if (ring.fill()) this.wake()
    }
    ring.collect()
    this.rest()
  }

  private start(): void {
    // A quiet node never starts a thread.
    this.workers ??= this.open()
    const filled = [this.now.fill(), this.later.fill()]
    if (filled.includes(true)) this.wake()
    this.lend()
  }

  /**
   * While more wait than a thread takes in hand at once, this thread does some between two turns of its event loop, provided that the
   * turn was short: a thread that is busy leaves them to those that do nothing else.
   */
  private lend(): void {
    if (this.lending || this.now.unclaimed < CHUNK) return
    this.lending = true
    const began = performance.now()
    setImmediate(() => {
      this.lending = false
      if (this.over || this.now.unclaimed < CHUNK) return
      if (performance.now() - began < SHORT_TURN_MS) this.now.advance()
      this.now.collect()
      this.start()
      this.rest()
    })
  }

  private wake(): void {
    this.hold(true)
    for (const [index, worker] of (this.workers ?? []).entries())
      if (Atomics.exchange(this.control, AWAKE + index, 1) === 0) worker.postMessage(0)
  }

  private told(): void {
    // Before looking: what is done afterwards is told again.
    Atomics.store(this.control, TOLD, 0)
    for (const ring of [this.now, this.later]) ring.collect()
    this.start()
    this.rest()
  }

  /** A thread without work must not keep the process alive. */
  private rest(): void {
    if (this.now.idle && this.later.idle) this.hold(false)
  }

  private hold(held: boolean): void {
    if (this.held === held) return
    this.held = held
    for (const worker of this.workers ?? []) held ? worker.ref() : worker.unref()
  }

  private open(): readonly Worker[] {
    const keccak = keccakProgram()
    this.running = this.threads
    return Array.from({ length: this.threads }, (_, thread) => {
      let cause: unknown
      const shared = { control: this.control.buffer as SharedArrayBuffer, rings: [this.now.buffer, this.later.buffer] }
      const shape = { slots: SLOTS, layout: SLOT, status: STATUS, chunk: CHUNK, told: TOLD, awake: AWAKE }
      const workerData: ThreadData = { addon: this.addon, keccak, thread, ...shared, ...shape }
      const worker = new Worker(SOURCE, { eval: true, workerData, execArgv: [] })
      worker.unref()
      worker.on('message', () => this.told())
      // What is thrown in a thread ends it, too.
      worker.on('error', (error) => {
        cause = error
      })
      worker.on('exit', () => this.ended(cause))
      return worker
    })
  }

  /**
   * Nobody can tell what a thread that ended had in hand, nor write into memory that another may still write into. So all end, and
   * this thread does what is left.
   */
  private ended(cause: unknown): void {
    this.running -= 1
    if (!this.over) {
      process.emitWarning(
        `SLOW PATH: a thread that recovers signers ended, the main thread does its work: ${cause ?? 'no reason given'}`,
      )
      void this.close()
    }
    if (this.running > 0) return
    for (const ring of [this.now, this.later]) ring.finishAll()
  }
}

/**
 * Threads for recovering signers, one less than the machine has cores. Rejects nothing: when a thread dies, the calling thread does
 * the work from then on. Throws when the native addon is missing.
 */
export function createRecoverPool(threads: number = Math.max(1, availableParallelism() - 1)): RecoverPool {
  const addon = createRequire(import.meta.url).resolve('secp256k1/bindings.js')
  createRequire(import.meta.url)(addon)
  return new Pool(addon, threads)
}

let shared: Exec | undefined

/** The pool of this process, started when it is first needed. Without the native addon the calling thread does the work. */
export const pooledExec: Exec = {
  recoverBatch(jobs, options) {
    shared ??= openShared()
    return shared.recoverBatch(jobs, options)
  },
  hurry(answers) {
    shared?.hurry?.(answers)
  },
}

function openShared(): Exec {
  try {
    return createRecoverPool()
  } catch {
    // `installEngines` has warned of the missing addon already.
    return { recoverBatch: async (jobs) => jobs.map(inline) }
  }
}
