import type { Database } from '../database.ts'

export interface Watch {
  readonly value: string
  /** When the value became this. */
  readonly sinceMs: number
}

/** What was seen under these names when alerts were last looked for. */
export async function readWatches({ pool }: Database, names: readonly string[]): Promise<ReadonlyMap<string, Watch>> {
  const { rows } = await pool.query<{ name: string; value: string; since_ms: string }>(
    'SELECT * FROM "alert_watches" WHERE name = ANY($1)',
    [names],
  )
  return new Map(rows.map((row) => [row.name, { value: row.value, sinceMs: Number(row.since_ms) }]))
}

/** Remembers a value; its moment stays while the value stays. */
export async function writeWatch(
  { pool }: Database,
  watch: { name: string; value: string; nowMs: number },
): Promise<void> {
  await pool.query(
    `INSERT INTO "alert_watches" (name, value, since_ms) VALUES ($1, $2, $3)
     ON CONFLICT (name) DO UPDATE SET value = EXCLUDED.value, since_ms = EXCLUDED.since_ms WHERE "alert_watches".value <> EXCLUDED.value`,
    [watch.name, watch.value, watch.nowMs],
  )
}

/** Forgets all watches of a kind but these. */
export async function dropWatchesExcept(
  { pool }: Database,
  kept: { prefix: string; names: readonly string[] },
): Promise<void> {
  await pool.query('DELETE FROM "alert_watches" WHERE starts_with(name, $1) AND name <> ALL($2)', [
    kept.prefix,
    kept.names,
  ])
}
