import { type CollectionEventView, type ProposalStep, proposalNews, stepNews, type UpgradeNews } from '#domain'
import type { Database } from '../database.ts'
import { toHash } from './convert.ts'
import { collectionEvents, proposalsOfBundles } from './upgrades.ts'

const ENDINGS = ['submitted', 'approved', 'rejected', 'withdrawn', 'expired'] as const
const STEPS = ['lockedIn', 'replaced', 'reset', 'resumed', 'activated', 'calledOff'] as const

export interface NewsQuery {
  /** Only what blocks above this height did. */
  readonly above?: bigint
  /** Only what blocks up to this height did, and what was over by the time of it. */
  readonly upTo: bigint
  readonly upToMs: number
  readonly limit: number
}

interface ProposalStepRow {
  proposal_id: string
  title: string
  kind: string
  adopted: number
  declined: number
  electorate: number
  quorum: number
  ends_at_ms: string
  time_ms: string
  height: string
}

/** Nobody has to say that a proposal is over: by the chain's time it is, and the first block after that is the news. */
const proposalSteps = `
  SELECT p.proposal_id, p.title, e.kind, e.adopted, e.declined, p.electorate, p.quorum, p.ends_at_ms, e.time_ms, e.height
  FROM "proposal_events" e JOIN "proposals" p ON p.proposal_id = e.proposal_id
  WHERE e.kind = ANY($1) AND e.kind <> 'expired' AND e.height > $2 AND e.height <= $3
  UNION ALL
  SELECT p.proposal_id, p.title, 'expired', p.adopted, p.declined, p.electorate, p.quorum, p.ends_at_ms, p.ends_at_ms, b.height
  FROM "proposals" p JOIN LATERAL
    (SELECT height FROM "blocks" WHERE time_ms >= p.ends_at_ms ORDER BY time_ms LIMIT 1) b ON b.height > $2 AND b.height <= $3
  WHERE p.status IN ('open', 'expired') AND p.ends_at_ms <= $4
  ORDER BY height DESC LIMIT $5`

async function findProposalSteps({ pool }: Database, query: NewsQuery): Promise<ProposalStep[]> {
  const { above = -1n, upTo, upToMs, limit } = query
  const { rows } = await pool.query<ProposalStepRow>(proposalSteps, [ENDINGS, above, upTo, upToMs, limit])
  return rows.flatMap((row): ProposalStep[] => {
    const kind = ENDINGS.find((one) => one === row.kind)
    if (kind === undefined) return []
    return [
      {
        kind,
        proposalId: toHash(row.proposal_id),
        title: row.title,
        adopted: row.adopted,
        declined: row.declined,
        electorate: row.electorate,
        quorum: row.quorum,
        endsAtMs: Number(row.ends_at_ms),
        timeMs: Number(row.time_ms),
        height: BigInt(row.height),
      },
    ]
  })
}

/** Title of the newest proposal that asks for each of these collections. */
export async function bundleTitles(
  database: Database,
  steps: readonly Pick<CollectionEventView, 'hash'>[],
  nowMs: number,
): Promise<ReadonlyMap<string, string>> {
  const found = await proposalsOfBundles(
    database,
    steps.map(({ hash }) => hash),
    nowMs,
  )
  return new Map([...found].flatMap(([hash, [first]]) => (first === undefined ? [] : [[hash, first.title] as const])))
}

/** Every step of proposals and collections, newest first. */
export async function upgradeNews(database: Database, query: NewsQuery): Promise<UpgradeNews[]> {
  const { above, upTo, upToMs, limit } = query
  const [proposals, steps] = await Promise.all([
    findProposalSteps(database, query),
    collectionEvents(database, { kinds: STEPS, upTo, limit, ...(above === undefined ? {} : { above }) }),
  ])
  const titles = await bundleTitles(database, steps, upToMs)
  const news = [...proposals.map(proposalNews), ...steps.flatMap((step) => stepNews(step, titles.get(step.hash)) ?? [])]
  // Steps of one block stand in the order in which they happened; the sort keeps it.
  return news.sort((a, b) => (a.height === b.height ? 0 : a.height > b.height ? -1 : 1)).slice(0, limit)
}

export interface Deadline {
  readonly proposalId: string
  readonly title: string
  readonly quorum: number
  readonly electorate: number
  readonly endsAtMs: number
  readonly submittedAtMs: number
  /** When it was decided or withdrawn, by a block up to the asked height. */
  readonly closedAtMs?: number
}

/** Until when proposals may be adopted, the newest first. */
export async function proposalDeadlines(
  { prisma }: Database,
  query: { upTo: bigint; limit: number },
): Promise<Deadline[]> {
  const rows = await prisma.proposal.findMany({
    where: { submittedHeight: { lte: query.upTo } },
    orderBy: { submittedOrder: 'desc' },
    take: query.limit,
  })
  return rows.map((row) => ({
    proposalId: row.proposalId,
    title: row.title,
    quorum: row.quorum,
    electorate: row.electorate,
    endsAtMs: Number(row.endsAtMs),
    submittedAtMs: Number(row.submittedAtMs),
    ...(row.closedAtMs === null || row.status === 'expired' || row.height > query.upTo
      ? {}
      : { closedAtMs: Number(row.closedAtMs) }),
  }))
}

/** Times of a block and of those before it, oldest first; empty when the block is not indexed. */
export async function timesUpTo({ pool }: Database, height: bigint, count: number): Promise<number[]> {
  const { rows } = await pool.query<{ height: string; time_ms: string }>(
    'SELECT height, time_ms FROM "blocks" WHERE height <= $1 AND height > 0 ORDER BY height DESC LIMIT $2',
    [height, count],
  )
  if (rows[0] === undefined || BigInt(rows[0].height) !== height) return []
  return rows.reverse().map(({ time_ms }) => Number(time_ms))
}
