import type { MessagePort } from 'node:worker_threads'
import type { Registry } from '#contracts/runtime'
import { serveLane } from '#executor'
import { openTreeReader, type TreeMemory } from '#kernel'
import type { Hash } from '#primitives'
import type { LaneAnswer, LaneTask } from './messages.ts'

export interface LaneServerOptions {
  /** State trees of the process. */
  readonly memory: TreeMemory
  /** Contracts of a collection; undefined when this thread cannot have them. */
  registryOf(era: Hash): Registry | undefined
}

/** Executes parts of blocks in a thread, for `createLaneThreads`. */
export function serveLanes(port: MessagePort, { memory, registryOf }: LaneServerOptions): void {
  const trees = openTreeReader(memory)
  const answer = (given: LaneAnswer): void => {
    port.postMessage(given, given.kind === 'done' ? [given.bytes.buffer as ArrayBuffer] : [])
  }
  port.on('message', ({ id, era, env, mode, tree, calls }: LaneTask) => {
    try {
      const registry = registryOf(era)
      if (registry === undefined) {
        answer({ kind: 'lacks', id })
        return
      }
      const parentState = trees.at(tree)
      const bytes = serveLane(registry, { env, mode, parentState, calls }, () => performance.now() * 1000)
      answer({ kind: 'done', id, bytes })
    } catch (error) {
      // The block is executed without this thread: nothing is lost, and nothing here is in a state of its own.
      answer({ kind: 'failed', id, reason: error instanceof Error ? error.message : String(error) })
    }
  })
  answer({ kind: 'ready' })
}
