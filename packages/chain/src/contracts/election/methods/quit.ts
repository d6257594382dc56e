import { defineMethod, type Method, reading, writing } from '#contracts/runtime'
import { assert } from '#primitives'
import { currentProducer, notCandidate } from '../errors.ts'
import { quitEvent } from '../events.ts'
import {
  candidateList,
  candidates,
  listCandidates,
  registeredCandidate,
  saveCandidateList,
  term,
  termResult,
} from '../state.ts'
import { isProducer } from './producers.ts'

/**
 * Takes the sender off the list of candidates.
 * Origin: a registered candidate · Requires: not a producer of the running term · Effects: no longer electable; the deposit stays
 * Events: Quit · Errors: notCandidate, currentProducer · Cost: one list of up to 1,024 addresses · Refs: ELECTION-QUIT-1
 */
export const quit: Method = defineMethod({
  number: 4,
  signature: 'function quit()',
  intent: 'Stop being a candidate',
  doc: 'Takes the sender off the candidates; not while it produces.',
  resources: (_, { from }) => [writing(candidates, from), writing(candidateList), reading(term), reading(termResult)],
  verify: (ctx) => {
    if (registeredCandidate(ctx, ctx.env.from) === undefined) return notCandidate
    return isProducer(ctx, ctx.env.from) ? currentProducer : undefined
  },
  execute: (ctx) => {
    const delegate = ctx.env.from
    const candidate = ctx.get(candidates, { delegate })
    const running = ctx.get(term, {})
    assert(candidate !== undefined && running !== undefined, 'verified before')
    ctx.set(candidates, { delegate }, { ...candidate, quitTerm: running.term })
    saveCandidateList(
      ctx,
      listCandidates(ctx).filter((other) => other !== delegate),
    )
    ctx.emit(quitEvent, { delegate, term: running.term })
  },
})
