import {
  type CheckpointRow,
  findTerm,
  listStandings,
  performanceOf,
  type StandingRecord,
  type TermRecord,
  termPerformance,
} from '#db'
import { type DelegateStatus, type DelegateSummary, seatCount, shareBps } from '#domain'
import type { TrpcContext } from './context.ts'
import { ApiError } from './errors.ts'

const TTL_MS = 60_000

/** All delegates with their place for the next term, at one indexed block. */
export interface Standings {
  readonly delegates: readonly DelegateSummary[]
  /** Only those that can be elected, by rank. */
  readonly ranked: readonly DelegateSummary[]
  readonly seats: number
  readonly totalWeight: bigint
  /** Weight of the last seat; 0 while seats are free. */
  readonly cutLineWeight: bigint
  readonly term: TermRecord
  readonly currentRanks: ReadonlyMap<string, number>
}

/** Throws `index.empty` before the first block is indexed. */
export function requireCheckpoint(checkpoint: CheckpointRow | undefined): CheckpointRow {
  if (checkpoint !== undefined) return checkpoint
  throw new ApiError('index.empty', 'Nothing is indexed yet', 'Wait until the worker has read the first blocks.')
}

/** Worked out once for each head and shared by all requests. */
export function standingsAt(ctx: TrpcContext, checkpoint: CheckpointRow): Promise<Standings> {
  return ctx.memory.remember(`standings ${checkpoint.hash}`, TTL_MS, () => workOut(ctx, checkpoint))
}

async function workOut(ctx: TrpcContext, checkpoint: CheckpointRow): Promise<Standings> {
  const [rows, term, genesis, round] = await Promise.all([
    listStandings(ctx.database, checkpoint.timeMs),
    findTerm(ctx.database, undefined),
    ctx.database.prisma.block.findUnique({ where: { height: 0n }, select: { timeMs: true } }),
    ctx.node.round('latest'),
  ])
  if (term === undefined || genesis === null) throw new ApiError('index.empty', 'No term is indexed yet')
  const performance = await termPerformance(ctx.database, term.term)
  const seats = seatCount(Number(genesis.timeMs), checkpoint.timeMs)
  const electable = rows.filter((row) => row.standing === 'registered')
  const ranks = new Map(electable.map((row, index) => [row.address, index + 1]))
  const currentRanks = new Map(term.producers.map((producer) => [producer.address, producer.rank]))
  const exclusions = new Map((round?.excluded ?? []).map((entry) => [entry.address as string, entry.untilMs]))
  const totalWeight = electable.reduce((sum, row) => sum + row.weight, 0n)
  const delegates = rows.map((row): DelegateSummary => {
    const rank = ranks.get(row.address)
    const isProducer = currentRanks.has(row.address)
    const excludedUntilMs = exclusions.get(row.address)
    return {
      address: row.address,
      name: row.name,
      url: row.url,
      commissionBps: row.commissionBps,
      weight: row.weight,
      status: statusOf(row, { rank, isProducer, isExcluded: excludedUntilMs !== undefined, seats }),
      isProducer,
      isElectedNext: rank !== undefined && rank <= seats,
      voters: row.voters,
      staked: row.staked,
      shareBps: row.standing === 'registered' ? shareBps(row.weight, totalWeight) : 0,
      registeredHeight: row.registeredHeight,
      term: performance.get(row.address) ?? { produced: 0, missed: 0 },
      lifetime: performanceOf(row.produced, row.missed),
      ...(rank === undefined ? {} : { rank }),
      ...(excludedUntilMs === undefined ? {} : { excludedUntilMs }),
      ...(row.lastBlockHeight === undefined ? {} : { lastBlockHeight: row.lastBlockHeight }),
    }
  })
  const ranked = delegates.filter((delegate) => delegate.rank !== undefined)
  return { delegates, ranked, seats, totalWeight, cutLineWeight: ranked[seats - 1]?.weight ?? 0n, term, currentRanks }
}

function statusOf(
  row: StandingRecord,
  {
    rank,
    isProducer,
    isExcluded,
    seats,
  }: { rank: number | undefined; isProducer: boolean; isExcluded: boolean; seats: number },
): DelegateStatus {
  if (row.standing !== 'registered') return row.standing
  if (isExcluded) return 'excluded'
  if (isProducer) return 'producer'
  return rank !== undefined && rank <= seats ? 'candidate' : 'backup'
}
