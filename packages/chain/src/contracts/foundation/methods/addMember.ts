import { defineMethod, type Method } from '#contracts/runtime'
import { addition, changing, checkVote, voteFor } from './change.ts'

/**
 * The sender's vote to add a member.
 * Origin: a member · Requires: not a member yet, a free place · Effects: opens the change, or counts the vote; with enough votes
 * the account is a member · Events: ChangeVoted, MemberAdded · Errors: notMember, memberForm, alreadyMember, membersFull,
 * alreadyVoted, changeOpen, changesFull · Cost: lists of at most 64 · Refs: FOUNDATION-CHANGE-1
 */
export const addMember: Method = defineMethod({
  number: 1,
  signature: 'function addMember(address member)',
  intent: 'Vote to add {member} to the foundation',
  doc: 'The sender’s vote to add a member of the foundation; done when enough members have sent the same.',
  resources: changing,
  verify: (ctx, { member }) => checkVote(ctx, addition(member)),
  execute: (ctx, { member }) => voteFor(ctx, addition(member)),
})
