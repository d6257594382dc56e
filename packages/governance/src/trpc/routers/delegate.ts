import { z } from 'zod'
import { listBackers, listBlocks, profileChanges, roundPerformance, termsServed, weightHistory } from '#db'
import type { Address, DelegateSummary, DelegateView } from '#domain'
import { ageAt, checkpointOf } from '../age.ts'
import type { TrpcContext } from '../context.ts'
import { ApiError } from '../errors.ts'
import { procedure, router } from '../init.ts'
import { addressInput, cutPage, LIMIT_DEFAULT, pageFields, readCursor, toAddress, writeCursor } from '../inputs.ts'
import { requireCheckpoint, standingsAt } from '../standings.ts'
import type { DelegateRecord, RouterOf } from '../surface.ts'

const ROUNDS_SHOWN = 100
const WEIGHTS_SHOWN = 200
const BACKERS_SHOWN = 10
const BLOCKS_SHOWN = 10
const CHANGES_SHOWN = 50

const listInput = z
  .object({
    ...pageFields,
    sort: z.enum(['rank', 'weight', 'commission', 'uptime', 'voters', 'name']).optional(),
    filter: z.enum(['all', 'producers', 'candidates', 'elected']).optional(),
    search: z.string().max(100).optional(),
  })
  .optional()
type Sort = 'rank' | 'weight' | 'commission' | 'uptime' | 'voters' | 'name'
type Filter = 'all' | 'producers' | 'candidates' | 'elected'

const isKept: Readonly<Record<Filter, (delegate: DelegateSummary) => boolean>> = {
  all: () => true,
  producers: (delegate) => delegate.isProducer,
  candidates: (delegate) => delegate.rank !== undefined && !delegate.isProducer,
  elected: (delegate) => delegate.isElectedNext,
}
const UNRANKED = Number.MAX_SAFE_INTEGER
const byRank = (a: DelegateSummary, b: DelegateSummary): number => (a.rank ?? UNRANKED) - (b.rank ?? UNRANKED)
const compare: Readonly<Record<Sort, (a: DelegateSummary, b: DelegateSummary) => number>> = {
  rank: byRank,
  weight: (a, b) => (a.weight === b.weight ? 0 : a.weight > b.weight ? -1 : 1),
  commission: (a, b) => a.commissionBps - b.commissionBps,
  uptime: (a, b) => (b.lifetime.uptimeBps ?? -1) - (a.lifetime.uptimeBps ?? -1),
  voters: (a, b) => b.voters - a.voters,
  // Code points, not a locale: servers in other countries must page in the same order.
  name: (a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1),
}

async function getDelegate(ctx: TrpcContext, address: Address): Promise<DelegateView> {
  const checkpoint = requireCheckpoint(await checkpointOf(ctx))
  const standings = await standingsAt(ctx, checkpoint)
  const summary = standings.delegates.find((delegate) => delegate.address === address)
  if (summary === undefined) throw new ApiError('delegate.notFound', `${address} is not a delegate`)
  const { database } = ctx
  const [rounds, weights, topBackers, changes, recentBlocks, terms, asOf] = await Promise.all([
    roundPerformance(database, address, ROUNDS_SHOWN),
    weightHistory(database, address, WEIGHTS_SHOWN),
    listBackers(database, {
      delegate: address,
      offset: 0,
      limit: BACKERS_SHOWN,
      total: summary.weight,
      atMs: checkpoint.timeMs,
    }),
    profileChanges(database, address, CHANGES_SHOWN),
    listBlocks(database, { producer: address, limit: BLOCKS_SHOWN }, checkpoint.finalizedHeight),
    termsServed(database, address),
    ageAt(ctx, checkpoint),
  ])
  return {
    ...summary,
    seats: standings.seats,
    cutLineWeight: standings.cutLineWeight,
    cutLineMargin: summary.weight - standings.cutLineWeight,
    hasEndedVotes: (weights.at(-1)?.weight ?? summary.weight) !== summary.weight,
    rounds,
    weightHistory: weights,
    topBackers,
    profileChanges: changes,
    recentBlocks,
    termsServed: terms,
    asOf,
  }
}

export const delegateRouter: RouterOf<DelegateRecord> = router({
  list: procedure.input(listInput).query(async ({ ctx, input }) => {
    const checkpoint = requireCheckpoint(await checkpointOf(ctx))
    const { delegates, ranked, seats, totalWeight, cutLineWeight } = await standingsAt(ctx, checkpoint)
    const wanted = (input?.search ?? '').trim().toLowerCase()
    const order = compare[input?.sort ?? 'rank']
    const found = delegates
      .filter(isKept[input?.filter ?? 'all'])
      .filter(
        (delegate) =>
          wanted === '' || delegate.name.toLowerCase().includes(wanted) || delegate.address.startsWith(wanted),
      )
      .sort((a, b) => order(a, b) || byRank(a, b))
    const limit = input?.limit ?? LIMIT_DEFAULT
    const [start = 0n] = readCursor(input?.cursor, 1) ?? []
    const page = cutPage(found.slice(Number(start), Number(start) + limit + 1), limit, () =>
      writeCursor(Number(start) + limit),
    )
    return { ...page, seats, total: ranked.length, totalWeight, cutLineWeight, asOf: await ageAt(ctx, checkpoint) }
  }),
  get: procedure
    .input(z.object({ address: addressInput }))
    .query(({ ctx, input }) => getDelegate(ctx, toAddress(input.address))),
  backers: procedure.input(z.object({ ...pageFields, address: addressInput })).query(async ({ ctx, input }) => {
    const checkpoint = requireCheckpoint(await checkpointOf(ctx))
    const delegate = toAddress(input.address)
    const total =
      (await standingsAt(ctx, checkpoint)).delegates.find((candidate) => candidate.address === delegate)?.weight ?? 0n
    const limit = input.limit ?? LIMIT_DEFAULT
    const [start = 0n] = readCursor(input.cursor, 1) ?? []
    const query = { delegate, offset: Number(start), limit: limit + 1, total, atMs: checkpoint.timeMs }
    const rows = await listBackers(ctx.database, query)
    return { ...cutPage(rows, limit, () => writeCursor(Number(start) + limit)), asOf: await ageAt(ctx, checkpoint) }
  }),
})
