import type { RoundView as NodeRound } from '@aelf/chain/rpc'
import { z } from 'zod'
import { delegateNames, findRound, type RoundRecord as IndexedRound, listRounds, slotStateOf } from '#db'
import type { DataAge, ExclusionView, RoundView } from '#domain'
import { ageAt, checkpointOf, dataAge } from '../age.ts'
import type { TrpcContext } from '../context.ts'
import { ApiError } from '../errors.ts'
import { procedure, router } from '../init.ts'
import { cutPage, LIMIT_DEFAULT, pageFields, readCursor, writeCursor } from '../inputs.ts'
import type { RoundRecord, RouterOf } from '../surface.ts'

const number = z.number().int().min(0).max(2_147_483_647)

const withNames = (excluded: readonly ExclusionView[], names: ReadonlyMap<string, string>): ExclusionView[] =>
  excluded.map((entry) => {
    const name = names.get(entry.address)
    return name === undefined ? entry : { ...entry, name }
  })

function fromIndex({ round, slots, excluded }: IndexedRound, asOf: DataAge): RoundView {
  const last = slots.at(-1)
  const startTimeMs = Number(round.startTimeMs)
  const step = last === undefined || slots.length < 2 ? 0 : (last.timeMs - startTimeMs) / (slots.length - 1)
  return {
    number: round.number,
    term: round.term,
    startSlot: round.startSlot,
    startTimeMs,
    endTimeMs: (last?.timeMs ?? startTimeMs) + step,
    extra: round.extra as RoundView['extra'],
    slots,
    excluded,
    produced: round.produced,
    missed: round.missed,
    isCurrent: false,
    source: 'index',
    asOf,
  }
}

async function fromNode(ctx: TrpcContext, view: NodeRound): Promise<RoundView> {
  const addresses = [...view.slots.map((slot) => slot.producer), ...view.excluded.map((entry) => entry.address)]
  const [names, info, asOf] = await Promise.all([
    delegateNames(ctx.database.prisma, addresses),
    ctx.node.info(),
    dataAge(ctx),
  ])
  const slots = view.slots.map((slot) => {
    const producerName = names.get(slot.producer)
    return {
      slot: BigInt(slot.slot),
      timeMs: slot.timeMs,
      producer: slot.producer,
      isExtra: slot.isExtra,
      state: slotStateOf(slot.state),
      ...(producerName === undefined ? {} : { producerName }),
      ...(slot.height === undefined ? {} : { height: BigInt(slot.height) }),
      ...(slot.hash === undefined ? {} : { hash: slot.hash }),
      ...(slot.reason === undefined ? {} : { reason: slot.reason }),
    }
  })
  const count = (state: string): number => slots.filter((slot) => slot.state === state).length
  return {
    number: Number(view.number),
    term: view.term,
    startSlot: BigInt(view.startSlot),
    startTimeMs: view.startTimeMs,
    endTimeMs: view.startTimeMs + view.slots.length * (info?.slotMs ?? 0),
    extra: view.extra,
    slots,
    excluded: withNames(view.excluded, names),
    produced: count('produced'),
    missed: count('missed'),
    isCurrent: info !== undefined && info.round === view.number,
    source: 'node',
    asOf,
  }
}

/** Finished rounds come from the index, the running one from the node. */
async function getRound(ctx: TrpcContext, wanted: number | 'latest'): Promise<RoundView> {
  const indexed = wanted === 'latest' ? undefined : await findRound(ctx.database, wanted)
  if (indexed !== undefined) {
    const names = await delegateNames(
      ctx.database.prisma,
      indexed.excluded.map((entry) => entry.address),
    )
    return fromIndex({ ...indexed, excluded: withNames(indexed.excluded, names) }, await dataAge(ctx))
  }
  const view = await ctx.node.round(wanted)
  if (view !== undefined) return fromNode(ctx, view)
  if (wanted !== 'latest') {
    if ((await ctx.node.info()) === undefined)
      throw new ApiError(
        'node.unreachable',
        'It is not indexed, and the node does not answer',
        'Try again in a moment.',
      )
    throw new ApiError('round.notFound', `There is no round ${wanted} yet`)
  }
  const [newest] = await listRounds(ctx.database, { limit: 1 })
  const record = newest === undefined ? undefined : await findRound(ctx.database, newest.number)
  if (record === undefined) throw new ApiError('node.unreachable', 'The node does not answer and no round is indexed')
  return fromIndex(record, await dataAge(ctx))
}

export const roundRouter: RouterOf<RoundRecord> = router({
  list: procedure
    .input(z.object({ ...pageFields, term: number.optional() }).optional())
    .query(async ({ ctx, input }) => {
      const limit = input?.limit ?? LIMIT_DEFAULT
      const [below] = readCursor(input?.cursor, 1) ?? []
      const query = { term: input?.term, below: below === undefined ? undefined : Number(below), limit: limit + 1 }
      const rows = await listRounds(ctx.database, query)
      return {
        ...cutPage(rows, limit, (last) => writeCursor(last.number)),
        asOf: await ageAt(ctx, await checkpointOf(ctx)),
      }
    }),
  get: procedure
    .input(z.object({ number: z.union([number, z.literal('latest')]) }))
    .query(({ ctx, input }) => getRound(ctx, input.number)),
})
