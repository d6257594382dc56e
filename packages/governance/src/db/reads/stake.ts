import { type Address, type Hash, multiplierHundredths, type PositionChangeView, type PositionView } from '#domain'
import type { Database } from '../database.ts'
import type { Position } from '../generated/client.ts'
import { toAddress, toBigint, toHash } from './convert.ts'
import { delegateNames } from './names.ts'

function viewOf(row: Position, names: ReadonlyMap<string, string>, nowMs: number): PositionView {
  const amount = toBigint(row.amount)
  const weight = toBigint(row.weight)
  const unlocksAtMs = Number(row.unlocksAtMs)
  const delegateName = names.get(row.delegate)
  return {
    lockId: toHash(row.lockId),
    owner: toAddress(row.owner),
    delegate: toAddress(row.delegate),
    amount,
    lockDays: row.lockDays,
    weight,
    multiplierHundredths: multiplierHundredths(amount, weight),
    lockedAtMs: Number(row.lockedAtMs),
    unlocksAtMs,
    state: row.withdrawn ? 'withdrawn' : unlocksAtMs <= nowMs ? 'withdrawable' : 'locked',
    lockedHeight: row.lockedHeight,
    changes: row.changes,
    ...(delegateName === undefined ? {} : { delegateName }),
    ...(row.withdrawnHeight === null ? {} : { withdrawnHeight: row.withdrawnHeight }),
  }
}

/** Positions of an account, those still open before the withdrawn ones, first unlock first. `nowMs` is the chain's time. */
export async function listPositions(
  { prisma }: Database,
  query: { owner: Address; includeWithdrawn: boolean; offset: number; limit: number; nowMs: number },
): Promise<PositionView[]> {
  const rows = await prisma.position.findMany({
    where: { owner: query.owner, ...(query.includeWithdrawn ? {} : { withdrawn: false }) },
    orderBy: [{ withdrawn: 'asc' }, { unlocksAtMs: 'asc' }, { lockId: 'asc' }],
    skip: query.offset,
    take: query.limit,
  })
  const names = await delegateNames(
    prisma,
    rows.map((row) => row.delegate),
  )
  return rows.map((row) => viewOf(row, names, query.nowMs))
}

export async function positionTotals(
  { pool }: Database,
  owner: Address,
  nowMs: number,
): Promise<{ amount: bigint; weight: bigint; withdrawable: bigint }> {
  const { rows } = await pool.query<{ amount: string | null; weight: string | null; withdrawable: string | null }>(
    `SELECT sum(amount) AS amount, sum(weight) AS weight, sum(amount) FILTER (WHERE unlocks_at_ms <= $2) AS withdrawable
     FROM "positions" WHERE owner = $1 AND NOT withdrawn`,
    [owner, nowMs],
  )
  const [row] = rows
  return {
    amount: BigInt(row?.amount ?? 0),
    weight: BigInt(row?.weight ?? 0),
    withdrawable: BigInt(row?.withdrawable ?? 0),
  }
}

const kinds: readonly PositionChangeView['kind'][] = ['vote', 'change', 'extend', 'withdraw']

export async function findPosition(
  { prisma }: Database,
  lockId: Hash,
  nowMs: number,
): Promise<{ position: PositionView; history: PositionChangeView[] } | undefined> {
  const [row, changes] = await Promise.all([
    prisma.position.findUnique({ where: { lockId } }),
    prisma.voteChange.findMany({ where: { lockId }, orderBy: [{ height: 'asc' }, { position: 'asc' }] }),
  ])
  if (row === null) return undefined
  const names = await delegateNames(prisma, [row.delegate])
  const history = changes.map(
    (change): PositionChangeView => ({
      kind: kinds.find((kind) => kind === change.kind) ?? 'change',
      height: change.height,
      timeMs: Number(change.timeMs),
      transactionId: toHash(change.transactionId),
      delegate: toAddress(change.delegate),
      weight: toBigint(change.weight),
      unlocksAtMs: Number(change.unlocksAtMs),
      ...(change.previousDelegate === null ? {} : { previousDelegate: toAddress(change.previousDelegate) }),
    }),
  )
  return { position: viewOf(row, names, nowMs), history }
}
