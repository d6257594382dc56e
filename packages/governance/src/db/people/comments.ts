import type { Address, Hash, TalkView } from '#domain'
import { type Database, inTransaction } from '../database.ts'
import { toAddress } from '../reads/convert.ts'
import type { Actor } from './sessions.ts'

/** More than anybody reads; beyond it a proposal takes no more. */
const COMMENTS_MAX = 1_000
const REPLIES_MAX = 30
/** Of one account, about all proposals together. */
const PER_HOUR = 10
const HOUR_MS = 3_600_000

export interface CommentRow {
  readonly id: number
  readonly author: Address
  readonly text: string
  readonly createdAtMs: number
  readonly editedAtMs: number | undefined
  readonly withdrawn: boolean
}

export interface ThreadRow extends CommentRow {
  readonly replies: readonly CommentRow[]
}

interface Stored {
  id: string
  parent_id: string | null
  author: string
  text: string
  created_at_ms: string
  edited_at_ms: string | null
  withdrawn_at_ms: string | null
}

const rowOf = (row: Stored): CommentRow => ({
  id: Number(row.id),
  author: toAddress(row.author),
  text: row.text,
  createdAtMs: Number(row.created_at_ms),
  editedAtMs: row.edited_at_ms === null ? undefined : Number(row.edited_at_ms),
  withdrawn: row.withdrawn_at_ms !== null,
})

/** One that was taken back is shown while an answer to it stands. */
const SHOWN = `(c.withdrawn_at_ms IS NULL OR EXISTS (
  SELECT 1 FROM "comments" r WHERE r.proposal_id = c.proposal_id AND r.parent_id = c.id AND r.withdrawn_at_ms IS NULL))`

/** Threads newest first, below one that is known, each with its answers, oldest first. */
export async function listThreads(
  { pool }: Database,
  query: { readonly proposalId: Hash; readonly below: bigint | undefined; readonly limit: number },
): Promise<ThreadRow[]> {
  const { proposalId, below, limit } = query
  const { rows: threads } = await pool.query<Stored>(
    `SELECT c.* FROM "comments" c WHERE c.proposal_id = $1 AND c.parent_id IS NULL AND ($2::bigint IS NULL OR c.id < $2) AND ${SHOWN}
     ORDER BY c.id DESC LIMIT $3`,
    [proposalId, below ?? null, limit],
  )
  const { rows: replies } = await pool.query<Stored>(
    `SELECT * FROM "comments" WHERE proposal_id = $1 AND parent_id = ANY($2) AND withdrawn_at_ms IS NULL ORDER BY id`,
    [proposalId, threads.map(({ id }) => id)],
  )
  return threads.map((thread) => ({
    ...rowOf(thread),
    replies: replies.filter((reply) => reply.parent_id === thread.id).map(rowOf),
  }))
}

/** The thread that a comment of a proposal belongs to; undefined when there is no such comment. */
export async function threadOf({ pool }: Database, proposalId: Hash, id: number): Promise<bigint | undefined> {
  const { rows } = await pool.query<{ thread: string }>(
    'SELECT coalesce(parent_id, id) AS thread FROM "comments" WHERE proposal_id = $1 AND id = $2',
    [proposalId, id],
  )
  return rows[0] === undefined ? undefined : BigInt(rows[0].thread)
}

/** How much is said about each of these proposals, and when last; those about which nothing is said are left out. */
export async function talkAbout({ pool }: Database, proposals: readonly Hash[]): Promise<ReadonlyMap<Hash, TalkView>> {
  if (proposals.length === 0) return new Map()
  const { rows } = await pool.query<{ proposal_id: string; comments: string; newest: string }>(
    `SELECT proposal_id, count(*) AS comments, max(greatest(created_at_ms, coalesce(edited_at_ms, 0))) AS newest
     FROM "comments" WHERE proposal_id = ANY($1) AND withdrawn_at_ms IS NULL GROUP BY proposal_id`,
    [proposals],
  )
  return new Map(
    rows.map((row) => [row.proposal_id as Hash, { comments: Number(row.comments), newestAtMs: Number(row.newest) }]),
  )
}

export interface NewComment {
  readonly proposalId: Hash
  readonly replyTo: number | undefined
  readonly text: string
  readonly nowMs: number
}

/** Adds a comment of the actor; its number, or why not. An answer goes to a comment of the same proposal that is no answer itself. */
export function addComment(
  { pool }: Database,
  actor: Actor,
  { proposalId, replyTo, text, nowMs }: NewComment,
): Promise<number | 'often' | 'full' | 'notFound'> {
  return inTransaction(pool, async (client) => {
    // Two requests at once are counted one after the other.
    for (const name of [actor.address, proposalId])
      await client.query('SELECT pg_advisory_xact_lock(hashtext($1))', [name])
    const countOf = async (where: string, values: readonly unknown[]): Promise<number> => {
      const { rows } = await client.query<{ count: string }>(`SELECT count(*) FROM "comments" WHERE ${where}`, [
        ...values,
      ])
      return Number(rows[0]?.count ?? 0)
    }
    if ((await countOf('author = $1 AND created_at_ms > $2', [actor.address, nowMs - HOUR_MS])) >= PER_HOUR)
      return 'often'
    if ((await countOf('proposal_id = $1', [proposalId])) >= COMMENTS_MAX) return 'full'
    if (replyTo !== undefined) {
      const open = 'proposal_id = $1 AND id = $2 AND parent_id IS NULL AND withdrawn_at_ms IS NULL'
      if ((await countOf(open, [proposalId, replyTo])) !== 1) return 'notFound'
      if ((await countOf('proposal_id = $1 AND parent_id = $2', [proposalId, replyTo])) >= REPLIES_MAX) return 'full'
    }
    const { rows } = await client.query<{ id: string }>(
      'INSERT INTO "comments" (proposal_id, parent_id, author, text, created_at_ms) VALUES ($1, $2, $3, $4, $5) RETURNING id',
      [proposalId, replyTo ?? null, actor.address, text, nowMs],
    )
    return Number(rows[0]?.id)
  })
}

/** Changes a comment of the actor; false when it is not theirs, or was taken back. */
export async function editComment(
  { pool }: Database,
  actor: Actor,
  { id, text, nowMs }: { readonly id: number; readonly text: string; readonly nowMs: number },
): Promise<boolean> {
  const { rowCount } = await pool.query(
    'UPDATE "comments" SET text = $3, edited_at_ms = $4 WHERE id = $1 AND author = $2 AND withdrawn_at_ms IS NULL',
    [id, actor.address, text, nowMs],
  )
  return rowCount === 1
}

/** Takes a comment of the actor back: its text is gone, answers to it stay. False as above. */
export async function withdrawComment(
  { pool }: Database,
  actor: Actor,
  { id, nowMs }: { readonly id: number; readonly nowMs: number },
): Promise<boolean> {
  const { rowCount } = await pool.query(
    `UPDATE "comments" SET text = '', withdrawn_at_ms = $3 WHERE id = $1 AND author = $2 AND withdrawn_at_ms IS NULL`,
    [id, actor.address, nowMs],
  )
  return rowCount === 1
}
