import { defineMethod, type Method } from '#contracts/runtime'
import { assert } from '#primitives'
import { nothingToClaim, notOwner, unknownShare } from '../errors.ts'
import { shares } from '../state.ts'
import { due, settle, settling, store } from './settle.ts'

/**
 * Pays a voter what a vote has earned in the terms that have ended.
 * Origin: the voter · Requires: something earned · Effects: the amount is in the balance · Events: Claimed, token Transfer
 * Errors: unknownShare, notOwner, nothingToClaim · Cost: a search of at most 32 steps over a delegate's points · Refs: REWARD-CLAIM-1
 */
export const claim: Method = defineMethod({
  number: 1,
  signature: 'function claim(bytes32 lockId)',
  intent: 'Claim the rewards of the vote {lockId}',
  doc: 'Pays the voter what a vote has earned in the terms that have ended.',
  resources: ({ lockId }, env) => settling(lockId, env.from, env),
  verify: (ctx, { lockId }) => {
    const share = ctx.get(shares, { lockId })
    if (share === undefined) return unknownShare
    if (share.owner !== ctx.env.from) return notOwner
    return due(ctx, share).amount === 0n ? nothingToClaim : undefined
  },
  execute: (ctx, { lockId }) => {
    const share = ctx.get(shares, { lockId })
    assert(share !== undefined, 'verified before')
    store(ctx, lockId, settle(ctx, lockId, share))
  },
})
