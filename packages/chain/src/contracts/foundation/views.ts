import { defineView, type View } from '#contracts/runtime'
import { isMember, listMembers, listOpenChanges, runningChange, thresholdNow, unpackAddresses } from './state.ts'

const membersView = defineView({
  name: 'members',
  doc: 'Members of the foundation in the order in which they joined, and how many must agree on a change.',
  args: '',
  read: (ctx) => ({ members: listMembers(ctx), threshold: thresholdNow(ctx) }),
})

const isMemberView = defineView({
  name: 'isMember',
  doc: 'Whether an account is a member of the foundation.',
  args: 'address account',
  read: (ctx, { account }) => isMember(ctx, account),
})

const openChangesView = defineView({
  name: 'openChanges',
  doc: 'Changes that wait for votes, oldest first, at most 64; kind 1 adds, 2 removes, 3 sets the threshold. Times in milliseconds.',
  args: '',
  read: (ctx) =>
    listOpenChanges(ctx).flatMap((changeId) => {
      const change = runningChange(ctx, changeId)
      return change === undefined ? [] : [{ changeId, ...change, voters: unpackAddresses(change.voters) }]
    }),
})

export const views: readonly View[] = [membersView, isMemberView, openChangesView]
