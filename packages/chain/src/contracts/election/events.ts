import { defineEvent, type Event } from '#contracts/runtime'
import { ELECTION } from './params.ts'

export const registeredEvent: Event<'address indexed delegate, string name, string url, bytes32 commitment, uint32 commissionBps, uint256 deposit'> =
  defineEvent(ELECTION, {
    number: 1,
    name: 'Registered',
    fields:
      'address indexed delegate, string name, string url, bytes32 commitment, uint32 commissionBps, uint256 deposit',
  })
export const profileUpdatedEvent: Event<'address indexed delegate, string name, string url, uint32 commissionBps'> =
  defineEvent(ELECTION, {
    number: 2,
    name: 'ProfileUpdated',
    fields: 'address indexed delegate, string name, string url, uint32 commissionBps',
  })
export const commitmentRenewedEvent: Event<'address indexed delegate, bytes32 commitment'> = defineEvent(ELECTION, {
  number: 3,
  name: 'CommitmentRenewed',
  fields: 'address indexed delegate, bytes32 commitment',
})
export const quitEvent: Event<'address indexed delegate, uint32 term'> = defineEvent(ELECTION, {
  number: 4,
  name: 'Quit',
  fields: 'address indexed delegate, uint32 term',
})
export const depositReclaimedEvent: Event<'address indexed delegate, uint256 amount'> = defineEvent(ELECTION, {
  number: 5,
  name: 'DepositReclaimed',
  fields: 'address indexed delegate, uint256 amount',
})
export const votedEvent: Event<'bytes32 indexed lockId, address indexed voter, address indexed delegate, uint256 amount, uint32 lockDays, uint256 weight, uint64 endsAt'> =
  defineEvent(ELECTION, {
    number: 6,
    name: 'Voted',
    fields:
      'bytes32 indexed lockId, address indexed voter, address indexed delegate, uint256 amount, uint32 lockDays, uint256 weight, uint64 endsAt',
  })
export const voteChangedEvent: Event<'bytes32 indexed lockId, address indexed voter, address indexed delegate, address former, uint256 weight'> =
  defineEvent(ELECTION, {
    number: 7,
    name: 'VoteChanged',
    fields: 'bytes32 indexed lockId, address indexed voter, address indexed delegate, address former, uint256 weight',
  })
export const extendedEvent: Event<'bytes32 indexed lockId, address indexed voter, address indexed delegate, uint32 lockDays, uint256 weight, uint64 endsAt'> =
  defineEvent(ELECTION, {
    number: 8,
    name: 'Extended',
    fields:
      'bytes32 indexed lockId, address indexed voter, address indexed delegate, uint32 lockDays, uint256 weight, uint64 endsAt',
  })
export const withdrawnEvent: Event<'bytes32 indexed lockId, address indexed voter, address indexed delegate, uint256 amount'> =
  defineEvent(ELECTION, {
    number: 9,
    name: 'Withdrawn',
    fields: 'bytes32 indexed lockId, address indexed voter, address indexed delegate, uint256 amount',
  })
export const doubleMiningProvenEvent: Event<'address indexed delegate, uint64 slot, address indexed finder, uint256 reward, uint256 burned'> =
  defineEvent(ELECTION, {
    number: 10,
    name: 'DoubleMiningProven',
    fields: 'address indexed delegate, uint64 slot, address indexed finder, uint256 reward, uint256 burned',
  })
/** `producers` is encoded by `encodeProducers`. */
export const termElectedEvent: Event<'uint32 term, bytes producers'> = defineEvent(ELECTION, {
  number: 11,
  name: 'TermElected',
  fields: 'uint32 term, bytes producers',
})

export const events: readonly Event[] = [
  registeredEvent,
  profileUpdatedEvent,
  commitmentRenewedEvent,
  quitEvent,
  depositReclaimedEvent,
  votedEvent,
  voteChangedEvent,
  extendedEvent,
  withdrawnEvent,
  doubleMiningProvenEvent,
  termElectedEvent,
]
