import type pg from 'pg'
import type { Hash } from '#domain'
import { type Database, inTransaction } from '../database.ts'

/** What nothing on the chain names is kept this long; so is what the index does not name while it is built anew. */
export const UNNAMED_KEPT_MS = 86_400_000
/** Room for what nothing names; the oldest of it goes first. */
export const UNNAMED_MAX_BYTES: number = 256 * 1024 * 1024

/** Every hash a proposal or a review on the chain stands for. */
const NAMED = `
  SELECT text_hash AS hash FROM "proposals"
  UNION SELECT archive_hash FROM "proposals"
  UNION SELECT bundle_hash FROM "proposals" WHERE bundle_hash IS NOT NULL
  UNION SELECT review_hash FROM "proposal_events" WHERE review_hash IS NOT NULL
  UNION SELECT c.bundle_hash FROM "archive_checks" c JOIN "proposals" p ON p.archive_hash = c.archive_hash WHERE c.bundle_hash IS NOT NULL`

interface NewContent {
  readonly hash: Hash
  readonly bytes: Uint8Array
  readonly nowMs: number
  /** Room for what nothing names. */
  readonly unnamedMax?: number
}

/** Whether the chain names a hash now or did within a day: an index that is being built anew forgets nothing. */
export async function isNamed({ pool }: Database, hash: Hash, nowMs: number): Promise<boolean> {
  const { rows } = await pool.query<{ named: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM "contents" WHERE hash = $1 AND named_at_ms > $2)
         OR EXISTS (SELECT 1 FROM (${NAMED}) n WHERE n.hash = $1) AS named`,
    [hash, nowMs - UNNAMED_KEPT_MS],
  )
  return rows[0]?.named === true
}

/** Keeps bytes under their hash, which the caller has checked. What is there already stays as it is. */
export function putContent({ pool }: Database, content: NewContent): Promise<void> {
  return inTransaction(pool, (client) => insertContent(client, content))
}

export async function insertContent(client: pg.PoolClient, content: NewContent): Promise<void> {
  const { hash, bytes, nowMs, unnamedMax = UNNAMED_MAX_BYTES } = content
  await client.query(
    `INSERT INTO "contents" (hash, bytes, size, stored_at_ms, named_at_ms)
     SELECT $1, $2, $3, $4::bigint, CASE WHEN EXISTS (SELECT 1 FROM (${NAMED}) n WHERE n.hash = $1) THEN $4::bigint END
     ON CONFLICT (hash) DO NOTHING`,
    [hash, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), bytes.byteLength, nowMs],
  )
  // Counted from the newest on: whatever does not fit any more goes.
  await client.query(
    `DELETE FROM "contents" WHERE hash IN (
       SELECT hash FROM (
         SELECT hash, sum(size) OVER (ORDER BY stored_at_ms DESC, hash) AS filled FROM "contents"
         WHERE (named_at_ms IS NULL OR named_at_ms < $1) AND hash NOT IN (SELECT hash FROM (${NAMED}) n)
       ) u WHERE filled > $2)`,
    [nowMs - UNNAMED_KEPT_MS, unnamedMax],
  )
}

export async function findContent({ pool }: Database, hash: Hash): Promise<Uint8Array | undefined> {
  const { rows } = await pool.query<{ bytes: Buffer }>('SELECT bytes FROM "contents" WHERE hash = $1', [hash])
  return rows[0]?.bytes
}

/** Those of the hashes whose content is here. */
export async function keptOf({ pool }: Database, hashes: readonly Hash[]): Promise<Hash[]> {
  const { rows } = await pool.query<{ hash: Hash }>('SELECT hash FROM "contents" WHERE hash = ANY($1)', [hashes])
  return rows.map(({ hash }) => hash)
}

/** Notes what is named now, and removes what nothing has named for a day. Only with an index that is up to date. */
export async function pruneContents({ pool }: Database, nowMs: number): Promise<number> {
  await pool.query(`UPDATE "contents" SET named_at_ms = $1 WHERE hash IN (SELECT hash FROM (${NAMED}) n)`, [nowMs])
  const { rowCount } = await pool.query(
    `DELETE FROM "contents" WHERE stored_at_ms < $1 AND (named_at_ms IS NULL OR named_at_ms < $1)`,
    [nowMs - UNNAMED_KEPT_MS],
  )
  return rowCount ?? 0
}
