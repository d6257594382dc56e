import { defineEvent, type Event } from '#contracts/runtime'
import { FOUNDATION } from './params.ts'

export const changeVotedEvent: Event<'bytes32 indexed changeId, address indexed member, uint8 kind, address subject, uint32 threshold, uint32 votes, uint64 endsAt'> =
  defineEvent(FOUNDATION, {
    number: 1,
    name: 'ChangeVoted',
    fields:
      'bytes32 indexed changeId, address indexed member, uint8 kind, address subject, uint32 threshold, uint32 votes, uint64 endsAt',
  })
export const memberAddedEvent: Event<'address indexed member, uint32 members'> = defineEvent(FOUNDATION, {
  number: 2,
  name: 'MemberAdded',
  fields: 'address indexed member, uint32 members',
})
export const memberRemovedEvent: Event<'address indexed member, uint32 members'> = defineEvent(FOUNDATION, {
  number: 3,
  name: 'MemberRemoved',
  fields: 'address indexed member, uint32 members',
})
export const thresholdChangedEvent: Event<'uint32 threshold'> = defineEvent(FOUNDATION, {
  number: 4,
  name: 'ThresholdChanged',
  fields: 'uint32 threshold',
})

export const events: readonly Event[] = [changeVotedEvent, memberAddedEvent, memberRemovedEvent, thresholdChangedEvent]
