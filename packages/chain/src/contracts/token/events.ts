import { defineEvent, type Event } from '#contracts/runtime'
import { TOKEN } from './params.ts'

export const transferEvent: Event<'address indexed from, address indexed to, string symbol, uint256 amount'> =
  defineEvent(TOKEN, {
    number: 1,
    name: 'Transfer',
    fields: 'address indexed from, address indexed to, string symbol, uint256 amount',
  })
export const approvedEvent: Event<'address indexed owner, address indexed spender, string symbol, uint256 amount'> =
  defineEvent(TOKEN, {
    number: 2,
    name: 'Approved',
    fields: 'address indexed owner, address indexed spender, string symbol, uint256 amount',
  })
export const createdEvent: Event<'string symbol, string tokenName, uint256 supply, address indexed creator, bool burnable'> =
  defineEvent(TOKEN, {
    number: 3,
    name: 'Created',
    fields: 'string symbol, string tokenName, uint256 supply, address indexed creator, bool burnable',
  })
export const lockedEvent: Event<'bytes32 indexed lockId, address indexed owner, string symbol, uint256 amount, uint64 endsAt, address holder'> =
  defineEvent(TOKEN, {
    number: 4,
    name: 'Locked',
    fields:
      'bytes32 indexed lockId, address indexed owner, string symbol, uint256 amount, uint64 endsAt, address holder',
  })
export const unlockedEvent: Event<'bytes32 indexed lockId, address indexed owner, string symbol, uint256 amount'> =
  defineEvent(TOKEN, {
    number: 5,
    name: 'Unlocked',
    fields: 'bytes32 indexed lockId, address indexed owner, string symbol, uint256 amount',
  })
export const burnedEvent: Event<'address indexed owner, string symbol, uint256 amount'> = defineEvent(TOKEN, {
  number: 6,
  name: 'Burned',
  fields: 'address indexed owner, string symbol, uint256 amount',
})
/** In no receipt: amounts are created at the end of a term, by no transaction. */
export const mintedEvent: Event<'address indexed to, string symbol, uint256 amount'> = defineEvent(TOKEN, {
  number: 7,
  name: 'Minted',
  fields: 'address indexed to, string symbol, uint256 amount',
})

export const events: readonly Event[] = [
  transferEvent,
  approvedEvent,
  createdEvent,
  lockedEvent,
  unlockedEvent,
  burnedEvent,
  mintedEvent,
]
