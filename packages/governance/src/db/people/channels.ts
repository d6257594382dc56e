import type { Address, AlertChannelView } from '#domain'
import { type Database, inTransaction } from '../database.ts'
import type { Actor } from './sessions.ts'

/** What the sender needs to know of a channel; its secret leaves the server only when it is made. */
export interface ChannelRow {
  readonly id: string
  readonly owner: Address
  readonly kind: 'webhook' | 'email'
  readonly target: string
  readonly secret: string
  readonly state: AlertChannelView['state']
  readonly confirmNonce: string | null
  readonly confirmSentMs: number | null
  readonly createdAtMs: number
}

interface Stored {
  id: string
  owner: string
  kind: string
  target: string
  secret: string
  state: string
  confirm_nonce: string | null
  confirm_sent_ms: string | null
  created_at_ms: string
}

// Written by this file only, with these words.
const rowOf = (row: Stored): ChannelRow => ({
  id: row.id,
  owner: row.owner as Address,
  kind: row.kind as ChannelRow['kind'],
  target: row.target,
  secret: row.secret,
  state: row.state as ChannelRow['state'],
  confirmNonce: row.confirm_nonce,
  confirmSentMs: row.confirm_sent_ms === null ? null : Number(row.confirm_sent_ms),
  createdAtMs: Number(row.created_at_ms),
})

export const channelView = ({ id, kind, target, state, createdAtMs }: ChannelRow): AlertChannelView => ({
  id,
  kind,
  target,
  state,
  createdAtMs,
})

export async function listChannels({ pool }: Database, actor: Actor): Promise<ChannelRow[]> {
  const { rows } = await pool.query<Stored>(
    `SELECT * FROM "alert_channels" WHERE owner = $1 AND state <> 'removed' ORDER BY created_at_ms, id`,
    [actor.address],
  )
  return rows.map(rowOf)
}

/** For the sender, which acts for nobody. */
export async function findChannel({ pool }: Database, id: string): Promise<ChannelRow | undefined> {
  const { rows } = await pool.query<Stored>(`SELECT * FROM "alert_channels" WHERE id = $1 AND state <> 'removed'`, [id])
  return rows[0] === undefined ? undefined : rowOf(rows[0])
}

export interface NewChannel {
  readonly id: string
  readonly kind: ChannelRow['kind']
  readonly target: string
  readonly secret: string
  readonly confirmNonce: string | null
  readonly nowMs: number
  readonly max: number
}

/** False when the owner has as many as allowed; two requests at once are counted one after the other. */
export function addChannel({ pool }: Database, actor: Actor, channel: NewChannel): Promise<boolean> {
  const { id, kind, target, secret, confirmNonce, nowMs, max } = channel
  return inTransaction(pool, async (client) => {
    await client.query('SELECT pg_advisory_xact_lock(hashtext($1))', [actor.address])
    const { rowCount } = await client.query(
      `INSERT INTO "alert_channels" (id, owner, kind, target, secret, state, confirm_nonce, confirm_sent_ms, created_at_ms)
       SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9
       WHERE (SELECT count(*) FROM "alert_channels" WHERE owner = $2 AND state <> 'removed') < $10`,
      [
        id,
        actor.address,
        kind,
        target,
        secret,
        confirmNonce === null ? 'active' : 'unconfirmed',
        confirmNonce,
        confirmNonce === null ? null : nowMs,
        nowMs,
        max,
      ],
    )
    return rowCount === 1
  })
}

/** How often this address was asked to confirm lately, by anybody: nobody's mailbox is to be filled from here. */
export async function countConfirmations(
  { pool }: Database,
  query: { target: string; owner: Address; sinceMs: number },
): Promise<number> {
  const { rows } = await pool.query<{ count: string }>(
    `SELECT count(*) FROM "alert_channels" WHERE kind = 'email' AND (lower(target) = lower($1) OR owner = $2) AND confirm_sent_ms > $3`,
    [query.target, query.owner, query.sinceMs],
  )
  return Number(rows[0]?.count ?? 0)
}

/**
 * Removes an own channel with its subscriptions; false when it is not the actor's. The row stays for a day without its
 * secret: removing and adding again must not reset how often a mailbox was written to.
 */
export function removeChannel({ pool }: Database, actor: Actor, id: string): Promise<boolean> {
  return inTransaction(pool, async (client) => {
    const { rowCount } = await client.query(
      `UPDATE "alert_channels" SET state = 'removed', secret = '', confirm_nonce = NULL
       WHERE id = $1 AND owner = $2 AND state <> 'removed'`,
      [id, actor.address],
    )
    if (rowCount !== 1) return false
    await client.query('DELETE FROM "alert_subscriptions" WHERE channel_id = $1', [id])
    await client.query(
      `UPDATE "alert_deliveries" SET state = 'dead', last_error = 'The channel was removed' WHERE channel_id = $1 AND state = 'pending'`,
      [id],
    )
    return true
  })
}

/** Forgets channels that were removed before; answers how many. */
export async function pruneChannels({ pool }: Database, beforeMs: number): Promise<number> {
  const { rowCount } = await pool.query(
    `DELETE FROM "alert_channels" WHERE state = 'removed' AND greatest(created_at_ms, coalesce(confirm_sent_ms, 0)) < $1`,
    [beforeMs],
  )
  return rowCount ?? 0
}

/** The link in the mail was followed; true for exactly one use of it. */
export async function confirmChannel(
  { pool }: Database,
  query: { id: string; nonce: string; sinceMs: number },
): Promise<boolean> {
  const { rowCount } = await pool.query(
    `UPDATE "alert_channels" SET state = 'active', confirm_nonce = NULL
     WHERE id = $1 AND confirm_nonce = $2 AND state = 'unconfirmed' AND confirm_sent_ms > $3`,
    [query.id, query.nonce, query.sinceMs],
  )
  return rowCount === 1
}

/** Nothing more goes to this channel; whoever holds the link from a mail may say so. */
export async function stopChannel({ pool }: Database, id: string): Promise<boolean> {
  const { rowCount } = await pool.query(
    `UPDATE "alert_channels" SET state = 'stopped', confirm_nonce = NULL WHERE id = $1 AND state <> 'removed'`,
    [id],
  )
  return rowCount === 1
}
