import { type ContractError, defineError } from '#contracts/runtime'
import { TOKEN } from './params.ts'

const error = (number: number, name: string, help: string): ContractError => defineError(TOKEN, { number, name, help })

export const insufficientBalance: ContractError = error(
  1,
  'insufficientBalance',
  'Send at most the unlocked balance that remains after the fee.',
)
export const insufficientAllowance: ContractError = error(
  2,
  'insufficientAllowance',
  'Ask the owner to approve a larger amount.',
)
export const zeroAmount: ContractError = error(3, 'zeroAmount', 'Name an amount above zero.')
export const symbolTaken: ContractError = error(4, 'symbolTaken', 'Choose a symbol no token has yet.')
export const symbolForm: ContractError = error(
  5,
  'symbolForm',
  'Use 2 to 10 capital letters and digits, a letter first.',
)
export const nameForm: ContractError = error(6, 'nameForm', 'Use a name of 1 to 64 characters.')
export const supplyRange: ContractError = error(7, 'supplyRange', 'Issue at least 1 unit and fewer than 2^127.')
export const notBurnable: ContractError = error(8, 'notBurnable', 'Only tokens created as burnable can be burned.')
export const unknownLock: ContractError = error(9, 'unknownLock', 'Use the id of a lock that still exists.')
export const notLockOwner: ContractError = error(
  10,
  'notLockOwner',
  'Only the account that locked the amount can release it.',
)
export const lockHeld: ContractError = error(11, 'lockHeld', 'A contract holds this lock: release it there.')
export const lockActive: ContractError = error(12, 'lockActive', 'Wait until the lock has ended.')
export const lockPeriod: ContractError = error(13, 'lockPeriod', 'Lock for 1 to 3,650 days.')
export const lockTaken: ContractError = error(14, 'lockTaken', 'A lock with this id exists: send a new transaction.')
export const onlyRewards: ContractError = error(
  15,
  'onlyRewards',
  'Only the reward contract creates ELF and spends what fees brought in.',
)

export const errors: readonly ContractError[] = [
  insufficientBalance,
  insufficientAllowance,
  zeroAmount,
  symbolTaken,
  symbolForm,
  nameForm,
  supplyRange,
  notBurnable,
  unknownLock,
  notLockOwner,
  lockHeld,
  lockActive,
  lockPeriod,
  lockTaken,
  onlyRewards,
]
