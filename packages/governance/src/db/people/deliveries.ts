import { type Address, type AlertDeliveryView, type AlertEvent, type AlertKind, alertKinds } from '#domain'
import type { Database } from '../database.ts'
import type { Actor } from './sessions.ts'

export interface DeliveryRow {
  readonly id: string
  readonly channelId: string
  readonly owner: Address
  /** Names the news; the same news has the same key. */
  readonly eventKey: string
  readonly kind: AlertKind | 'confirm'
  readonly title: string
  readonly detail: string
  readonly delegate: Address | null
  readonly height: bigint
  readonly state: AlertDeliveryView['state']
  readonly attempts: number
  readonly lastError: string | null
  readonly createdAtMs: number
  readonly finishedAtMs: number | null
}

interface Stored {
  id: string
  channel_id: string
  owner: string
  event_key: string
  kind: string
  title: string
  detail: string
  delegate: string | null
  height: string
  state: string
  attempts: number
  last_error: string | null
  created_at_ms: string
  finished_at_ms: string | null
}

const rowOf = (row: Stored): DeliveryRow => ({
  id: row.id,
  channelId: row.channel_id,
  owner: row.owner as Address,
  eventKey: row.event_key,
  kind: alertKinds.find((kind) => kind === row.kind) ?? 'confirm',
  title: row.title,
  detail: row.detail,
  delegate: row.delegate as Address | null,
  height: BigInt(row.height),
  state: row.state as DeliveryRow['state'],
  attempts: row.attempts,
  lastError: row.last_error,
  createdAtMs: Number(row.created_at_ms),
  finishedAtMs: row.finished_at_ms === null ? null : Number(row.finished_at_ms),
})

export const deliveryView = (row: DeliveryRow): AlertDeliveryView => ({
  id: row.id,
  channelId: row.channelId,
  kind: row.kind,
  title: row.title,
  detail: row.detail,
  state: row.state,
  attempts: row.attempts,
  createdAtMs: row.createdAtMs,
  ...(row.lastError === null ? {} : { lastError: row.lastError }),
  ...(row.finishedAtMs === null ? {} : { finishedAtMs: row.finishedAtMs }),
})

export async function listDeliveries({ pool }: Database, actor: Actor, limit: number): Promise<DeliveryRow[]> {
  const { rows } = await pool.query<Stored>(
    'SELECT * FROM "alert_deliveries" WHERE owner = $1 ORDER BY created_at_ms DESC, id LIMIT $2',
    [actor.address, limit],
  )
  return rows.map(rowOf)
}

export interface NewDelivery extends Omit<AlertEvent, 'kind'> {
  readonly id: string
  readonly channelId: string
  readonly kind: AlertKind | 'confirm'
  readonly delegate: Address | null
  readonly height: bigint
  readonly nowMs: number
}

/**
 * Writes news that is not written yet; the owner is that of the channel. A channel gets `perHour` at most: further news in
 * that time is dropped, since whoever is flooded reads nothing. Answers whether the row is new.
 */
export async function addDelivery({ pool }: Database, row: NewDelivery, limit: { perHour: number }): Promise<boolean> {
  const { rowCount } = await pool.query(
    `INSERT INTO "alert_deliveries" (id, channel_id, owner, event_key, kind, title, detail, delegate, height, state, attempts, created_at_ms, claimed_until_ms)
     SELECT $1, c.id, c.owner, $3, $4, $5, $6, $7, $8, 'pending', 0, $9, 0 FROM "alert_channels" c
     WHERE c.id = $2 AND (SELECT count(*) FROM "alert_deliveries" d WHERE d.channel_id = c.id AND d.created_at_ms > $10) < $11
     ON CONFLICT (channel_id, event_key) DO NOTHING`,
    [
      row.id,
      row.channelId,
      row.key,
      row.kind,
      row.title,
      row.detail,
      row.delegate,
      row.height,
      row.nowMs,
      row.nowMs - 3_600_000,
      limit.perHour,
    ],
  )
  return rowCount === 1
}

/** Messages that wait and that nobody holds: new ones, those whose pause is over, and those whose worker died. */
export async function waitingDeliveries(
  { pool }: Database,
  query: { nowMs: number; limit: number },
): Promise<{ id: string; attempts: number }[]> {
  const { rows } = await pool.query<{ id: string; attempts: number }>(
    `SELECT id, attempts FROM "alert_deliveries" WHERE state = 'pending' AND claimed_until_ms <= $1 ORDER BY created_at_ms LIMIT $2`,
    [query.nowMs, query.limit],
  )
  return rows
}

/** Takes one attempt for this worker; undefined when it was sent, given up or is in other hands. */
export async function claimDelivery(
  { pool }: Database,
  query: { id: string; nowMs: number; holdMs: number },
): Promise<DeliveryRow | undefined> {
  const { rows } = await pool.query<Stored>(
    `UPDATE "alert_deliveries" SET attempts = attempts + 1, claimed_until_ms = $3
     WHERE id = $1 AND state = 'pending' AND claimed_until_ms <= $2 RETURNING *`,
    [query.id, query.nowMs, query.nowMs + query.holdMs],
  )
  return rows[0] === undefined ? undefined : rowOf(rows[0])
}

export interface DeliveryOutcome {
  readonly id: string
  readonly state: DeliveryRow['state']
  readonly nowMs: number
  readonly error?: string
  /** For a message that waits: not before this. */
  readonly againAtMs?: number
}

export async function settleDelivery({ pool }: Database, outcome: DeliveryOutcome): Promise<void> {
  const { id, state, nowMs, error, againAtMs } = outcome
  await pool.query(
    `UPDATE "alert_deliveries" SET state = $2, last_error = $3, claimed_until_ms = $4, finished_at_ms = $5 WHERE id = $1 AND state = 'pending'`,
    [id, state, error ?? null, againAtMs ?? 0, state === 'pending' ? null : nowMs],
  )
}

/** Gives an own message that was given up its attempts back. */
export async function reviveDelivery({ pool }: Database, actor: Actor, id: string): Promise<boolean> {
  const { rowCount } = await pool.query(
    `UPDATE "alert_deliveries" SET state = 'pending', attempts = 0, claimed_until_ms = 0, finished_at_ms = NULL
     WHERE id = $1 AND owner = $2 AND state = 'dead'`,
    [id, actor.address],
  )
  return rowCount === 1
}

/** Deletes messages that ended before; answers how many. */
export async function pruneDeliveries({ pool }: Database, beforeMs: number): Promise<number> {
  const { rowCount } = await pool.query(
    `DELETE FROM "alert_deliveries" WHERE state <> 'pending' AND created_at_ms < $1`,
    [beforeMs],
  )
  return rowCount ?? 0
}
