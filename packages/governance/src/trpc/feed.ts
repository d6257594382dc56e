import pg from 'pg'
import { INDEX_CHANNEL, type IndexSignal } from '#db'

const RECONNECT_MS = 1_000

/** Tells whoever listens that the index moved; one database connection for any number of listeners. */
export interface LiveFeed {
  /** Answers how to stop. The first listener opens the connection. */
  listen(handler: (signal: IndexSignal | undefined) => void): () => void
  close(): Promise<void>
}

/** `handler` gets undefined after a lost connection: signals may have been missed, so read again. */
export function createLiveFeed(options: { databaseUrl: string }): LiveFeed {
  const handlers = new Set<(signal: IndexSignal | undefined) => void>()
  let client: pg.Client | undefined
  let retry: NodeJS.Timeout | undefined
  let isClosed = false

  const tell = (signal: IndexSignal | undefined): void => {
    for (const handler of handlers) handler(signal)
  }

  async function open(): Promise<void> {
    const next = new pg.Client({ connectionString: options.databaseUrl })
    client = next
    next.on('notification', ({ payload }) => {
      if (payload !== undefined) tell(JSON.parse(payload) as IndexSignal)
    })
    next.on('error', () => lose(next))
    next.on('end', () => lose(next))
    try {
      await next.connect()
      await next.query(`LISTEN ${INDEX_CHANNEL}`)
      tell(undefined)
    } catch {
      lose(next)
    }
  }

  function lose(lost: pg.Client): void {
    if (client !== lost || isClosed) return
    client = undefined
    lost.end().catch(() => undefined)
    retry = setTimeout(() => void open(), RECONNECT_MS)
  }

  return {
    listen: (handler) => {
      handlers.add(handler)
      if (client === undefined && retry === undefined && !isClosed) void open()
      return () => handlers.delete(handler)
    },
    close: async () => {
      isClosed = true
      clearTimeout(retry)
      await client?.end().catch(() => undefined)
    },
  }
}
