import { defineView, type View, type ViewContext } from '#contracts/runtime'
import type { Address, Hash, Hex } from '#primitives'
import { electProducers, seatsAt } from './methods/elect.ts'
import { currentProducers, isProducer } from './methods/producers.ts'
import {
  type Candidate,
  candidates,
  dayOf,
  endedWeight,
  evicted,
  listPositions,
  type Position,
  positions,
  rank,
  term,
  votes,
} from './state.ts'

const seatsNow = (ctx: ViewContext): number => seatsAt(ctx, ctx.get(term, {})?.genesisAt ?? 0n)

const describeCandidate = (ctx: ViewContext, delegate: Address, candidate: Candidate) => ({
  delegate,
  ...candidate,
  weight: ctx.count(votes, { delegate }) - endedWeight(ctx, delegate, dayOf(ctx.env.timeMs)),
  registered: candidate.quitTerm === 0,
  isProducer: isProducer(ctx, delegate),
})

const describePosition = (ctx: ViewContext, lockId: Hex, position: Position) => ({
  lockId,
  ...position,
  counts: dayOf(position.endsAt) > dayOf(ctx.env.timeMs),
  withdrawable: position.endsAt <= ctx.env.timeMs,
})

const candidate = defineView({
  name: 'candidate',
  doc: 'A candidate, or one that quit and has not reclaimed its deposit; null otherwise.',
  args: 'address delegate',
  read: (ctx, { delegate }) => {
    const found = ctx.get(candidates, { delegate })
    return found === undefined ? null : describeCandidate(ctx, delegate, found)
  },
})

const candidatesView = defineView({
  name: 'candidates',
  doc: 'All registered candidates, heaviest first.',
  args: '',
  read: (ctx) =>
    rank(ctx, dayOf(ctx.env.timeMs)).map(({ delegate, candidate: found }) => describeCandidate(ctx, delegate, found)),
})

const ranking = defineView({
  name: 'ranking',
  doc: 'What an election now would decide: ranked candidates with their part in the next term.',
  args: '',
  read: (ctx) => {
    const seats = seatsNow(ctx)
    return rank(ctx, dayOf(ctx.env.timeMs)).map(({ delegate, weight, candidate: { name, sequence } }, index) => ({
      rank: index + 1,
      delegate,
      name,
      weight,
      sequence,
      part: index < seats ? 'producer' : 'backup',
    }))
  },
})

const position = defineView({
  name: 'position',
  doc: 'A vote by its id; null when there is none.',
  args: 'bytes32 lockId',
  read: (ctx, { lockId }) => {
    const found = ctx.get(positions, { lockId })
    return found === undefined ? null : describePosition(ctx, lockId, found)
  },
})

const positionsOf = defineView({
  name: 'positionsOf',
  doc: 'An account’s votes that were not withdrawn, oldest first; at most 256.',
  args: 'address account',
  read: (ctx, { account }) =>
    listPositions(ctx, account).flatMap((lockId: Hash) => {
      const found = ctx.get(positions, { lockId })
      return found === undefined ? [] : [describePosition(ctx, lockId, found)]
    }),
})

const currentTerm = defineView({
  name: 'currentTerm',
  doc: 'The running term with its producers; times in milliseconds.',
  args: '',
  read: (ctx) => {
    const running = ctx.get(term, {})
    return running === undefined
      ? null
      : { ...running, seats: seatsNow(ctx), producers: currentProducers(ctx).map((entry) => ({ ...entry })) }
  },
})

const nextProducers = defineView({
  name: 'nextProducers',
  doc: 'Who would produce if the term ended now.',
  args: '',
  read: (ctx) => electProducers(ctx, seatsNow(ctx)).map((entry) => ({ ...entry })),
})

const eviction = defineView({
  name: 'eviction',
  doc: 'When and by whom a delegate was proven to mine twice; null when it was not.',
  args: 'address delegate',
  read: (ctx, { delegate }) => {
    const found = ctx.get(evicted, { delegate })
    return found === undefined ? null : { delegate, ...found }
  },
})

export const views: readonly View[] = [
  candidate,
  candidatesView,
  ranking,
  position,
  positionsOf,
  currentTerm,
  nextProducers,
  eviction,
]
