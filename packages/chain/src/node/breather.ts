import { performance } from 'node:perf_hooks'

/**
 * Lets the event loop have a turn between the steps of a block, so that a large one keeps callers waiting for one step only. Whatever
 * waits then takes no more than half of the time: after a turn the block has at least as long to itself.
 */
export function createBreather(): () => Promise<void> {
  let next = 0
  return async () => {
    const began = performance.now()
    if (began < next) return
    await new Promise((resolve) => setImmediate(resolve))
    const ended = performance.now()
    next = ended + (ended - began)
  }
}
