import pg from 'pg'
import type { Database } from '#db'
import { createIndexer, type IndexerLogger } from './indexer.ts'
import type { ChainSource } from './sources/source.ts'

/** Whoever holds this lock writes the index; other workers stand by. */
const WRITER_LOCK = 7_210_432
const STANDBY_MS = 1_000
const RETRY_FIRST_MS = 250
const RETRY_LONGEST_MS = 5_000

export interface RunOptions {
  readonly database: Database
  readonly source: ChainSource
  readonly logger: IndexerLogger
}

export interface RunningIndexer {
  /** Resolves when the current step has ended and nothing more is written. */
  stop(): Promise<void>
}

/** Keeps the index at the node's head until stopped: backfills, then follows; errors are logged and retried with growing pauses. */
export function runIndexer(options: RunOptions): RunningIndexer {
  const stopping = new AbortController()
  const bell = createBell(stopping.signal)
  const unwatch = options.source.watch(bell.ring)
  const ended = keepRunning(options, stopping.signal, bell).catch((error: unknown) => {
    options.logger.warn('the indexer ended', { error: String(error) })
  })
  return {
    stop: async () => {
      stopping.abort()
      unwatch()
      await ended
    },
  }
}

interface Bell {
  ring(): void
  /** Resolves at the next ring since the last wait, or when time is up. */
  wait(ms: number): Promise<void>
}

function createBell(signal: AbortSignal): Bell {
  let rung = false
  let awake: (() => void) | undefined
  const ring = (): void => {
    rung = true
    awake?.()
  }
  signal.addEventListener('abort', ring)
  return {
    ring,
    wait: (ms) =>
      new Promise((resolve) => {
        const finish = (): void => {
          clearTimeout(timer)
          awake = undefined
          rung = signal.aborted
          resolve()
        }
        const timer = setTimeout(finish, ms)
        awake = finish
        if (rung) finish()
      }),
  }
}

async function keepRunning(options: RunOptions, signal: AbortSignal, bell: Bell): Promise<void> {
  while (!signal.aborted) {
    const lock = await holdWriterLock(options.database, signal, bell)
    if (lock === undefined) return
    await writeWhileHeld(options, lock, { signal, bell })
    await lock.release()
  }
}

async function writeWhileHeld(
  { database, source, logger }: RunOptions,
  lock: WriterLock,
  { signal, bell }: { signal: AbortSignal; bell: Bell },
): Promise<void> {
  const indexer = createIndexer({ database, source, logger })
  let pauseMs = RETRY_FIRST_MS
  let lastError = ''
  while (!signal.aborted) {
    if (lock.isLost()) {
      logger.warn('the connection that made this worker the only writer was lost')
      return
    }
    try {
      const result = await indexer.step()
      if (lastError !== '') logger.info('indexing goes on')
      lastError = ''
      pauseMs = RETRY_FIRST_MS
      if (result.kind === 'idle') await bell.wait(RETRY_LONGEST_MS)
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error)
      if (text !== lastError) logger.warn('indexing failed and is tried again', { error: text })
      lastError = text
      await database.pool.query('UPDATE "checkpoints" SET last_error = $1', [text]).catch(() => undefined)
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
      pauseMs = Math.min(pauseMs * 2, RETRY_LONGEST_MS)
    }
  }
}

interface WriterLock {
  isLost(): boolean
  release(): Promise<void>
}

/** The lock lives as long as its connection, so a killed worker frees it by itself. */
async function holdWriterLock(database: Database, signal: AbortSignal, bell: Bell): Promise<WriterLock | undefined> {
  while (!signal.aborted) {
    const client = new pg.Client({ connectionString: database.url })
    let isLost = false
    client.on('error', () => {
      isLost = true
    })
    client.on('end', () => {
      isLost = true
    })
    try {
      await client.connect()
      const { rows } = await client.query<{ held: boolean }>('SELECT pg_try_advisory_lock($1) AS held', [WRITER_LOCK])
      if (rows[0]?.held === true) return { isLost: () => isLost, release: () => client.end() }
    } catch {
      // The database is starting or away: the next try will tell.
    }
    await client.end().catch(() => undefined)
    await bell.wait(STANDBY_MS)
  }
  return undefined
}
