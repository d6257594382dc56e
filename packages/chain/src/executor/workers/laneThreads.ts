import { Worker } from 'node:worker_threads'
import type { LaneBytes, LaneEntries, LaneOrder, Lanes, OpenLane } from '#executor'
import { type StateReader, sharedTreeMemory } from '#kernel'
import type { Hash } from '#primitives'
import {
  ANSWER,
  ANSWERED,
  AWAITED,
  createLaneMemory,
  DONE,
  GIVEN,
  type LaneMemory,
  OPEN,
  readAnswer,
  SLEEPS,
} from './laneMemory.ts'
import type { LaneMessage, LaneTask } from './messages.ts'

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

/** A thread that sleeps is woken for so many calls: being woken takes as long as some of them, and on a busy machine the caller's turn. */
const CALLS_PER_WAKE = 16
/** A thread that is about to be done is waited for on the spot: until a message is read, a hundred calls could be executed. */
const MEET_MS = 2

interface Waiting {
  readonly id: number
  readonly resolve: (answer: LaneEntries) => void
  readonly reject: (error: Error) => void
  timer: ReturnType<typeof setTimeout> | undefined
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

/** For a thread that cannot take a block after all. */
const nobody = (reason: string): OpenLane => ({
  memory: { calls: new Uint8Array(0), steps: new Uint8Array(0) },
  give: () => undefined,
  done: () => 0,
  close: () => undefined,
  answer: () => Promise.reject(new Error(reason)),
})

class LaneThread {
  isReady = false
  isBroken = false
  readonly begun: Promise<void>
  private readonly worker: Worker
  private readonly lane: LaneMemory
  private readonly memory: LaneBytes
  private readonly words: Int32Array
  /** A thread has one block at a time. */
  private waiting: Waiting | undefined
  private readonly options: ThreadOptions
  private next = 0

  constructor(options: ThreadOptions, workerData: unknown, lane: LaneMemory) {
    this.options = options
    this.lane = lane
    // Nobody but this thread and the lane's knows this memory, and what stands in it is published by atomic operations.
    this.memory = { calls: new Uint8Array(lane.calls), steps: new Uint8Array(lane.steps) } as never
    this.words = new Int32Array(lane.words)
    const { program } = options
    this.worker = new Worker(program.url, { workerData, execArgv: [...(program.execArgv ?? [])] })
    this.worker.unref()
    this.begun = new Promise((resolve) => {
      this.worker.on('message', (message: LaneMessage) => {
        if (message.kind === 'ready') {
          this.isReady = true
          resolve()
        } else this.settle(message)
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

  get isIdle(): boolean {
    return this.isReady && !this.isBroken && this.waiting === undefined
  }

  open(era: Hash, { env, mode, parentState }: LaneOrder): OpenLane {
    const tree = treeOf(parentState)
    if (tree === undefined || !this.isIdle) return nobody('the thread cannot take this')
    const { words } = this
    const id = this.next++
    const answered = new Promise<LaneEntries>((resolve, reject) => {
      this.waiting = { id, resolve, reject, timer: undefined, era, held: parentState }
    })
    // It may fail before it is asked for.
    answered.catch(() => undefined)
    Atomics.store(words, GIVEN, 0)
    Atomics.store(words, DONE, 0)
    Atomics.store(words, ANSWER, OPEN)
    this.worker.ref()
    this.worker.postMessage({ id, era, env, mode, tree } satisfies LaneTask)
    let end = 0
    let unseen = 0
    const wake = (): void => {
      unseen = 0
      if (Atomics.load(words, SLEEPS) === 1) Atomics.notify(words, GIVEN)
    }
    return {
      memory: this.memory,
      give: (to) => {
        end = to
        Atomics.store(words, GIVEN, end * 2)
        unseen += 1
        if (unseen >= CALLS_PER_WAKE) wake()
      },
      done: () => Atomics.load(words, DONE),
      close: () => {
        Atomics.store(words, GIVEN, end * 2 + 1)
        wake()
      },
      answer: (expectedUs) => {
        if (this.waiting?.id === id && this.meet()) this.settle({ kind: 'done', id })
        else this.limit(id, expectedUs)
        return answered
      },
    }
  }

  async close(): Promise<void> {
    this.isBroken = true
    this.giveUp('the thread was ended')
    await this.worker.terminate()
  }

  /** False where the thread takes longer: it sends a message then. */
  private meet(): boolean {
    const { words } = this
    Atomics.wait(words, ANSWER, OPEN, MEET_MS)
    return Atomics.compareExchange(words, ANSWER, OPEN, AWAITED) === ANSWERED
  }

  /** From now on the thread has so much time. */
  private limit(id: number, expectedUs: number): void {
    const { waiting } = this
    if (waiting?.id !== id) return
    const patience = (this.options.patienceMs ?? PATIENCE_MS) + (PATIENCE_TIMES * expectedUs) / 1000
    // The caller was busy with its own part: an answer that has come meanwhile is read before anybody is given up.
    const late = (): void => this.fail(`the thread did not answer within ${patience.toFixed(0)} ms`)
    waiting.timer = setTimeout(() => setImmediate(() => this.waiting === waiting && late()), patience)
  }

  private settle(message: Exclude<LaneMessage, { kind: 'ready' }>): void {
    const found = this.waiting
    if (found?.id !== message.id) return
    this.forget()
    if (message.kind === 'done') found.resolve(readAnswer(this.lane))
    else if (message.kind === 'failed') found.reject(new Error(message.reason))
    else {
      this.options.onLack(found.era)
      found.reject(new Error('the thread lacks the contracts'))
    }
  }

  private fail(reason: string): void {
    if (this.isBroken) return
    this.isBroken = true
    this.giveUp(reason)
    this.options.onFailure?.(reason)
    // What it is doing is of no use any more.
    this.worker.terminate().catch(() => undefined)
  }

  private giveUp(reason: string): void {
    const { waiting } = this
    this.forget()
    waiting?.reject(new Error(reason))
  }

  private forget(): void {
    clearTimeout(this.waiting?.timer)
    this.waiting = undefined
    // A thread without work must not keep the process alive.
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
        return this.idle().length
      },
      // Those that were opened before are not idle any more.
      open: (_, order) => this.idle()[0]?.open(era, order) ?? nobody('no such thread'),
    }
  }

  ready(): number {
    return this.threads.filter(({ isReady, isBroken }) => isReady && !isBroken).length
  }

  async start(): Promise<void> {
    this.fill()
    await Promise.all(this.threads.map(({ begun }) => begun))
  }

  async close(): Promise<void> {
    this.isClosed = true
    await Promise.all(this.threads.map((thread) => thread.close()))
  }

  private idle(): LaneThread[] {
    return this.threads.filter(({ isIdle }) => isIdle)
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
      const lane = createLaneMemory()
      const made = new LaneThread({ ...this.options, onFailure: counted, onLack }, { memory, lane, setup }, lane)
      this.threads.push(made)
    }
  }
}

/** Threads that begin when the first block is worth it. What a thread that died or is slow had in hand is executed by the caller. */
export function createLaneThreads(options: LaneThreadsOptions): LaneThreads {
  return new Threads(options)
}
