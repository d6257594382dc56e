import {
  type Address,
  type Amount,
  type DelegateTermView,
  perThousandOf,
  type RewardClaimView,
  type TermIncomeView,
} from '#domain'
import type { Database } from '../database.ts'
import { toAddress, toBigint, toHash } from './convert.ts'
import { delegateNames } from './names.ts'

/** What an account was paid, newest first. `below` is the place of the last one already known. */
export async function listClaims(
  { prisma }: Database,
  query: { account: Address; below?: { height: bigint; position: number } | undefined; limit: number },
): Promise<(RewardClaimView & { position: number })[]> {
  const { account, below, limit } = query
  const older =
    below === undefined
      ? {}
      : { OR: [{ height: { lt: below.height } }, { height: below.height, position: { lt: below.position } }] }
  const rows = await prisma.rewardClaim.findMany({
    where: { account, ...older },
    orderBy: [{ height: 'desc' }, { position: 'desc' }],
    take: limit,
  })
  const names = await delegateNames(
    prisma,
    rows.map((row) => row.delegate),
  )
  return rows.map((row) => {
    const delegateName = names.get(row.delegate)
    return {
      height: row.height,
      position: row.position,
      timeMs: Number(row.timeMs),
      transactionId: toHash(row.transactionId),
      delegate: toAddress(row.delegate),
      amount: toBigint(row.amount),
      ...(row.lockId === null ? {} : { lockId: toHash(row.lockId) }),
      ...(delegateName === undefined ? {} : { delegateName }),
    }
  })
}

export async function claimedTotal({ pool }: Database, account: Address): Promise<bigint> {
  const { rows } = await pool.query<{ total: string | null }>(
    'SELECT sum(amount) AS total FROM "reward_claims" WHERE account = $1',
    [account],
  )
  return BigInt(rows[0]?.total ?? 0)
}

/** What a term brought, and each of its delegates; undefined while it has not ended. */
export async function termIncome(
  { prisma }: Database,
  term: number,
): Promise<{ total: TermIncomeView; parts: ReadonlyMap<string, Amount> } | undefined> {
  const [row, points] = await Promise.all([
    prisma.rewardTerm.findUnique({ where: { term } }),
    prisma.rewardPoint.findMany({ where: { term }, select: { delegate: true, income: true } }),
  ])
  if (row === null) return undefined
  const total = {
    income: toBigint(row.income),
    fees: toBigint(row.fees),
    minted: toBigint(row.minted),
    shared: toBigint(row.shared),
  }
  return { total, parts: new Map(points.map(({ delegate, income }) => [delegate, toBigint(income)])) }
}

/** What terms brought a delegate, newest first. */
export async function delegateTerms(
  { prisma }: Database,
  query: { delegate: Address; below?: number | undefined; limit: number },
): Promise<DelegateTermView[]> {
  const rows = await prisma.rewardPoint.findMany({
    where: { delegate: query.delegate, ...(query.below === undefined ? {} : { term: { lt: query.below } }) },
    orderBy: { term: 'desc' },
    take: query.limit,
  })
  return rows.map((row) => ({
    term: row.term,
    startedAtMs: Number(row.startedAtMs),
    endedAtMs: Number(row.endedAtMs),
    blocks: row.blocks,
    income: toBigint(row.income),
    commission: toBigint(row.commission),
    weight: toBigint(row.weight),
    perThousand: perThousandOf(toBigint(row.perWeight)),
  }))
}
