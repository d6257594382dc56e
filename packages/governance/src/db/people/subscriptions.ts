import { type Address, type AlertKind, type AlertSubscriptionView, alertKinds } from '#domain'
import { type Database, inTransaction } from '../database.ts'
import { toAddress } from '../reads/convert.ts'
import type { Actor } from './sessions.ts'

export interface SubscriptionRow {
  readonly id: string
  readonly channelId: string
  readonly owner: Address
  readonly delegate: Address
  readonly kinds: readonly AlertKind[]
  readonly missedInRow: number
  readonly fromSlot: bigint
  readonly fromHeight: bigint
  readonly createdAtMs: number
}

interface Stored {
  id: string
  channel_id: string
  owner: string
  delegate: string
  kinds: string[]
  missed_in_row: number
  from_slot: string
  from_height: string
  created_at_ms: string
}

const rowOf = (row: Stored): SubscriptionRow => ({
  id: row.id,
  channelId: row.channel_id,
  owner: toAddress(row.owner),
  delegate: toAddress(row.delegate),
  kinds: alertKinds.filter((kind) => row.kinds.includes(kind)),
  missedInRow: row.missed_in_row,
  fromSlot: BigInt(row.from_slot),
  fromHeight: BigInt(row.from_height),
  createdAtMs: Number(row.created_at_ms),
})

export const subscriptionView = (row: SubscriptionRow, delegateName: string | undefined): AlertSubscriptionView => ({
  id: row.id,
  channelId: row.channelId,
  delegate: row.delegate,
  kinds: row.kinds,
  missedInRow: row.missedInRow,
  createdAtMs: row.createdAtMs,
  ...(delegateName === undefined ? {} : { delegateName }),
})

export async function listSubscriptions({ pool }: Database, actor: Actor): Promise<SubscriptionRow[]> {
  const { rows } = await pool.query<Stored>(
    'SELECT * FROM "alert_subscriptions" WHERE owner = $1 ORDER BY created_at_ms, id',
    [actor.address],
  )
  return rows.map(rowOf)
}

/** For the search for alerts: everybody's wishes that lead to a channel in use, oldest first. */
export async function listWishes({ pool }: Database, limit: number): Promise<SubscriptionRow[]> {
  const { rows } = await pool.query<Stored>(
    `SELECT s.* FROM "alert_subscriptions" s JOIN "alert_channels" c ON c.id = s.channel_id AND c.state = 'active'
     ORDER BY s.created_at_ms, s.id LIMIT $1`,
    [limit],
  )
  return rows.map(rowOf)
}

export interface NewSubscription extends Omit<SubscriptionRow, 'owner' | 'createdAtMs'> {
  readonly nowMs: number
  readonly max: number
}

/** Adds or changes what is told about a delegate on an own channel; the channel is checked here again to be the actor's. */
export function putSubscription(
  { pool }: Database,
  actor: Actor,
  row: NewSubscription,
): Promise<'done' | 'full' | 'notFound'> {
  const { id, channelId, delegate, kinds, missedInRow, fromSlot, fromHeight, nowMs, max } = row
  return inTransaction(pool, async (client) => {
    await client.query('SELECT pg_advisory_xact_lock(hashtext($1))', [actor.address])
    const owned = await client.query(
      `SELECT 1 FROM "alert_channels" WHERE id = $1 AND owner = $2 AND state <> 'removed'`,
      [channelId, actor.address],
    )
    if (owned.rowCount !== 1) return 'notFound'
    const others = await client.query<{ count: string }>(
      'SELECT count(*) FROM "alert_subscriptions" WHERE owner = $1 AND NOT (channel_id = $2 AND delegate = $3)',
      [actor.address, channelId, delegate],
    )
    if (Number(others.rows[0]?.count ?? 0) >= max) return 'full'
    await client.query(
      `INSERT INTO "alert_subscriptions" (id, channel_id, owner, delegate, kinds, missed_in_row, from_slot, from_height, created_at_ms)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       ON CONFLICT (channel_id, delegate) DO UPDATE SET kinds = EXCLUDED.kinds, missed_in_row = EXCLUDED.missed_in_row,
         from_slot = EXCLUDED.from_slot, from_height = EXCLUDED.from_height`,
      [id, channelId, actor.address, delegate, kinds, missedInRow, fromSlot, fromHeight, nowMs],
    )
    return 'done'
  })
}

export async function removeSubscription({ pool }: Database, actor: Actor, id: string): Promise<boolean> {
  const { rowCount } = await pool.query('DELETE FROM "alert_subscriptions" WHERE id = $1 AND owner = $2', [
    id,
    actor.address,
  ])
  return rowCount === 1
}
