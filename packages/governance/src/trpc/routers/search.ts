import { z } from 'zod'
import { findAccount, findBlock, findRound, findTerm, searchDelegates, searchHashes, searchTokens } from '#db'
import { type Address, formatAmount, type SearchHit } from '#domain'
import { ageAt, checkpointOf } from '../age.ts'
import type { TrpcContext } from '../context.ts'
import { contractNamed, contractsNow } from '../contracts.ts'
import { procedure, router } from '../init.ts'
import type { RouterOf, SearchRecord } from '../surface.ts'

const HITS_MAX = 12
const PREFIX = /^0x[0-9a-f]{4,64}$/

async function searchNumber(ctx: TrpcContext, text: string): Promise<SearchHit[]> {
  const digits = text.replaceAll(',', '')
  if (!/^\d{1,15}$/.test(digits)) return []
  const number = Number(digits)
  const checkpoint = await checkpointOf(ctx)
  const isSmall = number <= 2_147_483_647
  const [block, round, term] = await Promise.all([
    checkpoint === undefined ? undefined : findBlock(ctx.database, { height: BigInt(digits) }, checkpoint),
    isSmall ? findRound(ctx.database, number) : undefined,
    isSmall ? findTerm(ctx.database, number) : undefined,
  ])
  return [
    ...(block === undefined
      ? []
      : [{ kind: 'block' as const, id: digits, title: `Block ${digits}`, detail: block.hash }]),
    ...(round === undefined
      ? []
      : [{ kind: 'round' as const, id: digits, title: `Round ${digits}`, detail: `term ${round.round.term}` }]),
    ...(term === undefined
      ? []
      : [{ kind: 'term' as const, id: digits, title: `Term ${digits}`, detail: `${term.producers.length} producers` }]),
  ]
}

async function searchHex(ctx: TrpcContext, text: string): Promise<SearchHit[]> {
  if (!PREFIX.test(text)) return []
  const { blocks, transactions, positions, collections, proposals } = await searchHashes(ctx.database, text)
  const hits: SearchHit[] = [
    ...collections.map((hash) => ({ kind: 'collection' as const, id: hash, title: 'Collection', detail: hash })),
    ...proposals.map(({ id, title }) => ({ kind: 'proposal' as const, id, title, detail: id })),
    ...blocks.map(({ height, hash }) => ({
      kind: 'block' as const,
      id: height.toString(),
      title: `Block ${height}`,
      detail: hash,
    })),
    ...transactions.map(({ id, intent }) => ({ kind: 'transaction' as const, id, title: intent, detail: id })),
    ...positions.map(({ lockId, owner }) => ({
      kind: 'position' as const,
      id: lockId,
      title: 'Position',
      detail: `of ${owner}`,
    })),
  ]
  if (text.length !== 42) return hits
  const contract = contractNamed((await contractsNow(ctx)).contracts, text)
  if (contract !== undefined)
    return [{ kind: 'contract', id: contract.name, title: `Contract ${contract.name}`, detail: text }, ...hits]
  const account = await findAccount(ctx.database, text as Address)
  // Any address can hold tokens, so even one never seen has a page.
  return [
    {
      kind: 'account',
      id: text,
      title: 'Account',
      detail: account === undefined ? 'not seen on the chain yet' : `${account.transactionCount} transactions`,
    },
    ...hits,
  ]
}

async function searchNames(ctx: TrpcContext, text: string): Promise<SearchHit[]> {
  const [delegates, tokens] = await Promise.all([searchDelegates(ctx.database, text), searchTokens(ctx.database, text)])
  const contract = contractNamed((await contractsNow(ctx)).contracts, text.toLowerCase())
  const supplies = await Promise.all(
    tokens.map(({ symbol }) => ctx.database.prisma.token.findUnique({ where: { symbol } })),
  )
  return [
    ...(contract === undefined
      ? []
      : [
          {
            kind: 'contract' as const,
            id: contract.name,
            title: `Contract ${contract.name}`,
            detail: contract.address,
          },
        ]),
    ...delegates.map(({ address, name }) => ({
      kind: 'delegate' as const,
      id: address,
      title: name === '' ? address : name,
      detail: address,
    })),
    ...tokens.map(({ symbol, name }, index) => ({
      kind: 'token' as const,
      id: symbol,
      title: `${symbol} (${name})`,
      detail: `supply ${formatAmount(BigInt(supplies[index]?.supply.toFixed(0) ?? 0))}`,
    })),
  ]
}

export const searchRouter: RouterOf<SearchRecord> = router({
  query: procedure.input(z.object({ text: z.string().max(200) })).query(async ({ ctx, input }) => {
    const text = input.text.trim()
    const checkpoint = await checkpointOf(ctx)
    const isHex = text.toLowerCase().startsWith('0x')
    const hits =
      text === ''
        ? []
        : await Promise.all([
            searchNumber(ctx, text),
            searchHex(ctx, text.toLowerCase()),
            isHex && !PREFIX.test(text.toLowerCase()) ? [] : searchNames(ctx, text),
          ])
    return { query: text, hits: hits.flat().slice(0, HITS_MAX), asOf: await ageAt(ctx, checkpoint) }
  }),
})
