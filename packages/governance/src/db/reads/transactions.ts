import type { ActivityView, Hash, TransactionSummary } from '#domain'
import type { Database } from '../database.ts'
import type { Event, Transaction } from '../generated/client.ts'
import { toAddress, toBigint, toHash } from './convert.ts'

/** A place in the list of all transactions, newest first. */
export interface TransactionPlace {
  readonly height: bigint
  readonly position: number
}

export interface TransactionQuery {
  readonly contract?: string | undefined
  readonly method?: string | undefined
  readonly success?: boolean | undefined
  readonly below?: TransactionPlace | undefined
  readonly limit: number
}

export type PlacedTransaction = TransactionSummary & { readonly height: bigint; readonly index: number }

export const transactionSummary = (row: Transaction, finalizedHeight: bigint): PlacedTransaction => ({
  id: toHash(row.id),
  status: row.success ? 'success' : 'failed',
  from: toAddress(row.sender),
  contract: toAddress(row.contract),
  contractName: row.contractName,
  method: row.method,
  intent: row.intent,
  fee: toBigint(row.fee),
  height: row.height,
  index: row.position,
  timeMs: Number(row.timeMs),
  finalized: row.height <= finalizedHeight,
  ...(row.errorCode === null ? {} : { errorCode: row.errorCode }),
})

const belowPlace = (place: TransactionPlace | undefined) =>
  place === undefined
    ? {}
    : { OR: [{ height: { lt: place.height } }, { height: place.height, position: { lt: place.position } }] }

/** Newest first. */
export async function listTransactions(
  { prisma }: Database,
  query: TransactionQuery,
  finalizedHeight: bigint,
): Promise<PlacedTransaction[]> {
  const rows = await prisma.transaction.findMany({
    where: {
      ...(query.contract === undefined ? {} : { contractName: query.contract }),
      ...(query.method === undefined ? {} : { method: query.method }),
      ...(query.success === undefined ? {} : { success: query.success }),
      ...belowPlace(query.below),
    },
    orderBy: [{ height: 'desc' }, { position: 'desc' }],
    take: query.limit,
  })
  return rows.map((row) => transactionSummary(row, finalizedHeight))
}

/** Transactions of one block in their order. */
export async function transactionsOfBlock(
  { prisma }: Database,
  height: bigint,
  finalizedHeight: bigint,
): Promise<TransactionSummary[]> {
  const rows = await prisma.transaction.findMany({ where: { height }, orderBy: { position: 'asc' } })
  return rows.map((row) => transactionSummary(row, finalizedHeight))
}

/** The row of a transaction with its events in order. */
export async function findTransaction(
  { prisma }: Database,
  id: Hash,
): Promise<{ row: Transaction; events: Event[] } | undefined> {
  const [row, events] = await Promise.all([
    prisma.transaction.findUnique({ where: { id } }),
    prisma.event.findMany({ where: { transactionId: id }, orderBy: { position: 'asc' } }),
  ])
  return row === null ? undefined : { row, events }
}

/** Everything that concerned an account, newest first. */
export async function accountActivity(
  { prisma }: Database,
  query: { address: string; below?: TransactionPlace | undefined; limit: number },
  finalizedHeight: bigint,
): Promise<(PlacedTransaction & ActivityView)[]> {
  const rows = await prisma.activity.findMany({
    where: { address: query.address, ...belowPlace(query.below) },
    orderBy: [{ height: 'desc' }, { position: 'desc' }],
    take: query.limit,
  })
  const found = await prisma.transaction.findMany({ where: { id: { in: rows.map((row) => row.transactionId) } } })
  const byId = new Map(found.map((row) => [row.id, row]))
  return rows.flatMap((row) => {
    const transaction = byId.get(row.transactionId)
    return transaction === undefined
      ? []
      : [{ ...transactionSummary(transaction, finalizedHeight), direction: directionOf(row.direction) }]
  })
}

const directions: readonly ActivityView['direction'][] = ['out', 'in', 'self', 'mention']
const directionOf = (text: string): ActivityView['direction'] =>
  directions.find((direction) => direction === text) ?? 'mention'

/** Calls by contract and method. */
export async function countCalls({ pool }: Database): Promise<Map<string, number>> {
  const { rows } = await pool.query<{ name: string; calls: string }>(
    `SELECT contract_name || '.' || method AS name, count(*) AS calls FROM "transactions" GROUP BY 1`,
  )
  return new Map(rows.map((row) => [row.name, Number(row.calls)]))
}
