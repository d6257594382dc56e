import { type ContractError, defineError } from '#contracts/runtime'
import { PROPOSAL } from './params.ts'

const error = (number: number, name: string, help: string): ContractError =>
  defineError(PROPOSAL, { number, name, help })

export const notMember: ContractError = error(1, 'notMember', 'Only a member of the foundation submits proposals.')
export const titleForm: ContractError = error(2, 'titleForm', 'Use a title of 1 to 100 characters.')
export const hashMissing: ContractError = error(3, 'hashMissing', 'Name the hashes of the text and of the archive.')
export const archiveSize: ContractError = error(4, 'archiveSize', 'Use an archive of 1 byte to 10 MiB.')
export const tooManyOpen: ContractError = error(
  5,
  'tooManyOpen',
  'Withdraw a proposal, or expire one whose period is over.',
)
export const depositMissing: ContractError = error(
  6,
  'depositMissing',
  'Hold the deposit of 1,000 ELF unlocked, besides the fee.',
)
export const noElectorate: ContractError = error(7, 'noElectorate', 'Wait until the chain has producers.')
export const unknownProposal: ContractError = error(8, 'unknownProposal', 'Use the id of a proposal.')
export const notAuthor: ContractError = error(9, 'notAuthor', 'Only the author withdraws a proposal.')
export const closed: ContractError = error(10, 'closed', 'The proposal is approved, rejected, withdrawn or expired.')
export const periodOver: ContractError = error(11, 'periodOver', 'The time to choose is over: anybody can expire it.')
export const periodRunning: ContractError = error(12, 'periodRunning', 'Wait until the time to choose is over.')
export const notInElectorate: ContractError = error(
  13,
  'notInElectorate',
  'Only who produced when the proposal was submitted chooses.',
)
export const textMismatch: ContractError = error(
  14,
  'textMismatch',
  'Read the text of this proposal: its hash differs.',
)
export const archiveMismatch: ContractError = error(
  15,
  'archiveMismatch',
  'Look at the archive of this proposal: its hash differs.',
)
export const alreadyChosen: ContractError = error(
  16,
  'alreadyChosen',
  'Your choice counts; choose the other to change it.',
)
export const notDelegate: ContractError = error(17, 'notDelegate', 'Only a registered delegate reviews proposals.')
export const reviewForm: ContractError = error(
  18,
  'reviewForm',
  'Use verdict 1, 2 or 3, a checklist of eight bits, and the hash of your text or zero.',
)
export const reviewsFull: ContractError = error(19, 'reviewsFull', 'A proposal takes reviews of 256 delegates.')

export const errors: readonly ContractError[] = [
  notMember,
  titleForm,
  hashMissing,
  archiveSize,
  tooManyOpen,
  depositMissing,
  noElectorate,
  unknownProposal,
  notAuthor,
  closed,
  periodOver,
  periodRunning,
  notInElectorate,
  textMismatch,
  archiveMismatch,
  alreadyChosen,
  notDelegate,
  reviewForm,
  reviewsFull,
]
