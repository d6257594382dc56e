import { defineMethod, type Method } from '#contracts/runtime'
import { changing, checkVote, newThreshold, voteFor } from './change.ts'

/**
 * The sender's vote for another threshold.
 * Origin: a member · Requires: 1 to the number of members, another than now · Effects: opens the change, or counts the vote; with
 * enough votes, by the present threshold, the new one holds · Events: ChangeVoted, ThresholdChanged · Errors: notMember,
 * thresholdRange, alreadyVoted, changeOpen, changesFull · Cost: lists of at most 64 · Refs: FOUNDATION-CHANGE-1
 */
export const setThreshold: Method = defineMethod({
  number: 3,
  signature: 'function setThreshold(uint32 threshold)',
  intent: 'Vote that {threshold} members of the foundation must agree on a change',
  doc: 'The sender’s vote for how many members must agree on a change of the foundation.',
  resources: changing,
  verify: (ctx, { threshold }) => checkVote(ctx, newThreshold(threshold)),
  execute: (ctx, { threshold }) => voteFor(ctx, newThreshold(threshold)),
})
