import {
  type CollectionEventKind,
  type CollectionEventView,
  type Hash,
  type ProposalStatus,
  proposalStatusAt,
  type SignalView,
  type UpgradeProposalView,
  type UpgradeRuleView,
} from '#domain'
import type { Database } from '../database.ts'
import type { CollectionEvent, CollectionRule } from '../generated/client.ts'
import { toAddress, toHash } from './convert.ts'
import { delegateNames } from './names.ts'

/** Hashes shown at once: a producer may signal whatever it likes. */
const SIGNALLED_MAX = 20
const ERAS_MAX = 100
const LOG_MAX = 200
const PROPOSALS_MAX = 20

const ruleOf = (row: { windowBlocks: number; lockInBlocks: number; confirmBlocks: number }): UpgradeRuleView => ({
  window: row.windowBlocks,
  lockIn: row.lockInBlocks,
  confirm: row.confirmBlocks,
})

export interface RuleRecord {
  readonly rule: UpgradeRuleView
  readonly hash: Hash
  readonly since: bigint
  readonly candidate?: {
    readonly hash: Hash
    readonly lockedAt: bigint
    readonly confirmed: number
    readonly resetAt?: bigint
  }
  readonly upgrades: number
}

const recordOf = (row: CollectionRule): RuleRecord => ({
  rule: ruleOf(row),
  hash: toHash(row.hash),
  since: row.since,
  upgrades: row.upgrades,
  ...(row.candidate === null || row.lockedAt === null
    ? {}
    : {
        candidate: {
          hash: toHash(row.candidate),
          lockedAt: row.lockedAt,
          confirmed: row.confirmed,
          ...(row.resetAt === null ? {} : { resetAt: row.resetAt }),
        },
      }),
})

/** What is in force and what is locked in; undefined before the first block. */
export async function findRule({ prisma }: Database): Promise<RuleRecord | undefined> {
  const row = await prisma.collectionRule.findUnique({ where: { id: 'now' } })
  return row === null ? undefined : recordOf(row)
}

/** Counts of the window, the most signalled first. */
export async function signalCounts({ prisma }: Database): Promise<{ hash: Hash; blocks: number }[]> {
  const rows = await prisma.collectionCount.findMany({
    orderBy: [{ blocks: 'desc' }, { hash: 'asc' }],
    take: SIGNALLED_MAX,
    select: { hash: true, blocks: true },
  })
  return rows.map(({ hash, blocks }) => ({ hash: toHash(hash), blocks }))
}

/** All counts of the window, for comparing. */
export async function everySignalCount({ prisma }: Database): Promise<ReadonlyMap<string, number>> {
  const rows = await prisma.collectionCount.findMany({ select: { hash: true, blocks: true } })
  return new Map(rows.map(({ hash, blocks }) => [hash, blocks]))
}

export async function signalCountOf({ prisma }: Database, hash: Hash): Promise<number> {
  return (await prisma.collectionCount.findUnique({ where: { hash }, select: { blocks: true } }))?.blocks ?? 0
}

/** The newest blocks with what they signal, oldest first: two windows, so that each block of the newer one has its own. */
export async function signalStrip(
  { prisma }: Database,
  query: { window: number; current: Hash; since: bigint },
): Promise<(SignalView & { timeMs: number; counts: boolean })[]> {
  const rows = await prisma.block.findMany({
    where: { height: { gt: 0n } },
    orderBy: { height: 'desc' },
    take: 2 * query.window,
    select: { height: true, producer: true, signal: true, timeMs: true },
  })
  const names = await delegateNames(
    prisma,
    rows.map(({ producer }) => producer),
  )
  return rows.reverse().map(({ height, producer, signal, timeMs }) => {
    const producerName = names.get(producer)
    const counts = height >= query.since
    const isSignal = counts && signal !== null && signal !== query.current
    return {
      height,
      producer: toAddress(producer),
      timeMs: Number(timeMs),
      counts,
      ...(producerName === undefined ? {} : { producerName }),
      ...(isSignal ? { signal: toHash(signal) } : {}),
    }
  })
}

const eventView = (row: CollectionEvent): CollectionEventView & { position: number } => ({
  kind: row.kind as CollectionEventKind,
  height: row.height,
  position: row.position,
  timeMs: Number(row.timeMs),
  hash: toHash(row.hash),
  ...(row.other === null ? {} : { other: toHash(row.other) }),
  ...(row.since === null ? {} : { since: row.since }),
  confirmed: row.confirmed,
  signals: row.signals,
  rule: ruleOf(row),
})

