import { defineMethod, type Method, writing } from '#contracts/runtime'
import { ZERO_HASH } from '#primitives'
import { commitmentForm, notCandidate } from '../errors.ts'
import { commitmentRenewedEvent } from '../events.ts'
import { candidates, registeredCandidate } from '../state.ts'

/**
 * Replaces the commitment to a chain of secret values; it serves from the next term the delegate produces in.
 * Origin: a registered candidate · Effects: new commitment · Events: CommitmentRenewed · Errors: commitmentForm, notCandidate
 * Cost: 2 reads, 1 write · Refs: ELECTION-CANDIDATE-2
 */
export const renewCommitment: Method = defineMethod({
  number: 3,
  signature: 'function renewCommitment(bytes32 commitment)',
  intent: 'Replace the delegate commitment with {commitment}',
  doc: 'Replaces the commitment to the chain of secret values, from the next term on.',
  resources: (_, { from }) => [writing(candidates, from)],
  verify: (ctx, { commitment }) => {
    if (commitment === ZERO_HASH) return commitmentForm
    return registeredCandidate(ctx, ctx.env.from) === undefined ? notCandidate : undefined
  },
  execute: (ctx, { commitment }) => {
    const delegate = ctx.env.from
    const candidate = ctx.get(candidates, { delegate })
    if (candidate === undefined) return ctx.fail(notCandidate)
    ctx.set(candidates, { delegate }, { ...candidate, commitment })
    ctx.emit(commitmentRenewedEvent, { delegate, commitment })
  },
})
