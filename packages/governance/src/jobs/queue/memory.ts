import type { JobDefinition, JobId } from '#jobs/definitions'
import type { JobQueue, JobTicket, RunJob } from './port.ts'

/** Keeps no schedule and no history: jobs run when they are enqueued, one after another. For tests. */
export function createMemoryQueue(): JobQueue {
  let run: RunJob | undefined
  let tail: Promise<unknown> = Promise.resolve()
  let completed = 0
  let failed = 0
  return {
    start: async (_definitions: readonly JobDefinition[], runner) => {
      run = runner
    },
    enqueue: async (id: JobId, ticket?: JobTicket) => {
      tail = tail
        .then(() => run?.(id, ticket?.item))
        .then(
          () => {
            completed += 1
          },
          () => {
            failed += 1
          },
        )
      await tail
    },
    counts: async () => [{ name: 'memory', waiting: 0, active: 0, delayed: 0, failed, completed }],
    close: async () => {
      await tail
    },
  }
}
