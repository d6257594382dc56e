import { adding, defineMethod, type Method, reading, writing } from '#contracts/runtime'
import { insufficientBalance, lockDaysRange, notCandidate, positionsFull, voteTooSmall } from '../errors.ts'
import { votedEvent } from '../events.ts'
import { DAY_MS, LOCK_DAYS_MAX, LOCK_DAYS_MIN, MAX_POSITIONS } from '../params.ts'
import { rewardPort, stakePort } from '../ports.ts'
import {
  accountPositions,
  addWeight,
  candidates,
  expiring,
  listPositions,
  positions,
  registeredCandidate,
  savePositionList,
  votes,
  weightOf,
} from '../state.ts'

/**
 * Locks ELF and votes with it; the position's id is the transaction's.
 * Origin: any account · Requires: a registered delegate, an unlocked balance · Effects: a position, weight for the delegate
 * Events: Voted, token Locked · Errors: voteTooSmall, lockDaysRange, notCandidate, positionsFull, insufficientBalance
 * Cost: one list of up to 256 ids · Refs: ELECTION-VOTE-1, ELECTION-WEIGHT-1
 */
export const vote: Method = defineMethod({
  number: 6,
  signature: 'function vote(address delegate, uint256 amount, uint32 lockDays)',
  intent: 'Lock {amount:elf} ELF for {lockDays} days and vote for {delegate}',
  doc: 'Locks ELF for 90 to 1,080 days and votes with it; longer locks count more. Counts from the next term.',
  resources: ({ delegate }, { from, transactionId, declares }) => [
    reading(candidates, delegate),
    adding(votes, delegate),
    adding(expiring, delegate),
    writing(positions, transactionId),
    writing(accountPositions, from),
    ...declares(stakePort).locking(from, transactionId),
    ...declares(rewardPort).joining(transactionId, delegate),
  ],
  verify: (ctx, { delegate, amount, lockDays }) => {
    if (amount < ctx.env.param('voteMin')) return voteTooSmall
    if (lockDays < LOCK_DAYS_MIN || lockDays > LOCK_DAYS_MAX) return lockDaysRange
    if (registeredCandidate(ctx, delegate) === undefined) return notCandidate
    if (listPositions(ctx, ctx.env.from).length >= MAX_POSITIONS) return positionsFull
    return ctx.read(stakePort).balanceOf(ctx.env.from) < amount ? insufficientBalance : undefined
  },
  execute: (ctx, { delegate, amount, lockDays }) => {
    const { from: owner, transactionId: lockId, timeMs } = ctx.env
    const weight = weightOf(amount, lockDays)
    const endsAt = timeMs + BigInt(lockDays) * DAY_MS
    ctx.call(stakePort).lock({ lockId, owner, amount, endsAt })
    ctx.set(positions, { lockId }, { owner, delegate, amount, lockDays, weight, startedAt: timeMs, endsAt })
    savePositionList(ctx, owner, [...listPositions(ctx, owner), lockId])
    addWeight(ctx, { delegate, weight, endsAt })
    ctx.call(rewardPort).join({ lockId, owner, delegate, weight, endsAt })
    ctx.emit(votedEvent, { lockId, voter: owner, delegate, amount, lockDays, weight, endsAt })
  },
})
