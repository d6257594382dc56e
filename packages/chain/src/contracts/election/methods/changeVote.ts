import { defineMethod, everywhere, type Method, reading, writing } from '#contracts/runtime'
import { assert } from '#primitives'
import { notCandidate, notOwner, positionEnded, sameDelegate, unknownPosition } from '../errors.ts'
import { voteChangedEvent } from '../events.ts'
import { rewardPort } from '../ports.ts'
import {
  addWeight,
  candidates,
  dayOf,
  expiring,
  positions,
  registeredCandidate,
  removeWeight,
  votes,
} from '../state.ts'

/**
 * Moves a position to another delegate; lock time and weight stay.
 * Origin: the voter · Requires: a day before the lock ends, a registered delegate · Effects: the weight moves
 * Events: VoteChanged · Errors: unknownPosition, notOwner, sameDelegate, positionEnded, notCandidate · Cost: 6 reads, 5 writes
 * Refs: ELECTION-CHANGE-1
 */
export const changeVote: Method = defineMethod({
  number: 7,
  signature: 'function changeVote(bytes32 lockId, address delegate)',
  intent: 'Move the vote {lockId} to {delegate}',
  doc: 'Moves a vote to another delegate; lock time and weight stay as they are.',
  resources: ({ lockId, delegate }, env) => [
    writing(positions, lockId),
    reading(candidates, delegate),
    everywhere('add', votes),
    everywhere('add', expiring),
    ...env.declares(rewardPort).settling(lockId, env.from, env),
  ],
  verify: (ctx, { lockId, delegate }) => {
    const position = ctx.get(positions, { lockId })
    if (position === undefined) return unknownPosition
    if (position.owner !== ctx.env.from) return notOwner
    if (position.delegate === delegate) return sameDelegate
    if (dayOf(position.endsAt) <= dayOf(ctx.env.timeMs)) return positionEnded
    return registeredCandidate(ctx, delegate) === undefined ? notCandidate : undefined
  },
  execute: (ctx, { lockId, delegate }) => {
    const position = ctx.get(positions, { lockId })
    assert(position !== undefined, 'verified before')
    const moved = { ...position, delegate }
    // The lock ends after today and sweeps reach today at most: the weight still counts.
    removeWeight(ctx, position)
    addWeight(ctx, moved)
    ctx.set(positions, { lockId }, moved)
    ctx.call(rewardPort).change({ lockId, delegate, weight: position.weight, endsAt: position.endsAt })
    ctx.emit(voteChangedEvent, {
      lockId,
      voter: position.owner,
      delegate,
      former: position.delegate,
      weight: position.weight,
    })
  },
})
