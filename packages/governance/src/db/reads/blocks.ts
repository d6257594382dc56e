import type { BlockSummary, BlockView } from '#domain'
import type { Database } from '../database.ts'
import type { Block } from '../generated/client.ts'
import { toAddress, toBigint, toHash } from './convert.ts'
import { delegateNames } from './names.ts'

export interface BlockQuery {
  readonly producer?: string | undefined
  /** Only blocks below this height. */
  readonly below?: bigint | undefined
  readonly limit: number
}

const summaryOf = (row: Block, names: ReadonlyMap<string, string>, finalizedHeight: bigint): BlockSummary => {
  const producerName = names.get(row.producer)
  return {
    height: row.height,
    hash: toHash(row.hash),
    timeMs: Number(row.timeMs),
    slot: row.slot,
    round: row.round,
    term: row.term,
    producer: toAddress(row.producer),
    isExtra: row.isExtra,
    transactionCount: row.transactionCount,
    fees: toBigint(row.fees),
    size: row.size,
    finalized: row.height <= finalizedHeight,
    ...(producerName === undefined ? {} : { producerName }),
  }
}

/** Newest first. */
export async function listBlocks(
  { prisma }: Database,
  query: BlockQuery,
  finalizedHeight: bigint,
): Promise<BlockSummary[]> {
  const rows = await prisma.block.findMany({
    where: {
      ...(query.producer === undefined ? {} : { producer: query.producer }),
      ...(query.below === undefined ? {} : { height: { lt: query.below } }),
    },
    orderBy: { height: 'desc' },
    take: query.limit,
  })
  const names = await delegateNames(
    prisma,
    rows.map((row) => row.producer),
  )
  return rows.map((row) => summaryOf(row, names, finalizedHeight))
}

/** A block without its transactions. */
export async function findBlock(
  { prisma }: Database,
  by: { height: bigint } | { hash: string },
  checkpoint: { height: bigint; finalizedHeight: bigint },
): Promise<Omit<BlockView, 'asOf' | 'transactions'> | undefined> {
  const row = await prisma.block.findUnique({ where: by })
  if (row === null) return undefined
  const [names, next] = await Promise.all([
    delegateNames(prisma, [row.producer]),
    prisma.block.findUnique({ where: { height: row.height + 1n }, select: { hash: true } }),
  ])
  return {
    ...summaryOf(row, names, checkpoint.finalizedHeight),
    parentHash: toHash(row.parentHash),
    transactionRoot: toHash(row.transactionRoot),
    receiptRoot: toHash(row.receiptRoot),
    stateRoot: toHash(row.stateRoot),
    indexRoot: toHash(row.indexRoot),
    prevotedHeight: row.prevotedHeight,
    confirmations: Number(checkpoint.height - row.height) + 1,
    ...(next === null ? {} : { nextHash: toHash(next.hash) }),
    ...(row.signal === null ? {} : { signal: toHash(row.signal) }),
    ...(row.position === null ? {} : { index: row.position }),
    ...(row.reveal === null ? {} : { reveal: toHash(row.reveal) }),
    ...(row.generatedHeight === null ? {} : { generatedHeight: row.generatedHeight }),
    ...(row.signature === null ? {} : { signature: toHash(row.signature) }),
  }
}

export interface ChainCounts {
  readonly blocks: number
  readonly transactions: number
  readonly seconds: number
}

/** Transactions and time of the newest `count` blocks. */
export async function recentThroughput({ pool }: Database, count: number): Promise<ChainCounts> {
  const { rows } = await pool.query<{
    blocks: string
    transactions: string | null
    first: string | null
    last: string | null
  }>(
    `SELECT count(*) AS blocks, sum(transaction_count) AS transactions, min(time_ms) AS first, max(time_ms) AS last
     FROM (SELECT transaction_count, time_ms FROM "blocks" ORDER BY height DESC LIMIT $1) newest`,
    [count],
  )
  const [row] = rows
  return {
    blocks: Number(row?.blocks ?? 0),
    transactions: Number(row?.transactions ?? 0),
    seconds: (Number(row?.last ?? 0) - Number(row?.first ?? 0)) / 1_000,
  }
}

/** Sums over the whole chain, for the front page. */
export async function chainTotals({
  pool,
}: Database): Promise<{ transactions: number; locked: bigint; voters: number }> {
  const { rows } = await pool.query<{ transactions: string | null; locked: string | null; voters: string }>(
    `SELECT (SELECT sum(transaction_count) FROM "blocks") AS transactions,
            (SELECT sum(amount) FROM "backers") AS locked,
            (SELECT count(DISTINCT owner) FROM "backers") AS voters`,
  )
  const [row] = rows
  return {
    transactions: Number(row?.transactions ?? 0),
    locked: BigInt(row?.locked ?? 0),
    voters: Number(row?.voters ?? 0),
  }
}
