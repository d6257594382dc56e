import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import {
  type Address,
  type Bytes,
  type Exec,
  isCanonicalSignature,
  publicKeyToAddress,
  type RecoverJob,
  type RecoverOptions,
  recoverAddress,
} from '#primitives'

/** In the shared buffer: digest 32, r ‖ s 64, recovery 1; then, written by the thread, found 1 and x ‖ y 64. */
const JOB_BYTES = 162
const KEY_AT = 97
const CAPACITY = 8192
/** Fewer waiting signatures than this are not worth waking a thread for. */
const BREAK_EVEN = 8
/** Signatures of one package that nobody waits for: small, so that what somebody waits for is never far behind. */
const AHEAD_PACKAGE = 256
/** From here on a caller waits for one batch, as in a block: the calling thread does its share of the work. */
const BULK = 64

/** What a thread is told. */
interface Order {
  readonly from: number
  readonly to: number
}

interface Curve {
  ecdsaRecover(signature: Uint8Array, recovery: number, digest: Uint8Array, compressed: boolean): Uint8Array
}

/** Runs in the thread, from its source text: it must not use anything from outside. */
function serve(load: (id: string) => unknown): void {
  const { parentPort, workerData } = load('node:worker_threads') as typeof import('node:worker_threads')
  const { addon, buffer } = workerData as { addon: string; buffer: SharedArrayBuffer }
  const curve = load(addon) as Curve
  const bytes = new Uint8Array(buffer)
  parentPort?.on('message', ({ from, to }: Order) => {
    for (let index = from; index < to; index += 1) {
      // 162 bytes a job, as above.
      const at = index * 162
      const digest = bytes.slice(at, at + 32)
      const signature = bytes.slice(at + 32, at + 96)
      bytes[at + 97] = 0
      try {
        const key = curve.ecdsaRecover(signature, bytes[at + 96] ?? 0, digest, false)
        bytes.set(key.subarray(1), at + 98)
        bytes[at + 97] = 1
      } catch {
        // No public key belongs to the signature.
      }
    }
    parentPort.postMessage(0)
  })
}

interface Task {
  readonly job: RecoverJob
  readonly done: (signer: Address | undefined) => void
}

/** One thread with its memory; takes one package of jobs at a time. */
class Lane {
  private readonly worker: Worker
  private readonly bytes: Bytes
  private tasks: readonly Task[] = []
  broken = false

  constructor(addon: string, idle: () => void) {
    const buffer = new SharedArrayBuffer(CAPACITY * JOB_BYTES)
    // Only this class and its thread see the buffer, and never at the same time.
    this.bytes = new Uint8Array(buffer as unknown as ArrayBuffer)
    this.worker = new Worker(`(${serve.toString()})(require)`, {
      eval: true,
      workerData: { addon, buffer },
      execArgv: [],
    })
    this.worker.unref()
    this.worker.on('message', () => {
      this.settle()
      idle()
    })
    const fail = (): void => {
      if (this.broken) return
      this.broken = true
      const left = this.tasks
      this.tasks = []
      for (const { job, done } of left) done(recoverAddress(job.digest, job.signature))
      idle()
    }
    this.worker.on('error', fail)
    this.worker.on('exit', fail)
  }

  get free(): boolean {
    return !this.broken && this.tasks.length === 0
  }

  take(tasks: readonly Task[]): void {
    this.tasks = tasks
    for (const [index, { job }] of tasks.entries()) {
      const at = index * JOB_BYTES
      this.bytes.set(job.digest, at)
      this.bytes.set(job.signature.subarray(0, 64), at + 32)
      this.bytes[at + 96] = (job.signature[64] ?? 27) - 27
    }
    this.worker.ref()
    this.worker.postMessage({ from: 0, to: tasks.length } satisfies Order)
  }

  async close(): Promise<void> {
    await this.worker.terminate()
  }

