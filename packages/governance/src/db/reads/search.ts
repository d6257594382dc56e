import type { Database } from '../database.ts'

export interface SearchRows {
  readonly blocks: readonly { readonly height: bigint; readonly hash: string }[]
  readonly transactions: readonly { readonly id: string; readonly intent: string }[]
  readonly positions: readonly { readonly lockId: string; readonly owner: string }[]
  /** Collections that run or ran, are signalled or locked in, or are proposed. */
  readonly collections: readonly string[]
  readonly proposals: readonly { readonly id: string; readonly title: string }[]
}

const HITS_MAX = 5

const COLLECTIONS = `
  SELECT DISTINCT hash FROM (
    SELECT hash FROM "collection_rule" UNION ALL SELECT former FROM "collection_rule"
    UNION ALL SELECT hash FROM "collection_counts" UNION ALL SELECT hash FROM "collection_events"
    UNION ALL SELECT bundle_hash FROM "proposals"
  ) AS known WHERE hash >= $1 AND hash < $2 ORDER BY hash LIMIT $3`

/** Blocks, transactions, positions, collections and proposals whose hash begins with `prefix` (`0x` and hexadecimal digits). */
export async function searchHashes({ prisma, pool }: Database, prefix: string): Promise<SearchRows> {
  // No digit or letter of a hash sorts after `g`, so this is the range of all continuations and the index serves it.
  const range = { gte: prefix, lt: `${prefix}g` }
  const [blocks, transactions, positions, collections, proposals] = await Promise.all([
    prisma.block.findMany({ where: { hash: range }, select: { height: true, hash: true }, take: HITS_MAX }),
    prisma.transaction.findMany({ where: { id: range }, select: { id: true, intent: true }, take: HITS_MAX }),
    prisma.position.findMany({ where: { lockId: range }, select: { lockId: true, owner: true }, take: HITS_MAX }),
    pool.query<{ hash: string }>(COLLECTIONS, [range.gte, range.lt, HITS_MAX]),
    prisma.proposal.findMany({
      where: { proposalId: range },
      select: { proposalId: true, title: true },
      take: HITS_MAX,
    }),
  ])
  return {
    blocks,
    transactions,
    positions,
    collections: collections.rows.map(({ hash }) => hash),
    proposals: proposals.map(({ proposalId, title }) => ({ id: proposalId, title })),
  }
}

/** Delegates whose name holds the text, in any letter case, or whose address begins with it. */
export async function searchDelegates(
  { prisma }: Database,
  text: string,
): Promise<{ address: string; name: string }[]> {
  return prisma.delegate.findMany({
    where: { OR: [{ name: { contains: text, mode: 'insensitive' } }, { address: { startsWith: text.toLowerCase() } }] },
    select: { address: true, name: true },
    orderBy: { weight: 'desc' },
    take: HITS_MAX,
  })
}

export async function searchTokens({ prisma }: Database, text: string): Promise<{ symbol: string; name: string }[]> {
  return prisma.token.findMany({
    where: { OR: [{ symbol: { startsWith: text.toUpperCase() } }, { name: { contains: text, mode: 'insensitive' } }] },
    select: { symbol: true, name: true },
    take: HITS_MAX,
  })
}
