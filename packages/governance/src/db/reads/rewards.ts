import { type Address, type DelegateTermView, perThousandOf, type RewardClaimView } from '#domain'
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
