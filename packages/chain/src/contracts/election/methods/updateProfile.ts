import { defineMethod, type Method, writing } from '#contracts/runtime'
import { notCandidate } from '../errors.ts'
import { profileUpdatedEvent } from '../events.ts'
import { candidates, registeredCandidate } from '../state.ts'
import { checkProfile } from './profile.ts'

/**
 * Changes what a delegate says about itself.
 * Origin: a registered candidate · Effects: new name, address and commission · Events: ProfileUpdated
 * Errors: nameForm, urlForm, commissionRange, notCandidate · Cost: 2 reads, 1 write · Refs: ELECTION-CANDIDATE-2
 */
export const updateProfile: Method = defineMethod({
  number: 2,
  signature: 'function updateProfile(string name, string url, uint32 commissionBps)',
  intent: 'Change the delegate profile to {name} ({url}) with a commission of {commissionBps:bps}',
  doc: 'Changes name, web address and commission of the sending delegate.',
  resources: (_, { from }) => [writing(candidates, from)],
  verify: (ctx, args) =>
    checkProfile(args) ?? (registeredCandidate(ctx, ctx.env.from) === undefined ? notCandidate : undefined),
  execute: (ctx, { name, url, commissionBps }) => {
    const delegate = ctx.env.from
    const candidate = ctx.get(candidates, { delegate })
    if (candidate === undefined) return ctx.fail(notCandidate)
    ctx.set(candidates, { delegate }, { ...candidate, name, url, commissionBps })
    ctx.emit(profileUpdatedEvent, { delegate, name, url, commissionBps })
  },
})
