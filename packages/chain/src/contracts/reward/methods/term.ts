import type { ExecuteContext } from '#contracts/runtime'
import { type Address, mulDiv } from '#primitives'
import { delegateRewardedEvent, termClosedEvent } from '../events.ts'
import { MAX_BPS, MAX_MAKERS, MS_PER_SECOND, SCALE } from '../params.ts'
import { fundsPort, type OpenTerm } from '../ports.ts'
import {
  blocks,
  commissions,
  countPoints,
  dayOf,
  indexAt,
  listMakers,
  makers,
  owed,
  pointCount,
  points,
  policies,
  type Running,
  running,
  saveMakers,
  terms,
} from '../state.ts'

/** At the end of each block: counts it for who made it. */
export function countBlock(ctx: ExecuteContext): void {
  const { producer } = ctx.env
  if (ctx.count(blocks, { producer }) === 0n) {
    const known = listMakers(ctx)
    if (known.length >= MAX_MAKERS) return
    saveMakers(ctx, [...known, producer])
  }
  ctx.add(blocks, { producer }, 1n)
}

/** A delegate's part of a term: its commission, and a point of its index for the voters; what of it was shared. */
function reward(ctx: ExecuteContext, delegate: Address, part: { term: Running; income: bigint; made: bigint }): bigint {
  const { term, income, made } = part
  const policy = ctx.get(policies, { delegate })
  if (policy?.term !== term.term) return 0n
  const { weight } = policy
  const commission = mulDiv(income, BigInt(policy.commissionBps), MAX_BPS)
  const rest = weight === 0n ? 0n : income - commission
  const number = countPoints(ctx, delegate) + 1
  const index = indexAt(ctx, delegate, number - 1) + (weight === 0n ? 0n : mulDiv(rest, SCALE, weight))
  ctx.add(commissions, { delegate }, commission)
  ctx.set(
    points,
    { delegate, number },
    {
      term: term.term,
      startedAt: term.startedAt,
      endDay: dayOf(term.endsAt),
      blocks: Number(made),
      income,
      commission,
      weight,
      index,
    },
  )
  ctx.add(pointCount, { delegate }, 1n)
  ctx.emit(delegateRewardedEvent, { delegate, term: term.term, blocks: Number(made), income, commission, weight })
  return commission + rest
}

/** Shares what came in over the running term among those who made its blocks and who elected them. */
export function closeTerm(ctx: ExecuteContext): void {
  const term = ctx.get(running, {})
  if (term === undefined) return
  const made = listMakers(ctx).map((producer) => ({ producer, count: ctx.count(blocks, { producer }) }))
  const total = made.reduce((sum, { count }) => sum + count, 0n)
  const funds = ctx.call(fundsPort)
  const fees = funds.collectFees()
  const minted = term.blockReward * total
  if (minted > 0n) funds.mint(minted)
  // Whatever is not owed: new income, rounding of former terms, and what somebody sent here.
  const income = ctx.read(fundsPort).balanceOf(ctx.env.self) - ctx.count(owed, {})
  let shared = 0n
  for (const { producer, count } of made) {
    shared += reward(ctx, producer, { term, income: mulDiv(income, count, total), made: count })
    ctx.set(blocks, { producer }, { amount: 0n })
  }
  ctx.delete(makers, {})
  ctx.add(owed, {}, shared)
  const { term: number, startedAt } = term
  const report = { blocks: Number(total), fees, minted, income, shared }
  ctx.set(terms, { term: number }, { startedAt, endedAt: ctx.env.timeMs, ...report })
  ctx.emit(termClosedEvent, { term: number, ...report })
}

/** Fixes what the new term is shared by. */
export function openTerm(ctx: ExecuteContext, opened: OpenTerm): void {
  const { term, startedAt, endsAt, genesisAt } = opened
  const halvingMs = ctx.env.param('halvingSeconds') * MS_PER_SECOND
  const halvings = halvingMs === 0n ? 0n : (startedAt - genesisAt) / halvingMs
  const blockReward = ctx.env.param('blockReward') >> halvings
  ctx.set(running, {}, { term, startedAt, endsAt, genesisAt, blockReward })
  for (const { delegate, commissionBps, weight } of opened.policies)
    ctx.set(policies, { delegate }, { term, commissionBps, weight })
}
