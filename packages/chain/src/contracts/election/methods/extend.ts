import { defineMethod, everywhere, type Method, writing } from '#contracts/runtime'
import { assert } from '#primitives'
import { endNotLater, lockDaysRange, notCandidate, notOwner, unknownPosition, weightWouldShrink } from '../errors.ts'
import { extendedEvent } from '../events.ts'
import { DAY_MS, LOCK_DAYS_MAX, LOCK_DAYS_MIN } from '../params.ts'
import { rewardPort, stakePort } from '../ports.ts'
import {
  addWeight,
  candidates,
  expiring,
  isSwept,
  positions,
  registeredCandidate,
  removeWeight,
  swept,
  votes,
  weightOf,
} from '../state.ts'

/**
 * Locks a position anew, for longer; works after its end too, as long as it was not withdrawn.
 * Origin: the voter · Requires: a later end, no lower weight, the delegate still registered · Effects: new end and weight
 * Events: Extended · Errors: lockDaysRange, unknownPosition, notOwner, endNotLater, weightWouldShrink, notCandidate
 * Cost: 9 reads, 6 writes · Refs: ELECTION-EXTEND-1
 */
export const extend: Method = defineMethod({
  number: 8,
  signature: 'function extend(bytes32 lockId, uint32 lockDays)',
  intent: 'Lock the vote {lockId} anew for {lockDays} days from now',
  doc: 'Locks a vote for a number of days from now; the end must be later and the weight no lower than before.',
  resources: ({ lockId }, env) => [
    writing(positions, lockId),
    everywhere('read', candidates),
    everywhere('read', swept),
    everywhere('add', votes),
    everywhere('add', expiring),
    ...env.declares(stakePort).extending(lockId),
    ...env.declares(rewardPort).settling(lockId, env.from, env),
  ],
  verify: (ctx, { lockId, lockDays }) => {
    if (lockDays < LOCK_DAYS_MIN || lockDays > LOCK_DAYS_MAX) return lockDaysRange
    const position = ctx.get(positions, { lockId })
    if (position === undefined) return unknownPosition
    if (position.owner !== ctx.env.from) return notOwner
    if (ctx.env.timeMs + BigInt(lockDays) * DAY_MS <= position.endsAt) return endNotLater
    if (weightOf(position.amount, lockDays) < position.weight) return weightWouldShrink
    return registeredCandidate(ctx, position.delegate) === undefined ? notCandidate : undefined
  },
  execute: (ctx, { lockId, lockDays }) => {
    const position = ctx.get(positions, { lockId })
    assert(position !== undefined, 'verified before')
    const { timeMs } = ctx.env
    const endsAt = timeMs + BigInt(lockDays) * DAY_MS
    const weight = weightOf(position.amount, lockDays)
    const longer = { ...position, lockDays, weight, endsAt }
    if (!isSwept(ctx, position)) removeWeight(ctx, position)
    addWeight(ctx, longer)
    ctx.set(positions, { lockId }, longer)
    ctx.call(stakePort).extend({ lockId, endsAt })
    ctx.call(rewardPort).change({ lockId, delegate: position.delegate, weight, endsAt })
    ctx.emit(extendedEvent, { lockId, voter: position.owner, delegate: position.delegate, lockDays, weight, endsAt })
  },
})
