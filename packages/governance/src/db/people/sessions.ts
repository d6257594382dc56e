import type { Address } from '#domain'
import type { Database } from '../database.ts'
import { toAddress } from '../reads/convert.ts'

/** Open sign-ins at most; beyond it the oldest numbers make room, so nobody can fill the table. */
const NONCES_MAX = 10_000

/** Somebody whose signature was checked. Every function that reads or changes what belongs to a person takes one, and its rows are theirs only. */
export interface Actor {
  readonly address: Address
}

export async function addNonce(
  { pool }: Database,
  entry: { nonce: string; expiresAtMs: number; nowMs: number },
): Promise<void> {
  await pool.query('DELETE FROM "sign_in_nonces" WHERE expires_at_ms <= $1', [entry.nowMs])
  await pool.query(
    `DELETE FROM "sign_in_nonces" WHERE nonce IN (SELECT nonce FROM "sign_in_nonces" ORDER BY expires_at_ms DESC OFFSET $1)`,
    [NONCES_MAX - 1],
  )
  await pool.query('INSERT INTO "sign_in_nonces" (nonce, expires_at_ms) VALUES ($1, $2)', [
    entry.nonce,
    entry.expiresAtMs,
  ])
}

/** True for exactly one caller, and only in time. */
export async function takeNonce({ pool }: Database, entry: { nonce: string; nowMs: number }): Promise<boolean> {
  const { rows } = await pool.query<{ expires_at_ms: string }>(
    'DELETE FROM "sign_in_nonces" WHERE nonce = $1 RETURNING expires_at_ms',
    [entry.nonce],
  )
  return rows[0] !== undefined && Number(rows[0].expires_at_ms) > entry.nowMs
}

export async function addSession(
  { pool }: Database,
  row: { tokenHash: string; address: Address; nowMs: number },
): Promise<void> {
  await pool.query('INSERT INTO "sessions" (token_hash, address, created_at_ms, seen_at_ms) VALUES ($1, $2, $3, $3)', [
    row.tokenHash,
    row.address,
    row.nowMs,
  ])
}

/** Whose session it is, while it is neither too old nor idle for too long; looking at it keeps it. */
export async function findSession(
  { pool }: Database,
  query: { tokenHash: string; nowMs: number; idleMs: number; absoluteMs: number },
): Promise<Actor | undefined> {
  const { rows } = await pool.query<{ address: string }>(
    `UPDATE "sessions" SET seen_at_ms = $2 WHERE token_hash = $1 AND seen_at_ms > $3 AND created_at_ms > $4 RETURNING address`,
    [query.tokenHash, query.nowMs, query.nowMs - query.idleMs, query.nowMs - query.absoluteMs],
  )
  const [row] = rows
  return row === undefined ? undefined : { address: toAddress(row.address) }
}

export async function endSession({ pool }: Database, tokenHash: string): Promise<void> {
  await pool.query('DELETE FROM "sessions" WHERE token_hash = $1', [tokenHash])
}

/** Deletes what nobody can use any more; answers how many rows. */
export async function pruneSessions({ pool }: Database, query: { nowMs: number; absoluteMs: number }): Promise<number> {
  const nonces = await pool.query('DELETE FROM "sign_in_nonces" WHERE expires_at_ms <= $1', [query.nowMs])
  const sessions = await pool.query('DELETE FROM "sessions" WHERE created_at_ms <= $1', [
    query.nowMs - query.absoluteMs,
  ])
  return (nonces.rowCount ?? 0) + (sessions.rowCount ?? 0)
}
