import { defineEvent, type Event } from '#contracts/runtime'
import { REWARD } from './params.ts'

export const termClosedEvent: Event<'uint32 term, uint32 blocks, uint256 fees, uint256 minted, uint256 income, uint256 shared'> =
  defineEvent(REWARD, {
    number: 1,
    name: 'TermClosed',
    fields: 'uint32 term, uint32 blocks, uint256 fees, uint256 minted, uint256 income, uint256 shared',
  })
export const delegateRewardedEvent: Event<'address indexed delegate, uint32 term, uint32 blocks, uint256 income, uint256 commission, uint256 weight'> =
  defineEvent(REWARD, {
    number: 2,
    name: 'DelegateRewarded',
    fields: 'address indexed delegate, uint32 term, uint32 blocks, uint256 income, uint256 commission, uint256 weight',
  })
export const claimedEvent: Event<'bytes32 indexed lockId, address indexed owner, address indexed delegate, uint256 amount'> =
  defineEvent(REWARD, {
    number: 3,
    name: 'Claimed',
    fields: 'bytes32 indexed lockId, address indexed owner, address indexed delegate, uint256 amount',
  })
export const commissionClaimedEvent: Event<'address indexed delegate, uint256 amount'> = defineEvent(REWARD, {
  number: 4,
  name: 'CommissionClaimed',
  fields: 'address indexed delegate, uint256 amount',
})

export const events: readonly Event[] = [termClosedEvent, delegateRewardedEvent, claimedEvent, commissionClaimedEvent]
