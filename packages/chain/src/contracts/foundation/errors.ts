import { type ContractError, defineError } from '#contracts/runtime'
import { FOUNDATION } from './params.ts'

const error = (number: number, name: string, help: string): ContractError =>
  defineError(FOUNDATION, { number, name, help })

export const notMember: ContractError = error(1, 'notMember', 'Only members of the foundation vote on its changes.')
export const memberForm: ContractError = error(2, 'memberForm', 'Name an account somebody holds, not the zero address.')
export const alreadyMember: ContractError = error(3, 'alreadyMember', 'The account is a member: nothing to add.')
export const membersFull: ContractError = error(4, 'membersFull', 'Remove a member first: there can be 64.')
export const unknownMember: ContractError = error(5, 'unknownMember', 'Name an account that is a member.')
export const tooFewMembers: ContractError = error(
  6,
  'tooFewMembers',
  'Lower the threshold first: there must be as many members as it asks for.',
)
export const thresholdRange: ContractError = error(
  7,
  'thresholdRange',
  'Choose a threshold from 1 to the number of members, other than the present one.',
)
export const alreadyVoted: ContractError = error(
  8,
  'alreadyVoted',
  'Your vote for this change counts: wait for others.',
)
export const changeOpen: ContractError = error(
  9,
  'changeOpen',
  'A change you opened waits for votes: let it pass or end before you open another.',
)
export const changesFull: ContractError = error(10, 'changesFull', 'Wait until a change ends: 64 can be open.')

export const errors: readonly ContractError[] = [
  notMember,
  memberForm,
  alreadyMember,
  membersFull,
  unknownMember,
  tooFewMembers,
  thresholdRange,
  alreadyVoted,
  changeOpen,
  changesFull,
]
