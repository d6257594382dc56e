import { z } from 'zod'
import { delegateNames, findTerm, listTerms, termIncome, termPerformance } from '#db'
import type { Address, TermView } from '#domain'
import { ageAt, checkpointOf } from '../age.ts'
import type { TrpcContext } from '../context.ts'
import { ApiError } from '../errors.ts'
import { procedure, router } from '../init.ts'
import { cutPage, LIMIT_DEFAULT, pageFields, readCursor, writeCursor } from '../inputs.ts'
import type { RouterOf, TermRecord } from '../surface.ts'

const number = z.number().int().min(0).max(2_147_483_647)

async function getTerm(ctx: TrpcContext, wanted: number | 'latest'): Promise<TermView> {
  const [found, newest, checkpoint] = await Promise.all([
    findTerm(ctx.database, wanted === 'latest' ? undefined : wanted),
    findTerm(ctx.database, undefined),
    checkpointOf(ctx),
  ])
  if (found === undefined) throw new ApiError('term.notFound', `There is no term ${wanted} yet`)
  const [names, performance, income, asOf] = await Promise.all([
    delegateNames(
      ctx.database.prisma,
      found.producers.map((producer) => producer.address),
    ),
    termPerformance(ctx.database, found.term),
    termIncome(ctx.database, found.term),
    ageAt(ctx, checkpoint),
  ])
  const producers = found.producers.map(({ rank, address }) => {
    const name = names.get(address)
    const { produced, missed } = performance.get(address) ?? { produced: 0, missed: 0 }
    const part = income === undefined ? undefined : (income.parts.get(address) ?? 0n)
    return {
      rank,
      address: address as Address,
      produced,
      missed,
      ...(name === undefined ? {} : { name }),
      ...(part === undefined ? {} : { income: part }),
    }
  })
  return {
    ...found,
    producers,
    isCurrent: found.term === newest?.term,
    ...(income === undefined ? {} : { income: income.total }),
    asOf,
  }
}

export const termRouter: RouterOf<TermRecord> = router({
  list: procedure.input(z.object(pageFields).optional()).query(async ({ ctx, input }) => {
    const limit = input?.limit ?? LIMIT_DEFAULT
    const [below] = readCursor(input?.cursor, 1) ?? []
    const [newest, checkpoint] = await Promise.all([findTerm(ctx.database, undefined), checkpointOf(ctx)])
    const query = {
      below: below === undefined ? undefined : Number(below),
      limit: limit + 1,
      current: newest?.term ?? 0,
    }
    const rows = await listTerms(ctx.database, query)
    return { ...cutPage(rows, limit, (last) => writeCursor(last.term)), asOf: await ageAt(ctx, checkpoint) }
  }),
  get: procedure
    .input(z.object({ term: z.union([number, z.literal('latest')]) }))
    .query(({ ctx, input }) => getTerm(ctx, input.term)),
})
