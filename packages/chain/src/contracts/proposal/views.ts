import { defineView, type View, type ViewContext } from '#contracts/runtime'
import type { Hex } from '#primitives'
import { MAX_LISTED } from './params.ts'
import { choices, listElectorate, listReviewers, numbers, proposals, reviews, statusNow, submissions } from './state.ts'

function describe(ctx: ViewContext, proposalId: Hex) {
  const found = ctx.get(proposals, { proposalId })
  return found === undefined ? null : { proposalId, ...found, status: statusNow(found, ctx.env.timeMs) }
}

const proposalView = defineView({
  name: 'proposal',
  doc: 'A proposal by its id; null when there is none. Status 1 open, 2 approved, 3 rejected, 4 withdrawn, 5 expired. Times in milliseconds.',
  args: 'bytes32 proposalId',
  read: (ctx, { proposalId }) => describe(ctx, proposalId),
})

const proposalsView = defineView({
  name: 'proposals',
  doc: 'Proposals, newest first, at most 50; from below a number, or zero for the newest.',
  args: 'uint32 before, uint32 limit',
  read: (ctx, { before, limit }) => {
    const total = Number(ctx.count(submissions, {}))
    const last = before === 0 || before > total ? total : before - 1
    const size = [limit, MAX_LISTED, last].reduce((least, next) => (next < least ? next : least))
    return Array.from({ length: size }, (_, index) => ctx.get(numbers, { number: last - index })).flatMap((entry) => {
      const found = entry === undefined ? null : describe(ctx, entry.proposalId)
      return found === null ? [] : [found]
    })
  },
})

const electorateView = defineView({
  name: 'electorate',
  doc: 'Who may choose on a proposal, in the order of the producers’ list, and what each chose: 0 nothing yet, 1 adopt, 2 decline.',
  args: 'bytes32 proposalId',
  read: (ctx, { proposalId }) =>
    listElectorate(ctx, proposalId).map((producer) => {
      const { choice, chosenAt } = ctx.get(choices, { proposalId, producer }) ?? { choice: 0, chosenAt: 0n }
      return { producer, choice, chosenAt }
    }),
})

const reviewsView = defineView({
  name: 'reviews',
  doc: 'Reviews of a proposal in the order of their first versions, at most 256: verdict 1 sound, 2 concerns, 3 unsound.',
  args: 'bytes32 proposalId',
  read: (ctx, { proposalId }) =>
    listReviewers(ctx, proposalId).flatMap((reviewer) => {
      const found = ctx.get(reviews, { proposalId, reviewer })
      return found === undefined ? [] : [{ reviewer, ...found }]
    }),
})

const rules = defineView({
  name: 'rules',
  doc: 'What submitting asks for now: the deposit in the smallest unit of ELF, the period, and how many an author can have open.',
  args: '',
  read: (ctx) => ({
    deposit: ctx.env.param('deposit'),
    periodSeconds: ctx.env.param('periodSeconds'),
    openMax: ctx.env.param('openMax'),
  }),
})

export const views: readonly View[] = [proposalView, proposalsView, electorateView, reviewsView, rules]