  private settle(): void {
    const finished = this.tasks
    this.tasks = []
    // A thread without work must not keep the process alive.
    this.worker.unref()
    for (const [index, { done }] of finished.entries()) {
      const at = index * JOB_BYTES + KEY_AT
      const key = new Uint8Array(65)
      key[0] = 4
      key.set(this.bytes.subarray(at + 1, at + 65), 1)
      done(this.bytes[at] === 1 ? publicKeyToAddress(key) : undefined)
    }
  }
}

/** Threads that recover signers in packages over shared memory. */
export interface RecoverPool extends Exec {
  readonly threads: number
  close(): Promise<void>
}

class Pool implements RecoverPool {
  readonly threads: number
  private readonly addon: string
  private lanes: readonly Lane[] | undefined
  private queue: Task[] = []
  /** What nobody waits for yet. */
  private later: Task[] = []
  private collecting = false
  private closed = false

  constructor(addon: string, threads: number) {
    this.addon = addon
    this.threads = threads
  }

  async recoverBatch(
    jobs: readonly RecoverJob[],
    { ahead = false }: RecoverOptions = {},
  ): Promise<(Address | undefined)[]> {
    if (!this.usable()) return jobs.map(inline)
    if (ahead) return Promise.all(jobs.map((job) => this.ship(job, this.later)))
    // A caller with many jobs waits for all of them anyway, so this thread helps: it takes one share of them.
    const own = jobs.length < BULK ? 0 : Math.floor(jobs.length / (this.threads + 1))
    const shipped = jobs.slice(own).map((job) => this.ship(job, this.queue))
    if (own > 0) this.drain()
    const mine = jobs.slice(0, own).map(inline)
    return [...mine, ...(await Promise.all(shipped))]
  }

  async close(): Promise<void> {
    this.closed = true
    await Promise.all((this.lanes ?? []).map((lane) => lane.close()))
  }

  private usable(): boolean {
    return !this.closed && (this.lanes === undefined || this.lanes.some((lane) => !lane.broken))
  }

  private ship(job: RecoverJob, line: Task[]): Promise<Address | undefined> {
    // Threads get only what has the one accepted form, exactly as `recoverAddress` checks it.
    if (job.digest.length !== 32 || !isCanonicalSignature(job.signature)) return Promise.resolve(undefined)
    return new Promise((done) => {
      line.push({ job, done })
      if (this.collecting) return
      this.collecting = true
      // Calls that come in the same turn of the event loop share a package.
      setImmediate(() => {
        this.collecting = false
        this.drain()
      })
    })
  }

  private drain(): void {
    if (!this.usable()) {
      finish(this.queue)
      finish(this.later)
      return
    }
    if (this.queue.length < BREAK_EVEN) finish(this.queue)
    if (this.queue.length + this.later.length === 0) return
    // A quiet node never starts a thread.
    this.lanes ??= Array.from({ length: this.threads }, () => new Lane(this.addon, () => this.drain()))
    const free = this.lanes.filter((lane) => lane.free)
    for (const [index, lane] of free.entries()) {
      const share = Math.min(CAPACITY, Math.ceil(this.queue.length / (free.length - index)))
      const tasks = share > 0 ? this.queue.splice(0, share) : this.later.splice(0, AHEAD_PACKAGE)
      if (tasks.length > 0) lane.take(tasks)
    }
  }
}

/** Does waiting work here. */
function finish(line: Task[]): void {
  for (const { job, done } of line.splice(0)) done(inline(job))
}

const inline = ({ digest, signature }: RecoverJob): Address | undefined => recoverAddress(digest, signature)

/**
 * Threads for recovering signers, one less than the machine has cores. Rejects nothing: what a thread that died had in hand is
 * done on the calling thread. Throws when the native addon is missing.
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
}

function openShared(): Exec {
  try {
    return createRecoverPool()
  } catch {
    // `installEngines` has warned of the missing addon already.
    return { recoverBatch: async (jobs) => jobs.map(inline) }
  }
}
