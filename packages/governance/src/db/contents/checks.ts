import type { ArchiveCheckView, ArchiveReport, Hash, QueueView } from '#domain'
import { type Database, inTransaction } from '../database.ts'
import { insertContent } from './contents.ts'

interface Stored {
  archive_hash: string
  state: string
  attempts: number
  asked_at_ms: string
  finished_at_ms: string | null
  report: ArchiveReport | null
}

/** Has an archive that is here looked at, once; false when it is not here. */
export async function askForCheck({ pool }: Database, archiveHash: Hash, nowMs: number): Promise<boolean> {
  const { rows } = await pool.query(
    `WITH asked AS (
       INSERT INTO "archive_checks" (archive_hash, state, attempts, asked_at_ms, claimed_until_ms)
       SELECT hash, 'waiting', 0, $2, 0 FROM "contents" WHERE hash = $1
       ON CONFLICT (archive_hash) DO NOTHING)
     SELECT 1 FROM "contents" WHERE hash = $1`,
    [archiveHash, nowMs],
  )
  return rows.length > 0
}

/** Has every archive that a proposal names and that is here looked at. */
export async function askForProposed({ pool }: Database, nowMs: number): Promise<void> {
  await pool.query(
    `INSERT INTO "archive_checks" (archive_hash, state, attempts, asked_at_ms, claimed_until_ms)
     SELECT DISTINCT c.hash, 'waiting', 0, $1::bigint, 0 FROM "contents" c JOIN "proposals" p ON p.archive_hash = c.hash
     ON CONFLICT (archive_hash) DO NOTHING`,
    [nowMs],
  )
}

export async function findCheck({ pool }: Database, archiveHash: Hash): Promise<ArchiveCheckView | undefined> {
  const { rows } = await pool.query<Stored>('SELECT * FROM "archive_checks" WHERE archive_hash = $1', [archiveHash])
  const row = rows[0]
  if (row === undefined) return undefined
  return {
    archiveHash,
    // Written by this file only, with these words.
    state: row.state as ArchiveCheckView['state'],
    askedAtMs: Number(row.asked_at_ms),
    ...(row.finished_at_ms === null ? {} : { finishedAtMs: Number(row.finished_at_ms) }),
    ...(row.report === null ? {} : { report: row.report }),
  }
}

/** Takes the check that waits longest; one that another worker holds is left to it until its time is over. */
export async function claimCheck(
  { pool }: Database,
  claim: { nowMs: number; holdMs: number },
): Promise<{ archiveHash: Hash; attempts: number } | undefined> {
  const { rows } = await pool.query<{ archive_hash: Hash; attempts: number }>(
    `UPDATE "archive_checks" SET claimed_until_ms = $1::bigint + $2::bigint, attempts = attempts + 1
     WHERE archive_hash = (
       SELECT archive_hash FROM "archive_checks" WHERE state = 'waiting' AND claimed_until_ms <= $1
       ORDER BY asked_at_ms, archive_hash LIMIT 1 FOR UPDATE SKIP LOCKED)
     RETURNING archive_hash, attempts`,
    [claim.nowMs, claim.holdMs],
  )
  const row = rows[0]
  return row === undefined ? undefined : { archiveHash: row.archive_hash, attempts: row.attempts }
}

/** Puts a check that did not come to an end back in the line. */
export async function releaseCheck({ pool }: Database, archiveHash: Hash): Promise<void> {
  await pool.query(`UPDATE "archive_checks" SET claimed_until_ms = 0 WHERE archive_hash = $1 AND state = 'waiting'`, [
    archiveHash,
  ])
}

export interface CheckOutcome {
  readonly archiveHash: Hash
  readonly report: ArchiveReport
  readonly bundle?: { readonly hash: Hash; readonly bytes: Uint8Array } | undefined
  readonly nowMs: number
}

/** Keeps a report and the bundle it speaks of, both or none. The first report stands. */
export function settleCheck({ pool }: Database, outcome: CheckOutcome): Promise<void> {
  const { archiveHash, report, bundle, nowMs } = outcome
  return inTransaction(pool, async (client) => {
    const { rowCount } = await client.query(
      `UPDATE "archive_checks" SET state = 'done', finished_at_ms = $2, bundle_hash = $3, report = $4
       WHERE archive_hash = $1 AND state = 'waiting'`,
      [archiveHash, nowMs, bundle?.hash ?? null, JSON.stringify(report)],
    )
    if (rowCount === 1 && bundle !== undefined) await insertContent(client, { ...bundle, nowMs })
  })
}

/** The proposed archive that gives a bundle, when it is kept. */
export async function archiveOfBundle({ pool }: Database, bundleHash: Hash): Promise<Hash | undefined> {
  const { rows } = await pool.query<{ archive_hash: Hash }>(
    `SELECT c.archive_hash FROM "archive_checks" c JOIN "proposals" p ON p.archive_hash = c.archive_hash
     WHERE c.bundle_hash = $1 ORDER BY p.submitted_order LIMIT 1`,
    [bundleHash],
  )
  return rows[0]?.archive_hash
}

/** Checks as people see queues: those that came to no report after three attempts have failed. */
export async function countChecks({ pool }: Database, nowMs: number): Promise<QueueView> {
  const { rows } = await pool.query<Record<'waiting' | 'active' | 'failed' | 'completed', number>>(
    `SELECT count(*) FILTER (WHERE state = 'waiting' AND claimed_until_ms <= $1)::int AS waiting,
       count(*) FILTER (WHERE state = 'waiting' AND claimed_until_ms > $1)::int AS active,
       count(*) FILTER (WHERE report #>> '{outcome,code}' LIKE 'check.%')::int AS failed,
       count(*) FILTER (WHERE state = 'done')::int AS completed
     FROM "archive_checks"`,
    [nowMs],
  )
  const { waiting = 0, active = 0, failed = 0, completed = 0 } = rows[0] ?? {}
  return { name: 'archives', waiting, active, delayed: 0, failed, completed: completed - failed }
}
