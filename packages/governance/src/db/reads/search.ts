import type { Database } from '../database.ts'

export interface SearchRows {
  readonly blocks: readonly { readonly height: bigint; readonly hash: string }[]
  readonly transactions: readonly { readonly id: string; readonly intent: string }[]
  readonly positions: readonly { readonly lockId: string; readonly owner: string }[]
}

const HITS_MAX = 5

/** Blocks, transactions and positions whose hash begins with `prefix` (`0x` and hexadecimal digits). */
export async function searchHashes({ prisma }: Database, prefix: string): Promise<SearchRows> {
  // No digit or letter of a hash sorts after `g`, so this is the range of all continuations and the index serves it.
  const range = { gte: prefix, lt: `${prefix}g` }
  const [blocks, transactions, positions] = await Promise.all([
    prisma.block.findMany({ where: { hash: range }, select: { height: true, hash: true }, take: HITS_MAX }),
    prisma.transaction.findMany({ where: { id: range }, select: { id: true, intent: true }, take: HITS_MAX }),
    prisma.position.findMany({ where: { lockId: range }, select: { lockId: true, owner: true }, take: HITS_MAX }),
  ])
  return { blocks, transactions, positions }
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