/** Steps of one collection or of all, newest first; `upTo` leaves out what is above a height. */
export async function collectionEvents(
  { prisma }: Database,
  query: { hash?: Hash; kinds?: readonly CollectionEventKind[]; above?: bigint; upTo?: bigint; limit?: number } = {},
): Promise<(CollectionEventView & { position: number })[]> {
  const { hash, kinds, above, upTo, limit = LOG_MAX } = query
  const rows = await prisma.collectionEvent.findMany({
    where: {
      ...(hash === undefined ? {} : { hash }),
      ...(kinds === undefined ? {} : { kind: { in: [...kinds] } }),
      height: { ...(above === undefined ? {} : { gt: above }), ...(upTo === undefined ? {} : { lte: upTo }) },
    },
    orderBy: [{ height: 'desc' }, { position: 'desc' }],
    take: limit,
  })
  return rows.map(eventView)
}

export interface EraRecord {
  readonly hash: Hash
  readonly since: bigint
  readonly sinceMs?: number
  readonly lockedAt?: bigint
  readonly calledOff: boolean
}

/** Collections that ran, newest first. */
export async function listEras(database: Database): Promise<EraRecord[]> {
  const [starts, failures, lockIns] = await Promise.all([
    collectionEvents(database, { kinds: ['began', 'activated'], limit: ERAS_MAX }),
    collectionEvents(database, { kinds: ['calledOff'], limit: ERAS_MAX }),
    collectionEvents(database, { kinds: ['lockedIn'], limit: LOG_MAX }),
  ])
  const heights = starts.flatMap(({ since }) => since ?? [])
  const blocks = await database.prisma.block.findMany({
    where: { height: { in: heights } },
    select: { height: true, timeMs: true },
  })
  const times = new Map(blocks.map(({ height, timeMs }) => [height, Number(timeMs)]))
  return starts.map(({ hash, height, since = height }) => {
    const sinceMs = times.get(since)
    const lockedAt = lockIns.find((step) => step.hash === hash && step.height < height)?.height
    return {
      hash,
      since,
      calledOff: failures.some((step) => step.hash === hash && step.height === since),
      ...(sinceMs === undefined ? {} : { sinceMs }),
      ...(lockedAt === undefined ? {} : { lockedAt }),
    }
  })
}

/** When a collection was first and last signalled, and by how many blocks in all. */
export async function signalHistory(
  { pool }: Database,
  hash: Hash,
): Promise<{ first: bigint; last: bigint; blocks: number } | undefined> {
  const { rows } = await pool.query<{ first: string | null; last: string | null; blocks: string }>(
    'SELECT min(height) AS first, max(height) AS last, count(*) AS blocks FROM "blocks" WHERE signal = $1',
    [hash],
  )
  const [row] = rows
  return row?.first == null || row.last === null
    ? undefined
    : { first: BigInt(row.first), last: BigInt(row.last), blocks: Number(row.blocks) }
}

/** Proposals that ask for these collections, newest first, by hash of the bundle. */
export async function proposalsOfBundles(
  { prisma }: Database,
  hashes: readonly string[],
  nowMs: number,
): Promise<ReadonlyMap<string, readonly UpgradeProposalView[]>> {
  const rows = await prisma.proposal.findMany({
    where: { bundleHash: { in: [...new Set(hashes)] } },
    orderBy: { submittedOrder: 'desc' },
    take: PROPOSALS_MAX * Math.max(1, hashes.length),
    select: { proposalId: true, title: true, status: true, endsAtMs: true, bundleHash: true },
  })
  const found = new Map<string, UpgradeProposalView[]>()
  for (const { proposalId, title, status, endsAtMs, bundleHash } of rows) {
    if (bundleHash === null) continue
    const list = found.get(bundleHash) ?? []
    if (list.length < PROPOSALS_MAX)
      list.push({
        id: toHash(proposalId),
        title,
        status: proposalStatusAt(status as ProposalStatus, Number(endsAtMs), nowMs),
      })
    found.set(bundleHash, list)
  }
  return found
}

/** What the newest block of each producer signals. */
export async function lastSignals(
  { pool }: Database,
  producers: readonly string[],
): Promise<ReadonlyMap<string, { height: bigint; timeMs: number; signal?: Hash }>> {
  const { rows } = await pool.query<{ producer: string; height: string; time_ms: string; signal: string | null }>(
    `SELECT b.producer, b.height, b.time_ms, b.signal FROM unnest($1::text[]) AS p
     CROSS JOIN LATERAL (SELECT * FROM "blocks" WHERE producer = p AND height > 0 ORDER BY height DESC LIMIT 1) b`,
    [producers],
  )
  return new Map(
    rows.map(({ producer, height, time_ms, signal }) => [
      producer,
      {
        height: BigInt(height),
        timeMs: Number(time_ms),
        ...(signal === null ? {} : { signal: toHash(signal) }),
      },
    ]),
  )
}
