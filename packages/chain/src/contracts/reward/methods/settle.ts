import {
  adding,
  type DeclareEnvironment,
  type ExecuteContext,
  everywhere,
  type Resource,
  reading,
  type ViewContext,
  writing,
} from '#contracts/runtime'
import { type Address, type Hex, ZERO_ADDRESS } from '#primitives'
import { claimedEvent } from '../events.ts'
import { SCALE } from '../params.ts'
import { fundsPort } from '../ports.ts'
import { countPoints, dayOf, indexAt, owed, pointCount, points, running, type Share, shares } from '../state.ts'

type Former = Pick<Share, 'formerDelegate' | 'formerWeight' | 'formerTerm' | 'formerCursor'>

const NO_FORMER: Former = { formerDelegate: ZERO_ADDRESS, formerWeight: 0n, formerTerm: 0, formerCursor: 0 }

/** What paying a vote touches. Points and the running term change at the end of blocks only, so claims do not conflict. */
export const settling = (lockId: Hex, owner: Address, env: DeclareEnvironment): readonly Resource[] => [
  writing(shares, lockId),
  everywhere('read', points),
  everywhere('read', pointCount),
  reading(running),
  adding(owed),
  ...env.declares(fundsPort).paying(owner),
]

/** A share that has nothing to wait for from before. */
export const fresh = (share: Omit<Share, keyof Former>): Share => ({ ...share, ...NO_FORMER })

/** The point a share counts from: the settled one, or the next when that is of the term in which the share came. */
function firstPoint(ctx: ViewContext, { delegate, cursor, since }: Share): number {
  const next = ctx.get(points, { delegate, number: cursor + 1 })
  return next !== undefined && next.startedAt < since ? cursor + 1 : cursor
}

/** The last point a share counts in: of a term that was to end on a day before its lock ends. */
function lastPoint(ctx: ViewContext, { delegate, endsAt }: Share, first: number): number {
  const lockDay = dayOf(endsAt)
  const counts = (number: number): boolean => (ctx.get(points, { delegate, number })?.endDay ?? lockDay) < lockDay
  let known = first
  let above = countPoints(ctx, delegate) + 1
  if (above - 1 > known && counts(above - 1)) return above - 1
  while (above - known > 1) {
    const middle = (known + above) >> 1
    if (counts(middle)) known = middle
    else above = middle
  }
  return known
}

/** What a share earned in the term before a change, when that term has ended. */
function formerPart(ctx: ViewContext, share: Share, term: number): bigint | undefined {
  const { formerDelegate: delegate, formerWeight, formerTerm, formerCursor } = share
  if (formerWeight === 0n || formerTerm >= term) return undefined
  const point = ctx.get(points, { delegate, number: formerCursor + 1 })
  return point?.term === formerTerm ? formerWeight * (point.index - indexAt(ctx, delegate, formerCursor)) : 0n
}

/** What a share can claim, and what it is once that is paid. */
export function due(ctx: ViewContext, share: Share): { readonly amount: bigint; readonly settled: Share } {
  const term = ctx.get(running, {})?.term ?? 0
  const first = firstPoint(ctx, share)
  const last = lastPoint(ctx, share, first)
  const { delegate, weight } = share
  const main = last === first ? 0n : weight * (indexAt(ctx, delegate, last) - indexAt(ctx, delegate, first))
  const former = formerPart(ctx, share, term)
  const settled = { ...share, cursor: last, ...(former === undefined ? {} : NO_FORMER) }
  return { amount: (main + (former ?? 0n)) / SCALE, settled }
}

/** Pays a share what it has earned; the share as it is afterwards, not yet stored. */
export function settle(ctx: ExecuteContext, lockId: Hex, share: Share): Share {
  const { amount, settled } = due(ctx, share)
  if (amount > 0n) {
    ctx.add(owed, {}, -amount)
    ctx.call(fundsPort).pay({ to: share.owner, amount })
    ctx.emit(claimedEvent, { lockId, owner: share.owner, delegate: share.delegate, amount })
  }
  return settled
}

/** Stores a share, or forgets it when it can never earn again. */
export function store(ctx: ExecuteContext, lockId: Hex, share: Share): void {
  if (share.weight === 0n && share.formerWeight === 0n) ctx.delete(shares, { lockId })
  else ctx.set(shares, { lockId }, share)
}

/** A share takes part in the running term when it was there at its beginning and its lock lasts beyond the day it is to end. */
export function takesPart(ctx: ViewContext, { weight, since, endsAt }: Share): boolean {
  const now = ctx.get(running, {})
  return now !== undefined && weight > 0n && since <= now.startedAt && dayOf(endsAt) > dayOf(now.endsAt)
}

/** Remembers what a settled share is in the running term, before it becomes something else. */
export function remember(ctx: ViewContext, share: Share): Share {
  if (!takesPart(ctx, share)) return share
  const { delegate, weight } = share
  return {
    ...share,
    formerDelegate: delegate,
    formerWeight: weight,
    formerTerm: ctx.get(running, {})?.term ?? 0,
    formerCursor: countPoints(ctx, delegate),
  }
}
