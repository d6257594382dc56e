import { defineEvent, type Event } from '#contracts/runtime'
import { COLLECTION } from './params.ts'

/** `former` is the successor that it takes the place of; zero for none. */
export const lockedInEvent: Event<'bytes32 indexed hash, bytes32 former, uint32 signals'> = defineEvent(COLLECTION, {
  number: 1,
  name: 'LockedIn',
  fields: 'bytes32 indexed hash, bytes32 former, uint32 signals',
})
export const confirmationResetEvent: Event<'bytes32 indexed hash, uint32 confirmed, uint32 signals'> = defineEvent(
  COLLECTION,
  { number: 2, name: 'ConfirmationReset', fields: 'bytes32 indexed hash, uint32 confirmed, uint32 signals' },
)
export const activatedEvent: Event<'bytes32 indexed hash, bytes32 former, uint64 since'> = defineEvent(COLLECTION, {
  number: 3,
  name: 'Activated',
  fields: 'bytes32 indexed hash, bytes32 former, uint64 since',
})

export const events: readonly Event[] = [lockedInEvent, confirmationResetEvent, activatedEvent]
