import { WebSocket } from 'ws'
import { createChecker } from '#check'
import { createDatabase, migrate } from '#db'
import { createRpcSource, type IndexerLogger, runIndexer } from '#indexer'
import { jobDefinitions } from '#jobs/definitions'
import { runJob } from '#jobs/handlers'
import { createBullQueue } from '#jobs/queue'
import type { WorkerSettings } from './env.ts'
import { createOutbox } from './outbox.ts'

export interface Worker {
  /** Resolves when the last step and the last job have ended and all connections are closed. */
  stop(): Promise<void>
}

/** Lines of JSON on standard output. */
export function createConsoleLogger(): IndexerLogger {
  const write =
    (level: string) =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}): void => {
      process.stdout.write(`${JSON.stringify({ level, time: Date.now(), room: 'worker', message, ...fields })}\n`)
    }
  return { info: write('info'), warn: write('warn') }
}

/** Brings the database up to date, then indexes and runs jobs until stopped. Several workers may run: one writes, the others stand by. */
export async function startWorker(settings: WorkerSettings & { readonly logger?: IndexerLogger }): Promise<Worker> {
  const logger = settings.logger ?? createConsoleLogger()
  const applied = await migrate({ url: settings.databaseUrl })
  if (applied.length > 0) logger.info('migrations were applied', { applied })
  const database = createDatabase({ url: settings.databaseUrl })
  const source = createRpcSource({ url: settings.rpcUrl, WebSocket })
  const indexer = runIndexer({ database, source, logger })
  const queue = createBullQueue({
    ...settings,
    onError: (error) => logger.warn('the job queue complains', { error: error.message }),
  })
  const outbox = createOutbox(settings, queue)
  const context = { database, source, now: () => Date.now(), outbox, checker: createChecker() }
  await queue.start(jobDefinitions, async (id, item) => {
    const outcome = await runJob(id, context, item)
    if (id !== 'findAlerts' && outcome !== 'nothing to check') logger.info('job done', { job: id, outcome })
    return outcome
  })
  logger.info('worker started', {
    rpcUrl: settings.rpcUrl,
    queue: settings.redisUrl === undefined ? 'postgresql' : 'redis',
  })
  return {
    stop: async () => {
      await indexer.stop()
      await queue.close()
      outbox.close()
      await database.close()
    },
  }
}
