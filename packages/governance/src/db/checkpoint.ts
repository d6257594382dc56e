import type pg from 'pg'
import type { Hash } from '#domain'
import { toColumn, toColumns, toJson } from './json.ts'

/** What is indexed, and what the node said about its chain at that moment. */
export interface CheckpointRow {
  genesisHash: Hash
  height: bigint
  hash: Hash
  timeMs: number
  chainHeight: bigint
  prevotedHeight: bigint
  finalizedHeight: bigint
  reorganisations: number
  deepestReorganisation: number
  lastError: string | null
  updatedAtMs: number
}

type Client = Pick<pg.ClientBase, 'query'> | pg.Pool

/** Undefined while nothing was ever indexed. */
export async function readCheckpoint(client: Client): Promise<CheckpointRow | undefined> {
  const { rows } = await client.query<Record<string, string | number | null>>(
    'SELECT * FROM "checkpoints" WHERE id = 1',
  )
  const [row] = rows
  if (row === undefined) return undefined
  const big = (name: string): bigint => BigInt(row[name] ?? 0)
  return {
    genesisHash: String(row['genesis_hash']) as Hash,
    height: big('height'),
    hash: String(row['hash']) as Hash,
    timeMs: Number(row['time_ms']),
    chainHeight: big('chain_height'),
    prevotedHeight: big('prevoted_height'),
    finalizedHeight: big('finalized_height'),
    reorganisations: Number(row['reorganisations']),
    deepestReorganisation: Number(row['deepest_reorganisation']),
    lastError: row['last_error'] === null || row['last_error'] === undefined ? null : String(row['last_error']),
    updatedAtMs: Number(row['updated_at_ms']),
  }
}

export async function writeCheckpoint(client: Pick<pg.ClientBase, 'query'>, row: CheckpointRow): Promise<void> {
  const updates = Object.keys(row)
    .map(toColumn)
    .map((column) => `"${column}" = EXCLUDED."${column}"`)
  await client.query(
    `INSERT INTO "checkpoints" SELECT * FROM jsonb_populate_record(NULL::"checkpoints", $1::jsonb)
     ON CONFLICT (id) DO UPDATE SET ${updates.join(', ')}`,
    [toJson({ ...toColumns(row), id: 1 })],
  )
}
