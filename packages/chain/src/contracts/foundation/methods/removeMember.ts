import { defineMethod, type Method } from '#contracts/runtime'
import { changing, checkVote, removal, voteFor } from './change.ts'

/**
 * The sender's vote to remove a member; a member may vote on its own removal.
 * Origin: a member · Requires: a member, and as many left as the threshold · Effects: opens the change, or counts the vote; with
 * enough votes the account is no member any more · Events: ChangeVoted, MemberRemoved · Errors: notMember, unknownMember,
 * tooFewMembers, alreadyVoted, changeOpen, changesFull · Cost: lists of at most 64 · Refs: FOUNDATION-CHANGE-1
 */
export const removeMember: Method = defineMethod({
  number: 2,
  signature: 'function removeMember(address member)',
  intent: 'Vote to remove {member} from the foundation',
  doc: 'The sender’s vote to remove a member of the foundation; done when enough members have sent the same.',
  resources: changing,
  verify: (ctx, { member }) => checkVote(ctx, removal(member)),
  execute: (ctx, { member }) => voteFor(ctx, removal(member)),
})
