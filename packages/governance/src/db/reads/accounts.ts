import { type Address, type BalanceView, NATIVE_SYMBOL, type TokenView } from '#domain'
import type { Database } from '../database.ts'
import { toAddress, toBigint } from './convert.ts'

export interface AccountRecord {
  readonly transactionCount: number
  readonly firstHeight: bigint
  readonly lastHeight: bigint
}

export async function findAccount({ prisma }: Database, address: Address): Promise<AccountRecord | undefined> {
  const [row, last] = await Promise.all([
    prisma.account.findUnique({ where: { address } }),
    prisma.activity.findFirst({ where: { address }, orderBy: { height: 'desc' }, select: { height: true } }),
  ])
  if (row === null) return undefined
  return {
    transactionCount: row.transactionCount,
    firstHeight: row.firstHeight,
    lastHeight: last?.height ?? row.height,
  }
}

/** Balances by symbol, the native token first; none for an account that no block ever changed. */
export async function listBalances({ prisma }: Database, address: Address): Promise<BalanceView[]> {
  const rows = await prisma.balance.findMany({ where: { address }, orderBy: { symbol: 'asc' } })
  const balances = rows.map((row): BalanceView => {
    const available = toBigint(row.opening) + toBigint(row.available)
    const locked = toBigint(row.openingLocked) + toBigint(row.locked)
    return { symbol: row.symbol, available, locked, total: available + locked }
  })
  return balances.sort((a, b) => Number(b.symbol === NATIVE_SYMBOL) - Number(a.symbol === NATIVE_SYMBOL))
}

export async function listTokens({ pool }: Database): Promise<TokenView[]> {
  const { rows } = await pool.query<Record<string, string> & { burnable: boolean }>(
    `SELECT t.*, (SELECT count(*) FROM "balances" b WHERE b.symbol = t.symbol
                  AND b.opening + b.available + b.opening_locked + b.locked > 0) AS holders
     FROM "tokens" t ORDER BY t.created_height, t.symbol`,
  )
  return rows.map((row) => ({
    symbol: row['symbol'] ?? '',
    name: row['name'] ?? '',
    supply: BigInt(row['supply'] ?? 0),
    burned: BigInt(row['burned'] ?? 0),
    creator: toAddress(row['creator'] ?? ''),
    burnable: row.burnable,
    holders: Number(row['holders'] ?? 0),
    createdHeight: BigInt(row['created_height'] ?? 0),
  }))
}

export async function findToken(
  { prisma }: Database,
  symbol: string,
): Promise<{ symbol: string; name: string; supply: bigint } | undefined> {
  const row = await prisma.token.findUnique({ where: { symbol } })
  return row === null ? undefined : { symbol: row.symbol, name: row.name, supply: toBigint(row.supply) }
}
