import type { MessagePort } from 'node:worker_threads'
import type { Registry } from '#contracts/runtime'
import { LaneWork } from '#executor'
import { openTreeReader, type TreeMemory } from '#kernel'
import type { Hash } from '#primitives'
import { ANSWER, ANSWERED, AWAITED, DONE, GIVEN, type LaneMemory, SLEEPS, writeAnswer } from './laneMemory.ts'
import type { LaneMessage, LaneTask } from './messages.ts'

export interface LaneServerOptions {
  /** State trees of the process. */
  readonly memory: TreeMemory
  /** Where the calls for this thread stand. */
  readonly lane: LaneMemory
  /** Contracts of a collection; undefined when this thread cannot have them. */
  registryOf(era: Hash): Registry | undefined
}

/** Calls after which the caller is told how many are done. To write a word that another thread reads takes a twentieth of a short call. */
const CALLS_PER_WORD = 16

/** Executes calls as they come, until there are no more. */
function work(part: LaneWork, words: Int32Array): void {
  let done = 0
  const onDone = (): void => {
    done += 1
    if (done % CALLS_PER_WORD === 0) Atomics.store(words, DONE, done)
  }
  for (;;) {
    const given = Atomics.load(words, GIVEN)
    part.run(given >> 1, onDone)
    Atomics.store(words, DONE, done)
    if ((given & 1) === 1) return
    if (Atomics.load(words, GIVEN) !== given) continue
    Atomics.store(words, SLEEPS, 1)
    // Whoever gives a call after this has changed the word before it is looked at, or sees that this thread sleeps.
    Atomics.wait(words, GIVEN, given)
    Atomics.store(words, SLEEPS, 0)
  }
}

/** Executes parts of blocks in a thread, for `createLaneThreads`. */
export function serveLanes(port: MessagePort, { memory, lane, registryOf }: LaneServerOptions): void {
  const trees = openTreeReader(memory)
  const bytes = { calls: new Uint8Array(lane.calls), steps: new Uint8Array(lane.steps) }
  const words = new Int32Array(lane.words)
  const say = (message: LaneMessage): void => port.postMessage(message)
  port.on('message', ({ id, era, env, mode, tree }: LaneTask) => {
    try {
      const registry = registryOf(era)
      if (registry === undefined) {
        say({ kind: 'lacks', id })
        return
      }
      const order = { env, mode, parentState: trees.at(tree) }
      const part = new LaneWork(registry, order, { ...bytes, nowUs: () => performance.now() * 1000 })
      work(part, words)
      writeAnswer(lane, part.finish())
      // From here on the memory is the caller's.
      if (Atomics.exchange(words, ANSWER, ANSWERED) === AWAITED) say({ kind: 'done', id })
      else Atomics.notify(words, ANSWER)
    } catch (error) {
      // The block is executed without this thread: nothing is lost, and nothing here is in a state of its own.
      say({ kind: 'failed', id, reason: error instanceof Error ? error.message : String(error) })
    }
  })
  say({ kind: 'ready' })
}
