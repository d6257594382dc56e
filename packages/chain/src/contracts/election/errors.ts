import { type ContractError, defineError } from '#contracts/runtime'
import { ELECTION } from './params.ts'

const error = (number: number, name: string, help: string): ContractError =>
  defineError(ELECTION, { number, name, help })

export const alreadyCandidate: ContractError = error(
  1,
  'alreadyCandidate',
  'Update the profile instead; after quitting, reclaim the deposit first.',
)
export const notCandidate: ContractError = error(2, 'notCandidate', 'Name a delegate that is registered now.')
export const candidatesFull: ContractError = error(
  3,
  'candidatesFull',
  'Wait until a candidate quits: there can be 1,024.',
)
export const depositMissing: ContractError = error(
  4,
  'depositMissing',
  'Hold the deposit of 100,000 ELF unlocked, besides the fee.',
)
export const evictedDelegate: ContractError = error(
  5,
  'evictedDelegate',
  'An account that mined twice in a slot can never register again.',
)
export const nameForm: ContractError = error(6, 'nameForm', 'Use a name of 1 to 64 characters.')
export const urlForm: ContractError = error(
  7,
  'urlForm',
  'Leave the address empty or start it with https://, at most 256 characters.',
)
export const commissionRange: ContractError = error(8, 'commissionRange', 'Use 0 to 10,000 basis points.')
export const commitmentForm: ContractError = error(
  9,
  'commitmentForm',
  'Commit to the end of a fresh chain of hashes, never to zero.',
)
export const currentProducer: ContractError = error(
  10,
  'currentProducer',
  'Wait for a term without you among the producers.',
)
export const depositHeld: ContractError = error(11, 'depositHeld', 'Quit first, and wait until that term has ended.')
export const voteTooSmall: ContractError = error(12, 'voteTooSmall', 'Vote with at least 1 ELF.')
export const lockDaysRange: ContractError = error(13, 'lockDaysRange', 'Lock for 90 to 1,080 days.')
export const insufficientBalance: ContractError = error(
  14,
  'insufficientBalance',
  'Lock at most the unlocked balance that remains after the fee.',
)
export const positionsFull: ContractError = error(
  15,
  'positionsFull',
  'Withdraw an ended position first: an account can hold 256.',
)
export const unknownPosition: ContractError = error(
  16,
  'unknownPosition',
  'Use the id of a vote that was not withdrawn.',
)
export const notOwner: ContractError = error(17, 'notOwner', 'Only the voter can change the position.')
export const sameDelegate: ContractError = error(18, 'sameDelegate', 'Name another delegate than the current one.')
export const positionEnded: ContractError = error(
  19,
  'positionEnded',
  'On the day its lock ends a vote no longer counts: extend it, or withdraw it after the end.',
)
export const endNotLater: ContractError = error(
  20,
  'endNotLater',
  'Choose more days: the new end must be later than the present one.',
)
export const weightWouldShrink: ContractError = error(
  21,
  'weightWouldShrink',
  'Choose at least as many days as now: an extension never lowers the weight.',
)
export const stillLocked: ContractError = error(22, 'stillLocked', 'Wait until the lock has ended.')
export const malformedHeader: ContractError = error(23, 'malformedHeader', 'Send two encoded signed headers.')
export const foreignHeader: ContractError = error(24, 'foreignHeader', 'Both headers must be of this chain.')
export const noConflict: ContractError = error(
  25,
  'noConflict',
  'The headers must be two different ones of one producer for one slot.',
)
export const badSignature: ContractError = error(26, 'badSignature', 'Both headers must be signed by their producer.')

export const errors: readonly ContractError[] = [
  alreadyCandidate,
  notCandidate,
  candidatesFull,
  depositMissing,
  evictedDelegate,
  nameForm,
  urlForm,
  commissionRange,
  commitmentForm,
  currentProducer,
  depositHeld,
  voteTooSmall,
  lockDaysRange,
  insufficientBalance,
  positionsFull,
  unknownPosition,
  notOwner,
  sameDelegate,
  positionEnded,
  endNotLater,
  weightWouldShrink,
  stillLocked,
  malformedHeader,
  foreignHeader,
  noConflict,
  badSignature,
]
