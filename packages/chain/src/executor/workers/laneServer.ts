import type { MessagePort } from 'node:worker_threads'
import type { Registry } from '#contracts/runtime'
import { LaneWork } from '#executor'
import { openTreeReader, type TreeMemory } from '#kernel'
import type { Hash } from '#primitives'
import { DONE, GIVEN, type LaneMemory, type LaneMessage, type LaneTask, SLEEPS } from './messages.ts'

export interface LaneServerOptions {
  /** State trees of the process. */
  readonly memory: TreeMemory
  /** Where the calls for this thread stand. */
  readonly lane: LaneMemory
  /** Contracts of a collection; undefined when this thread cannot have them. */
  registryOf(era: Hash): Registry | undefined
}

/** Executes calls as they come, until there are no more. */
function work(part: LaneWork, words: Int32Array): void {
  let done = 0
  for (;;) {
    const given = Atomics.load(words, GIVEN)
    for (const end = given >> 1; part.at < end; ) {
      part.next()
      done += 1
      Atomics.store(words, DONE, done)
    }
    if ((given & 1) === 1) return
    if (Atomics.load(words, GIVEN) !== given) continue
    Atomics.store(words, SLEEPS, 1)
    // Whoever gives a call after this has changed the word before it is looked at, or sees that this thread sleeps.
    Atomics.wait(words, GIVEN, given)
    Atomics.store(words, SLEEPS, 0)
    part.resume()
  }
}

/** Executes parts of blocks in a thread, for `createLaneThreads`. */
export function serveLanes(port: MessagePort, { memory, lane, registryOf }: LaneServerOptions): void {
  const trees = openTreeReader(memory)
  const calls = new Uint8Array(lane.calls)
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
      const part = new LaneWork(registry, order, { memory: calls, nowUs: () => performance.now() * 1000 })
      work(part, words)
      const answer = part.finish()
      const moved = [answer.steps, answer.entries, answer.keys].map(({ buffer }) => buffer as ArrayBuffer)
      port.postMessage({ kind: 'done', id, answer } satisfies LaneMessage, moved)
    } catch (error) {
      // The block is executed without this thread: nothing is lost, and nothing here is in a state of its own.
      say({ kind: 'failed', id, reason: error instanceof Error ? error.message : String(error) })
    }
  })
  say({ kind: 'ready' })
}
