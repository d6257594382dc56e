import {
  type Address,
  type BackerView,
  DAY_MS,
  type PerformanceView,
  type ProfileChangeView,
  type RoundPerformanceView,
  shareBps,
  type WeightPointView,
} from '#domain'
import type { Database } from '../database.ts'
import { toAddress, toBigint } from './convert.ts'

/** A delegate as the index holds it. `weight` counts only positions whose lock has not ended on the day of `atMs`. */
export interface StandingRecord {
  readonly address: Address
  readonly name: string
  readonly url: string
  readonly commissionBps: number
  readonly standing: 'registered' | 'quit' | 'evicted'
  readonly registeredHeight: bigint
  readonly weight: bigint
  readonly staked: bigint
  readonly voters: number
  readonly produced: number
  readonly missed: number
  readonly lastBlockHeight?: bigint
}

const standings: readonly StandingRecord['standing'][] = ['registered', 'quit', 'evicted']

/** All delegates, heaviest first, equal weights by registration. At most as many as ever registered. */
export async function listStandings({ pool }: Database, atMs: number): Promise<StandingRecord[]> {
  const { rows } = await pool.query<Record<string, string | number | null>>(
    `SELECT d.*, d.weight - coalesce(e.ended, 0) AS counted
     FROM "delegates" d
     LEFT JOIN (SELECT delegate, sum(weight) AS ended FROM "positions"
                WHERE NOT withdrawn AND unlocks_at_ms / $1::bigint <= $2::bigint / $1::bigint GROUP BY delegate) e ON e.delegate = d.address
     ORDER BY counted DESC, d.registered_order, d.address`,
    [DAY_MS, atMs],
  )
  return rows.map((row) => ({
    address: toAddress(String(row['address'])),
    name: String(row['name']),
    url: String(row['url']),
    commissionBps: Number(row['commission_bps']),
    standing: standings.find((standing) => standing === row['standing']) ?? 'registered',
    registeredHeight: BigInt(row['registered_height'] ?? 0),
    weight: BigInt(row['counted'] ?? 0),
    staked: BigInt(row['staked'] ?? 0),
    voters: Number(row['voters']),
    produced: Number(row['produced']),
    missed: Number(row['missed']),
    ...(row['last_block_height'] === null ? {} : { lastBlockHeight: BigInt(row['last_block_height'] ?? 0) }),
  }))
}

/** Blocks made and slots missed in one term, by producer. */
export async function termPerformance({ pool }: Database, term: number): Promise<Map<string, PerformanceView>> {
  const { rows } = await pool.query<{ producer: string; produced: string; missed: string }>(
    `SELECT producer, sum(produced) AS produced, sum(missed) AS missed FROM (
       SELECT producer, count(*) AS produced, 0 AS missed FROM "blocks" WHERE term = $1 AND height > 0 GROUP BY producer
       UNION ALL
       SELECT producer, 0, count(*) FROM "round_slots" WHERE term = $1 AND state = 'missed' GROUP BY producer
     ) counts GROUP BY producer`,
    [term],
  )
  return new Map(rows.map((row) => [row.producer, performanceOf(Number(row.produced), Number(row.missed))]))
}

export function performanceOf(produced: number, missed: number): PerformanceView {
  const slots = produced + missed
  return slots === 0 ? { produced, missed } : { produced, missed, uptimeBps: Math.floor((produced * 10_000) / slots) }
}

/** Newest finished rounds of one producer, newest first. */
export async function roundPerformance(
  { pool }: Database,
  address: Address,
  limit: number,
): Promise<RoundPerformanceView[]> {
  const { rows } = await pool.query<{ round: number; term: number; produced: string; missed: string }>(
    `SELECT round, term, count(*) FILTER (WHERE state = 'produced') AS produced, count(*) FILTER (WHERE state = 'missed') AS missed
     FROM "round_slots" WHERE producer = $1 GROUP BY round, term ORDER BY round DESC LIMIT $2`,
    [address, limit],
  )
  return rows.map((row) => ({
    round: row.round,
    term: row.term,
    produced: Number(row.produced),
    missed: Number(row.missed),
  }))
}

/** Newest points of the weight curve, oldest first. */
export async function weightHistory({ prisma }: Database, address: Address, limit: number): Promise<WeightPointView[]> {
  const rows = await prisma.weightPoint.findMany({ where: { address }, orderBy: { height: 'desc' }, take: limit })
  return rows.reverse().map((row) => ({
    height: row.height,
    timeMs: Number(row.timeMs),
    weight: toBigint(row.weight),
    voters: row.voters,
  }))
}

export async function profileChanges(
  { prisma }: Database,
  address: Address,
  limit: number,
): Promise<ProfileChangeView[]> {
  const rows = await prisma.profileChange.findMany({
    where: { address },
    orderBy: [{ height: 'desc' }, { position: 'desc' }],
    take: limit,
  })
  return rows.map(({ height, timeMs, name, url, commissionBps }) => ({
    height,
    timeMs: Number(timeMs),
    name,
    url,
    commissionBps,
  }))
}

export async function termsServed({ prisma }: Database, address: Address): Promise<number[]> {
  const rows = await prisma.termProducer.findMany({
    where: { address },
    orderBy: { term: 'asc' },
    select: { term: true },
  })
  return rows.map((row) => row.term)
}

/**
 * Accounts behind a delegate, heaviest first. Like the delegate's own, their weight counts only positions whose lock has
 * not ended on the day of `atMs`. `total` is the weight that shares are of.
 */
export async function listBackers(
  { pool }: Database,
  query: { delegate: Address; offset: number; limit: number; total: bigint; atMs: number },
): Promise<BackerView[]> {
  const { rows } = await pool.query<{
    owner: string
    amount: string
    weight: string
    positions: number
    first_unlock: string | null
  }>(
    `SELECT b.owner, b.amount, b.weight - coalesce(e.ended, 0) AS weight, b.positions,
            (SELECT min(p.unlocks_at_ms) FROM "positions" p WHERE p.owner = b.owner AND p.delegate = b.delegate AND NOT p.withdrawn) AS first_unlock
     FROM "backers" b
     LEFT JOIN (SELECT owner, sum(weight) AS ended FROM "positions"
                WHERE delegate = $1 AND NOT withdrawn AND unlocks_at_ms / $4::bigint <= $5::bigint / $4::bigint GROUP BY owner) e ON e.owner = b.owner
     WHERE b.delegate = $1 ORDER BY b.weight - coalesce(e.ended, 0) DESC, b.owner OFFSET $2 LIMIT $3`,
    [query.delegate, query.offset, query.limit, DAY_MS, query.atMs],
  )
  return rows.map((row) => ({
    owner: toAddress(row.owner),
    amount: BigInt(row.amount),
    weight: BigInt(row.weight),
    positions: row.positions,
    shareBps: shareBps(BigInt(row.weight), query.total),
    firstUnlockAtMs: Number(row.first_unlock ?? 0),
  }))
}
