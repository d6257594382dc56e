import type pg from 'pg'
import { toJson } from './json.ts'

/** PostgreSQL channel on which the indexer says that something changed. */
export const INDEX_CHANNEL: string = 'aelf_index'

/** Sent when the transaction commits, to every process that listens. */
export interface IndexSignal {
  readonly height: string
  readonly hash: string
  readonly finalizedHeight: string
  readonly prevotedHeight: string
  /** Present when blocks were taken back: the height both branches share. */
  readonly commonHeight?: string
}

export async function sendSignal(client: Pick<pg.ClientBase, 'query'>, signal: IndexSignal): Promise<void> {
  await client.query('SELECT pg_notify($1, $2)', [INDEX_CHANNEL, toJson(signal)])
}
