import type { ExecuteContext } from '#contracts/runtime'
import { type Address, minBigint } from '#primitives'
import { DAY_MS, LOCK_DAYS_MAX, MAX_COMMISSION_BPS } from '../params.ts'
import { rewardPort } from '../ports.ts'
import { candidates, dayOf, endedWeight, evicted, term, votes } from '../state.ts'
import { currentProducers } from './producers.ts'

/**
 * Fixes by what the term that begins is shared: the commission that is published now, and the weight whose locks last beyond
 * the day on which the term is to end.
 */
export function openTerm(ctx: ExecuteContext, delegates: readonly Address[]): void {
  const opened = ctx.get(term, {})
  if (opened === undefined) return
  // No lock ends later than this, however long a term is.
  const lastDay = dayOf(minBigint(opened.endsAt, ctx.env.timeMs + BigInt(LOCK_DAYS_MAX) * DAY_MS))
  const policies = [...new Set(delegates)]
    .filter((delegate) => ctx.get(evicted, { delegate }) === undefined)
    .map((delegate) => ({
      delegate,
      // Who never registered promised nothing, and nobody could vote for it.
      commissionBps: ctx.get(candidates, { delegate })?.commissionBps ?? MAX_COMMISSION_BPS,
      weight: ctx.count(votes, { delegate }) - endedWeight(ctx, delegate, lastDay),
    }))
  ctx.call(rewardPort).openTerm({ ...opened, policies })
}

/** The first term, once genesis has all its votes. */
export const openFirstTerm = (ctx: ExecuteContext): void =>
  openTerm(
    ctx,
    currentProducers(ctx).map(({ address }) => address),
  )
