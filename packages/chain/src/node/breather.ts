import { performance } from 'node:perf_hooks'

/**
 * Lets the event loop have a turn between the steps of a block, so that a large one keeps callers waiting for one step only. Whatever
 * waits then takes no more than a third of the time, since a block has to be there in time: after a turn it has twice as long to itself.
 */
export function createBreather(): () => Promise<void> {
  let next = 0
  return async () => {
    const began = performance.now()
    if (began < next) return
    await new Promise((resolve) => setImmediate(resolve))
    const ended = performance.now()
    next = ended + 2 * (ended - began)
  }
}
