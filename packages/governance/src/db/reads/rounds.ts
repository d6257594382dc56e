import type { ExclusionView, MissView, RoundSlotView, RoundSummary, SlotState, TermSummary } from '#domain'
import type { Database } from '../database.ts'
import type { Round, RoundSlot } from '../generated/client.ts'
import { toAddress, toHash } from './convert.ts'
import { delegateNames } from './names.ts'

/** Finished rounds, newest first. */
export async function listRounds(
  { pool }: Database,
  query: { term?: number | undefined; below?: number | undefined; limit: number },
): Promise<RoundSummary[]> {
  const { rows } = await pool.query<Record<string, string | number | null>>(
    `SELECT r.*, b.first, b.last, b.transactions, (SELECT count(*) FROM "round_slots" s WHERE s.round = r.number) AS slots
     FROM "rounds" r
     LEFT JOIN LATERAL (SELECT min(height) AS first, max(height) AS last, sum(transaction_count) AS transactions
                        FROM "blocks" WHERE round = r.number AND height > 0) b ON true
     WHERE ($1::int IS NULL OR r.term = $1) AND ($2::int IS NULL OR r.number < $2)
     ORDER BY r.number DESC LIMIT $3`,
    [query.term ?? null, query.below ?? null, query.limit],
  )
  return rows.map((row) => ({
    number: Number(row['number']),
    term: Number(row['term']),
    startSlot: BigInt(row['start_slot'] ?? 0),
    startTimeMs: Number(row['start_time_ms']),
    slots: Number(row['slots']),
    produced: Number(row['produced']),
    missed: Number(row['missed']),
    transactions: Number(row['transactions'] ?? 0),
    ...(row['first'] === null ? {} : { firstHeight: BigInt(row['first'] ?? 0) }),
    ...(row['last'] === null ? {} : { lastHeight: BigInt(row['last'] ?? 0) }),
  }))
}

export interface RoundRecord {
  readonly round: Round
  readonly slots: RoundSlotView[]
  readonly excluded: ExclusionView[]
}

const slotStates: readonly SlotState[] = ['produced', 'missed', 'current', 'upcoming', 'skipped']
export const slotStateOf = (text: string): SlotState => slotStates.find((state) => state === text) ?? 'skipped'

function slotOf(row: RoundSlot, names: ReadonlyMap<string, string>): RoundSlotView {
  const producerName = names.get(row.producer)
  return {
    slot: row.slot,
    timeMs: Number(row.timeMs),
    producer: toAddress(row.producer),
    isExtra: row.isExtra,
    state: slotStateOf(row.state),
    ...(producerName === undefined ? {} : { producerName }),
    ...(row.producedHeight === null ? {} : { height: row.producedHeight }),
    ...(row.producedHash === null ? {} : { hash: toHash(row.producedHash) }),
    ...(row.reason === null ? {} : { reason: row.reason }),
  }
}

/** A finished round with its slots. */
export async function findRound({ prisma }: Database, number: number): Promise<RoundRecord | undefined> {
  const [round, slots] = await Promise.all([
    prisma.round.findUnique({ where: { number } }),
    prisma.roundSlot.findMany({ where: { round: number }, orderBy: { slot: 'asc' } }),
  ])
  if (round === null) return undefined
  const names = await delegateNames(
    prisma,
    slots.map((slot) => slot.producer),
  )
  // Written by the indexer with exactly these fields.
  const excluded = (round.excluded as unknown as { address: string; untilMs: number; failures: number }[]).map(
    (entry) => ({
      ...entry,
      address: toAddress(entry.address),
    }),
  )
  return { round, slots: slots.map((slot) => slotOf(slot, names)), excluded }
}

/** Newest missed slots of finished rounds. */
export async function listMisses({ prisma }: Database, limit: number): Promise<MissView[]> {
  const rows = await prisma.roundSlot.findMany({ where: { state: 'missed' }, orderBy: { slot: 'desc' }, take: limit })
  const names = await delegateNames(
    prisma,
    rows.map((row) => row.producer),
  )
  return rows.map((row) => {
    const producerName = names.get(row.producer)
    return {
      slot: row.slot,
      round: row.round,
      timeMs: Number(row.timeMs),
      producer: toAddress(row.producer),
      isExtra: row.isExtra,
      ...(producerName === undefined ? {} : { producerName }),
      ...(row.reason === null ? {} : { reason: row.reason }),
    }
  })
}

/** Missed slots of the newest finished round. */
export async function missedInLastRound({ prisma }: Database): Promise<number> {
  const row = await prisma.round.findFirst({ orderBy: { number: 'desc' }, select: { missed: true } })
  return row?.missed ?? 0
}

/** Newest first; `current` is the term of the indexed head. */
export async function listTerms(
  { pool }: Database,
  query: { below?: number | undefined; limit: number; current: number },
): Promise<TermSummary[]> {
  const { rows } = await pool.query<Record<string, string | number>>(
    `SELECT t.*, (SELECT count(*) FROM "term_producers" p WHERE p.term = t.term) AS producers
     FROM "terms" t WHERE ($1::int IS NULL OR t.term < $1) ORDER BY t.term DESC LIMIT $2`,
    [query.below ?? null, query.limit],
  )
  return rows.map((row) => ({
    term: Number(row['term']),
    startHeight: BigInt(row['start_height'] ?? 0),
    startsAtMs: Number(row['starts_at_ms']),
    endsAtMs: Number(row['ends_at_ms']),
    producers: Number(row['producers']),
    isCurrent: Number(row['term']) === query.current,
  }))
}

export interface TermRecord {
  readonly term: number
  readonly startHeight: bigint
  readonly startsAtMs: number
  readonly endsAtMs: number
  readonly producers: readonly { readonly rank: number; readonly address: string }[]
  readonly blocks: number
  readonly transactions: number
  readonly firstRound?: number
  readonly lastRound?: number
}

/** A term with its producers by rank; the newest when `term` is undefined. */
export async function findTerm({ prisma, pool }: Database, term: number | undefined): Promise<TermRecord | undefined> {
  const row =
    term === undefined
      ? await prisma.term.findFirst({ orderBy: { term: 'desc' } })
      : await prisma.term.findUnique({ where: { term } })
  if (row === null) return undefined
  const [producers, counts] = await Promise.all([
    prisma.termProducer.findMany({
      where: { term: row.term },
      orderBy: { rank: 'asc' },
      select: { rank: true, address: true },
    }),
    pool.query<{ blocks: string; transactions: string | null; first: number | null; last: number | null }>(
      'SELECT count(*) AS blocks, sum(transaction_count) AS transactions, min(round) AS first, max(round) AS last FROM "blocks" WHERE term = $1',
      [row.term],
    ),
  ])
  const [count] = counts.rows
  return {
    term: row.term,
    startHeight: row.startHeight,
    startsAtMs: Number(row.startsAtMs),
    endsAtMs: Number(row.endsAtMs),
    producers,
    blocks: Number(count?.blocks ?? 0),
    transactions: Number(count?.transactions ?? 0),
    ...(count?.first == null ? {} : { firstRound: count.first }),
    ...(count?.last == null ? {} : { lastRound: count.last }),
  }
}
