import { defineMethod, type Method, reading, writing } from '#contracts/runtime'
import { assert } from '#primitives'
import { depositHeld, notCandidate } from '../errors.ts'
import { depositReclaimedEvent } from '../events.ts'
import { stakePort } from '../ports.ts'
import { candidates, depositLockOf, term } from '../state.ts'

/**
 * Gives the deposit back to a delegate that has quit.
 * Origin: the delegate · Requires: the term in which it quit has ended · Effects: the deposit is unlocked, the profile is gone
 * Events: DepositReclaimed, token Unlocked · Errors: notCandidate, depositHeld · Cost: 4 reads, 4 writes · Refs: ELECTION-QUIT-2
 */
export const reclaimDeposit: Method = defineMethod({
  number: 5,
  signature: 'function reclaimDeposit()',
  intent: 'Take back the delegate deposit',
  doc: 'Gives the deposit back after the term in which the sender quit.',
  resources: (_, { from, declares }) => [
    writing(candidates, from),
    reading(term),
    ...declares(stakePort).unlocking(from, depositLockOf(from)),
  ],
  verify: (ctx) => {
    const candidate = ctx.get(candidates, { delegate: ctx.env.from })
    if (candidate === undefined) return notCandidate
    const running = ctx.get(term, {})?.term ?? 0
    return candidate.quitTerm === 0 || running <= candidate.quitTerm ? depositHeld : undefined
  },
  execute: (ctx) => {
    const delegate = ctx.env.from
    const candidate = ctx.get(candidates, { delegate })
    assert(candidate !== undefined, 'verified before')
    ctx.call(stakePort).unlock(depositLockOf(delegate))
    ctx.delete(candidates, { delegate })
    ctx.emit(depositReclaimedEvent, { delegate, amount: candidate.deposit })
  },
})
