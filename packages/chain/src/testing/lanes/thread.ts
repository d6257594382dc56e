import { parentPort, workerData } from 'node:worker_threads'
import { type LaneServerOptions, serveLanes } from '#executor/workers'
import { createLaneRegistry } from './world.ts'

/** What a thread is to do. */
interface Setup {
  /** Hash as the node does. Left out: the portable code, which is there at once. */
  readonly engines?: boolean
  /** Ends at this task, counted from one. */
  readonly dieAt?: number
  /** Answers nothing from this task on. */
  readonly sleepAt?: number
  /** Knows no contracts. */
  readonly blank?: boolean
}

const { memory, lane, setup } = workerData as Pick<LaneServerOptions, 'memory' | 'lane'> & { readonly setup: Setup }
if (setup.engines === true) {
  const { createLogger, installEngines } = await import('#node')
  installEngines(createLogger('silent'))
}
const registry = createLaneRegistry()
let tasks = 0

if (parentPort !== null) {
  serveLanes(parentPort, {
    memory,
    lane,
    registryOf() {
      tasks += 1
      if (tasks === setup.dieAt) process.exit(1)
      if (tasks === setup.sleepAt) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5_000)
      return setup.blank === true ? undefined : registry
    },
  })
}
