import { defineView, type View, type ViewContext } from '#contracts/runtime'
import { type Address, bytesToHash, type Hex, hexToBytes } from '#primitives'
import { due } from './methods/settle.ts'
import { MAX_ASKED_SHARES, MAX_ASKED_TERMS } from './params.ts'
import { fundsPort } from './ports.ts'
import {
  blocks,
  commissions,
  countPoints,
  indexAt,
  listMakers,
  owed,
  points,
  policies,
  running,
  shares,
  terms,
} from './state.ts'

const ID_BYTES = 32

function describeShare(ctx: ViewContext, lockId: Hex) {
  const share = ctx.get(shares, { lockId })
  if (share === undefined) return null
  const { owner, delegate, weight, since } = share
  return { lockId, owner, delegate, weight, since, amount: due(ctx, share).amount }
}

const claimable = defineView({
  name: 'claimable',
  doc: 'What a vote has earned in the terms that have ended and not claimed; null for an unknown vote.',
  args: 'bytes32 lockId',
  read: (ctx, { lockId }) => describeShare(ctx, lockId),
})

const claimables = defineView({
  name: 'claimables',
  doc: 'As claimable, for up to 256 votes whose ids follow each other in one value; unknown ones are left out.',
  args: 'bytes lockIds',
  read: (ctx, { lockIds }) => {
    const packed = hexToBytes(lockIds).subarray(0, MAX_ASKED_SHARES * ID_BYTES)
    return Array.from({ length: (packed.length - (packed.length % ID_BYTES)) / ID_BYTES }, (_, at) =>
      describeShare(ctx, bytesToHash(packed.subarray(at * ID_BYTES, (at + 1) * ID_BYTES))),
    ).filter((found) => found !== null)
  },
})

const claimableCommission = defineView({
  name: 'claimableCommission',
  doc: 'What a delegate may claim for itself.',
  args: 'address delegate',
  read: (ctx, key) => ctx.count(commissions, key),
})

const policy = defineView({
  name: 'policy',
  doc: 'What the running term is shared by for a delegate: commission, weight and blocks so far; null when it has no part in it.',
  args: 'address delegate',
  read: (ctx, { delegate }) => {
    const found = ctx.get(policies, { delegate })
    if (found === undefined || found.term !== ctx.get(running, {})?.term) return null
    return { delegate, ...found, blocks: ctx.count(blocks, { producer: delegate }) }
  },
})

const runningTerm = defineView({
  name: 'runningTerm',
  doc: 'The running term: the reward of each of its blocks, who made how many, the fees that wait; times in milliseconds.',
  args: '',
  read: (ctx) => {
    const term = ctx.get(running, {})
    if (term === undefined) return null
    const made = listMakers(ctx).map((producer) => ({ producer, blocks: ctx.count(blocks, { producer }) }))
    const { balanceOf, collected } = ctx.read(fundsPort)
    const carried = balanceOf(ctx.env.self) - ctx.count(owed, {})
    return { ...term, made, fees: collected(), carried, owed: ctx.count(owed, {}) }
  },
})

/** Numbers below `before`, newest first; zero starts at the newest. */
function numbersBelow(before: number, newest: number, limit: number): number[] {
  const top = before === 0 || before > newest ? newest : before - 1
  const most = limit < MAX_ASKED_TERMS ? limit : MAX_ASKED_TERMS
  return Array.from({ length: top < most ? top : most }, (_, at) => top - at)
}

const termIncomes = defineView({
  name: 'termIncomes',
  doc: 'Terms that have ended with what they brought, newest first, at most 104; from below a term, or zero for the newest.',
  args: 'uint32 before, uint32 limit',
  read: (ctx, { before, limit }) => {
    const newest = (ctx.get(running, {})?.term ?? 1) - 1
    return numbersBelow(before, newest, limit).flatMap((term) => {
      const found = ctx.get(terms, { term })
      return found === undefined ? [] : [{ term, ...found }]
    })
  },
})

function describePoint(ctx: ViewContext, delegate: Address, number: number) {
  const point = ctx.get(points, { delegate, number })
  if (point === undefined) return []
  const { index, ...rest } = point
  return [{ number, ...rest, index, perWeight: index - indexAt(ctx, delegate, number - 1) }]
}

const delegateIncomes = defineView({
  name: 'delegateIncomes',
  doc: 'What terms brought a delegate, newest first, at most 104; from below a number, or zero for the newest. perWeight is for each unit of weight, times 10^18.',
  args: 'address delegate, uint32 before, uint32 limit',
  read: (ctx, { delegate, before, limit }) =>
    numbersBelow(before, countPoints(ctx, delegate), limit).flatMap((number) => describePoint(ctx, delegate, number)),
})

export const views: readonly View[] = [
  claimable,
  claimables,
  claimableCommission,
  policy,
  runningTerm,
  termIncomes,
  delegateIncomes,
]
