import { z } from 'zod'
import { shareBps } from '#domain'
import { ageAt, checkpointOf } from '../age.ts'
import { procedure, router } from '../init.ts'
import { requireCheckpoint, standingsAt } from '../standings.ts'
import type { ElectionRecord, RouterOf } from '../surface.ts'

const RANKING_MAX = 1_024

export const electionRouter: RouterOf<ElectionRecord> = router({
  ranking: procedure
    .input(z.object({ limit: z.number().int().min(1).max(RANKING_MAX).optional() }).optional())
    .query(async ({ ctx, input }) => {
      const checkpoint = requireCheckpoint(await checkpointOf(ctx))
      const { ranked, seats, term, totalWeight, cutLineWeight, currentRanks } = await standingsAt(ctx, checkpoint)
      const entries = ranked.slice(0, input?.limit ?? RANKING_MAX).map((delegate, index) => {
        const before = currentRanks.get(delegate.address)
        const rank = delegate.rank ?? index + 1
        return {
          rank,
          address: delegate.address,
          name: delegate.name,
          weight: delegate.weight,
          voters: delegate.voters,
          shareBps: shareBps(delegate.weight, totalWeight),
          isElected: delegate.isElectedNext,
          isProducerNow: delegate.isProducer,
          cutLineMargin: delegate.weight - cutLineWeight,
          ...(before === undefined ? {} : { movement: before - rank }),
        }
      })
      const info = await ctx.node.info()
      return {
        seats,
        term: term.term,
        nextTerm: term.term + 1,
        termEndsAtMs: info?.termEndsAtMs ?? term.endsAtMs,
        totalWeight,
        cutLineWeight,
        entries,
        unfilledSeats: Math.max(0, seats - ranked.length),
        asOf: await ageAt(ctx, checkpoint),
      }
    }),
})
