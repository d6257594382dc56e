import { createPostgresBackend, type Job, Queue as RedisQueue, Worker as RedisWorker, withBackend } from 'bullmq'
import type { QueueView } from '#domain'
import type { JobDefinition, JobId } from '#jobs/definitions'
import type { JobQueue, JobTicket, RunJob } from './port.ts'

const QUEUE_NAME = 'governance'
const RETRY_PAUSE_MS = 2_000
const KEPT_COMPLETED = 50
const KEPT_FAILED = 200
/** Jobs at work at once: one slow receiver must not hold up the audits. */
const CONCURRENCY = 4

export interface BullQueueOptions {
  readonly databaseUrl: string
  /** Jobs wait in Redis when given, in PostgreSQL otherwise. */
  readonly redisUrl?: string | undefined
  readonly onError?: (error: Error) => void
}

interface Classes {
  readonly openQueue: () => QueueLike
  readonly openWorker: (run: (job: Pick<Job, 'name' | 'data'>) => Promise<string>) => WorkerLike
}

/** The part of both kinds that is used, so that the rest of this file does not care which one it is. */
interface QueueLike {
  on(event: 'error', handler: (error: Error) => void): unknown
  upsertJobScheduler(id: string, repeat: { every: number }, template: { name: string; opts: object }): Promise<unknown>
  getJobSchedulers(start: number, end: number): Promise<{ key: string }[]>
  removeJobScheduler(id: string): Promise<unknown>
  add(name: string, data: object, options: object): Promise<unknown>
  getJobCounts(...types: ('waiting' | 'active' | 'delayed' | 'failed' | 'completed')[]): Promise<Record<string, number>>
  close(): Promise<void>
}

interface WorkerLike {
  on(event: 'error', handler: (error: Error) => void): unknown
  close(): Promise<void>
}

function createClasses(options: BullQueueOptions): Classes {
  if (options.redisUrl !== undefined) {
    const connection = { url: options.redisUrl, maxRetriesPerRequest: null }
    return {
      openQueue: () => new RedisQueue(QUEUE_NAME, { connection }) as unknown as QueueLike,
      openWorker: (run) =>
        new RedisWorker(QUEUE_NAME, run, { connection, concurrency: CONCURRENCY }) as unknown as WorkerLike,
    }
  }
  const { Queue, Worker } = withBackend(createPostgresBackend)
  const connection = { connectionString: options.databaseUrl, migrate: true }
  return {
    openQueue: () => new Queue(QUEUE_NAME, { connection }) as unknown as QueueLike,
    openWorker: (run) => new Worker(QUEUE_NAME, run, { connection, concurrency: CONCURRENCY }) as unknown as WorkerLike,
  }
}

const optionsOf = (definition: JobDefinition): object => ({
  attempts: definition.retries + 1,
  backoff: { type: 'exponential', delay: RETRY_PAUSE_MS },
  removeOnComplete: KEPT_COMPLETED,
  removeOnFail: KEPT_FAILED,
})

const itemOf = (data: unknown): string | undefined =>
  typeof data === 'object' && data !== null && 'item' in data && typeof data.item === 'string' ? data.item : undefined

/** Jobs in BullMQ, on PostgreSQL by default and on Redis when there is one. Connections open with the first use. */
export function createBullQueue(options: BullQueueOptions): JobQueue {
  const classes = createClasses(options)
  const report = options.onError ?? ((): undefined => undefined)
  let queue: QueueLike | undefined
  let worker: WorkerLike | undefined
  let known = new Map<string, JobDefinition>()
  const opened = (): QueueLike => {
    if (queue !== undefined) return queue
    queue = classes.openQueue()
    queue.on('error', report)
    return queue
  }

  async function start(definitions: readonly JobDefinition[], run: RunJob): Promise<void> {
    known = new Map(definitions.map((definition) => [definition.id, definition]))
    const jobs = opened()
    const isScheduled = (id: string): boolean => known.get(id)?.everyMs !== undefined
    for (const { key } of await jobs.getJobSchedulers(0, -1)) if (!isScheduled(key)) await jobs.removeJobScheduler(key)
    for (const definition of definitions) {
      if (definition.everyMs === undefined) continue
      await jobs.upsertJobScheduler(
        definition.id,
        { every: definition.everyMs },
        { name: definition.id, opts: optionsOf(definition) },
      )
    }
    worker = classes.openWorker(async ({ name, data }) => {
      const definition = known.get(name)
      // A job of another version that still waits is dropped without harm.
      return definition === undefined ? 'unknown job' : run(definition.id, itemOf(data))
    })
    worker.on('error', report)
  }

  return {
    start,
    enqueue: async (id: JobId, ticket?: JobTicket) => {
      const definition = known.get(id)
      const options = definition === undefined ? {} : optionsOf(definition)
      const once = ticket === undefined ? {} : { jobId: ticket.key }
      await opened().add(id, ticket === undefined ? {} : { item: ticket.item }, { ...options, ...once })
    },
    counts: async (): Promise<readonly QueueView[]> => {
      const counts = await opened().getJobCounts('waiting', 'active', 'delayed', 'failed', 'completed')
      const { waiting = 0, active = 0, delayed = 0, failed = 0, completed = 0 } = counts
      return [{ name: QUEUE_NAME, waiting, active, delayed, failed, completed }]
    },
    close: async () => {
      await worker?.close()
      await queue?.close()
    },
  }
}
