import { Worker } from 'node:worker_threads'
import type { LaneOrder, Lanes } from '#executor'
import { type StateReader, sharedTreeMemory } from '#kernel'
import type { Bytes, Hash } from '#primitives'
import type { LaneAnswer, LaneTask } from './messages.ts'

export interface LaneThreadsOptions {
  /** Most threads; zero for none. */
  readonly count: number
  /** The program of a thread, which ends up in `serveLanes`, and what Node needs to run it. */
  readonly program: { readonly url: URL; readonly execArgv?: readonly string[] }
  /** Given to the program beside the memory of the state trees, as `setup`. */
  readonly setup: unknown
  /** How long a thread may take beyond four times what is expected of it; one second when left out. */
  readonly patienceMs?: number
  /** A thread that failed, and why. */
  onFailure?(reason: string): void
}

/** Threads that execute parts of blocks. */
export interface LaneThreads {
  readonly count: number
  /** The threads for blocks of one collection. */
  lanes(era: Hash): Lanes
  /** Threads that can take work. */
  ready(): number
  /** Resolves when all threads have said that they can begin, or failed. */
  start(): Promise<void>
  close(): Promise<void>
}

/** A thread is given so many times what its part is expected to take, and the time a busy machine may need on top. */
const PATIENCE_TIMES = 4
const PATIENCE_MS = 1_000
/** Threads that are begun anew after they failed; from then on the node executes alone. */
const MAX_FAILURES = 5
/** After so many blocks for whose collection a thread lacked the contracts, blocks of it are executed alone. */
const MAX_LACKS = 3

interface Waiting {
  readonly resolve: (bytes: Bytes) => void
  readonly reject: (error: Error) => void
  readonly timer: ReturnType<typeof setTimeout>
  readonly era: Hash
  /** The tree must not be given back while it is read. */
  readonly held: StateReader
}

/** Number of a tree's top node, where a state is a tree in the memory that threads share. */
function treeOf(state: StateReader): number | undefined {
  const { index } = state as { readonly index?: unknown }
  return typeof index === 'number' ? index : undefined
}

interface ThreadOptions extends LaneThreadsOptions {
  /** The thread has no contracts of this collection. */
  onLack(era: Hash): void
}

class LaneThread {
  isReady = false
  isBroken = false
  readonly begun: Promise<void>
  private readonly worker: Worker
  private readonly waiting = new Map<number, Waiting>()
  private readonly options: ThreadOptions
  private next = 0

  constructor(options: ThreadOptions, workerData: unknown) {
    this.options = options
    const { program } = options
    this.worker = new Worker(program.url, { workerData, execArgv: [...(program.execArgv ?? [])] })
    this.worker.unref()
    this.begun = new Promise((resolve) => {
      this.worker.on('message', (answer: LaneAnswer) => {
        if (answer.kind === 'ready') {
          this.isReady = true
          resolve()
        } else this.settle(answer)
      })
      this.worker.on('error', (error) => {
        this.fail(error.message)
        resolve()
      })
      this.worker.on('exit', () => {
        this.fail('the thread has ended')
        resolve()
      })
    })
  }

  run(era: Hash, { env, mode, parentState, calls, expectedUs }: LaneOrder): Promise<Bytes> {
    const tree = treeOf(parentState)
    if (tree === undefined || this.isBroken) return Promise.reject(new Error('the thread cannot take this'))
    const id = this.next++
    return new Promise((resolve, reject) => {
      const patience = (this.options.patienceMs ?? PATIENCE_MS) + (PATIENCE_TIMES * expectedUs) / 1000
      // The caller was busy with its own part: an answer that has come meanwhile is read before anybody is given up.
      const late = (): void => this.fail(`the thread did not answer within ${patience.toFixed(0)} ms`)
      const timer = setTimeout(() => setImmediate(() => this.waiting.has(id) && late()), patience)
      this.waiting.set(id, { resolve, reject, timer, era, held: parentState })
      this.worker.ref()
      const task: LaneTask = { id, era, env, mode, tree, calls }
      this.worker.postMessage(task, [calls.buffer as ArrayBuffer])
    })
  }

  async close(): Promise<void> {
    this.isBroken = true
    this.rejectAll('the thread was ended')
    await this.worker.terminate()
  }

  private settle(answer: Exclude<LaneAnswer, { kind: 'ready' }>): void {
    const found = this.waiting.get(answer.id)
    if (found === undefined) return
    this.waiting.delete(answer.id)
    clearTimeout(found.timer)
    // A thread without work must not keep the process alive.
    if (this.waiting.size === 0) this.worker.unref()
    if (answer.kind === 'done') found.resolve(answer.bytes)
    else if (answer.kind === 'failed') found.reject(new Error(answer.reason))
    else {
      this.options.onLack(found.era)
      found.reject(new Error('the thread lacks the contracts'))
    }
  }

  private fail(reason: string): void {
    if (this.isBroken) return
    this.isBroken = true
    this.rejectAll(reason)
    this.options.onFailure?.(reason)
    // What it is doing is of no use any more.
    this.worker.terminate().catch(() => undefined)
  }

  private rejectAll(reason: string): void {
    for (const { reject, timer } of this.waiting.values()) {
      clearTimeout(timer)
      reject(new Error(reason))
    }
    this.waiting.clear()
    this.worker.unref()
  }
}

class Threads implements LaneThreads {
  readonly count: number
  private readonly options: LaneThreadsOptions
  private threads: LaneThread[] = []
  private failures = 0
  private readonly lacks = new Map<Hash, number>()
  private isClosed = false

  constructor(options: LaneThreadsOptions) {
    this.options = options
    this.count = options.count
  }

  lanes(era: Hash): Lanes {
    return {
      ready: (state) => {
        if (treeOf(state) === undefined || (this.lacks.get(era) ?? 0) >= MAX_LACKS) return 0
        // The first block that is worth it is executed alone, while threads begin.
        this.fill()
        return this.ready()
      },
      run: (lane, order) => {
        const thread = this.working()[lane]
        return thread === undefined ? Promise.reject(new Error('no such thread')) : thread.run(era, order)
      },
    }
  }

  ready(): number {
    return this.working().length
  }

  async start(): Promise<void> {
    this.fill()
    await Promise.all(this.threads.map(({ begun }) => begun))
  }

  async close(): Promise<void> {
    this.isClosed = true
    await Promise.all(this.threads.map((thread) => thread.close()))
  }

  private working(): LaneThread[] {
    return this.threads.filter(({ isReady, isBroken }) => isReady && !isBroken)
  }

  private fill(): void {
    this.threads = this.threads.filter(({ isBroken }) => !isBroken)
    const memory = sharedTreeMemory()
    if (this.isClosed || memory === undefined || this.failures >= MAX_FAILURES) return
    const { count, setup, onFailure } = this.options
    const counted = (reason: string): void => {
      this.failures += 1
      onFailure?.(reason)
    }
    while (this.threads.length < count) {
      const onLack = (era: Hash): void => void this.lacks.set(era, 1 + (this.lacks.get(era) ?? 0))
      this.threads.push(new LaneThread({ ...this.options, onFailure: counted, onLack }, { memory, setup }))
    }
  }
}

/** Threads that begin when the first block is worth it. What a thread that died or is slow had in hand is executed by the caller. */
export function createLaneThreads(options: LaneThreadsOptions): LaneThreads {
  return new Threads(options)
}
