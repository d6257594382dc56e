import { type ContractError, defineError } from '#contracts/runtime'
import { REWARD } from './params.ts'

const error = (number: number, name: string, help: string): ContractError => defineError(REWARD, { number, name, help })

export const unknownShare: ContractError = error(1, 'unknownShare', 'Use the id of a vote that was not withdrawn.')
export const notOwner: ContractError = error(2, 'notOwner', 'Only the voter can claim the rewards of a vote.')
export const nothingToClaim: ContractError = error(
  3,
  'nothingToClaim',
  'Wait until a term ends in which the delegate made blocks.',
)

export const errors: readonly ContractError[] = [unknownShare, notOwner, nothingToClaim]
