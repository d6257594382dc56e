import { defineEvent, type Event } from '#contracts/runtime'
import { PROPOSAL } from './params.ts'

type Tally =
  'bytes32 indexed proposalId, address indexed author, uint32 adopted, uint32 declined, uint32 electorate, uint256 deposit'
const TALLY: Tally =
  'bytes32 indexed proposalId, address indexed author, uint32 adopted, uint32 declined, uint32 electorate, uint256 deposit'

export const submittedEvent: Event<'bytes32 indexed proposalId, address indexed author, string title, bytes32 textHash, bytes32 archiveHash, uint64 archiveBytes, bytes32 bundleHash, uint32 electorate, uint32 quorum, uint64 endsAt, uint256 deposit'> =
  defineEvent(PROPOSAL, {
    number: 1,
    name: 'Submitted',
    fields:
      'bytes32 indexed proposalId, address indexed author, string title, bytes32 textHash, bytes32 archiveHash, uint64 archiveBytes, bytes32 bundleHash, uint32 electorate, uint32 quorum, uint64 endsAt, uint256 deposit',
  })
export const reviewedEvent: Event<'bytes32 indexed proposalId, address indexed reviewer, bytes32 archiveHash, uint8 verdict, bytes32 reviewHash, uint32 checklist'> =
  defineEvent(PROPOSAL, {
    number: 2,
    name: 'Reviewed',
    fields:
      'bytes32 indexed proposalId, address indexed reviewer, bytes32 archiveHash, uint8 verdict, bytes32 reviewHash, uint32 checklist',
  })
export const adoptedEvent: Event<'bytes32 indexed proposalId, address indexed producer, uint32 adopted, uint32 declined'> =
  defineEvent(PROPOSAL, {
    number: 3,
    name: 'Adopted',
    fields: 'bytes32 indexed proposalId, address indexed producer, uint32 adopted, uint32 declined',
  })
export const declinedEvent: Event<'bytes32 indexed proposalId, address indexed producer, uint32 adopted, uint32 declined'> =
  defineEvent(PROPOSAL, {
    number: 4,
    name: 'Declined',
    fields: 'bytes32 indexed proposalId, address indexed producer, uint32 adopted, uint32 declined',
  })
export const approvedEvent: Event<Tally> = defineEvent(PROPOSAL, { number: 5, name: 'Approved', fields: TALLY })
export const rejectedEvent: Event<Tally> = defineEvent(PROPOSAL, { number: 6, name: 'Rejected', fields: TALLY })
export const withdrawnEvent: Event<Tally> = defineEvent(PROPOSAL, { number: 7, name: 'Withdrawn', fields: TALLY })
export const expiredEvent: Event<Tally> = defineEvent(PROPOSAL, { number: 8, name: 'Expired', fields: TALLY })

export const events: readonly Event[] = [
  submittedEvent,
  reviewedEvent,
  adoptedEvent,
  declinedEvent,
  approvedEvent,
  rejectedEvent,
  withdrawnEvent,
  expiredEvent,
]
