import {
  type Counter,
  defineCounter,
  defineItem,
  type ExecuteContext,
  type FieldsOf,
  type Item,
  type ViewContext,
} from '#contracts/runtime'
import {
  type Address,
  bytesToAddress,
  bytesToHash,
  bytesToHex,
  concatBytes,
  type Hash,
  type Hex,
  hexToBytes,
} from '#primitives'
import { PROPOSAL, STATUS } from './params.ts'

type ProposalFields =
  'address author, string title, bytes32 textHash, bytes32 archiveHash, uint64 archiveBytes, bytes32 bundleHash, uint8 status, uint64 submittedAt, uint64 endsAt, uint64 closedAt, uint32 electorate, uint32 quorum, uint32 adopted, uint32 declined, uint256 deposit, uint32 number'
const PROPOSAL_FIELDS: ProposalFields =
  'address author, string title, bytes32 textHash, bytes32 archiveHash, uint64 archiveBytes, bytes32 bundleHash, uint8 status, uint64 submittedAt, uint64 endsAt, uint64 closedAt, uint32 electorate, uint32 quorum, uint32 adopted, uint32 declined, uint256 deposit, uint32 number'

/** A proposal has the id of the transaction that submitted it; times in milliseconds, `closedAt` zero while open. */
export const proposals: Item<'bytes32 proposalId', ProposalFields> = defineItem(PROPOSAL, {
  number: 1,
  name: 'proposals',
  key: 'bytes32 proposalId',
  value: PROPOSAL_FIELDS,
  bound: 'one entry per submission, each left a deposit',
})

/** Who may choose, 20 bytes each, in the order of the producers' list. */
export const electorates: Item<'bytes32 proposalId', 'bytes addresses'> = defineItem(PROPOSAL, {
  number: 2,
  name: 'electorates',
  key: 'bytes32 proposalId',
  value: 'bytes addresses',
  bound: 'one entry per proposal, 101 addresses each',
})

export const choices: Item<'bytes32 proposalId, address producer', 'uint8 choice, uint64 chosenAt'> = defineItem(
  PROPOSAL,
  {
    number: 3,
    name: 'choices',
    key: 'bytes32 proposalId, address producer',
    value: 'uint8 choice, uint64 chosenAt',
    bound: '101 per proposal',
  },
)

export const reviews: Item<
  'bytes32 proposalId, address reviewer',
  'uint8 verdict, bytes32 reviewHash, uint32 checklist, uint64 reviewedAt'
> = defineItem(PROPOSAL, {
  number: 4,
  name: 'reviews',
  key: 'bytes32 proposalId, address reviewer',
  value: 'uint8 verdict, bytes32 reviewHash, uint32 checklist, uint64 reviewedAt',
  bound: '256 per proposal',
})

/** Who reviewed, 20 bytes each, in the order of their first reviews. */
export const reviewers: Item<'bytes32 proposalId', 'bytes addresses'> = defineItem(PROPOSAL, {
  number: 5,
  name: 'reviewers',
  key: 'bytes32 proposalId',
  value: 'bytes addresses',
  bound: 'one entry per proposal with reviews, 256 addresses each',
})

/** Ids of an author's open proposals, 32 bytes each, oldest first. */
export const openProposals: Item<'address author', 'bytes proposalIds'> = defineItem(PROPOSAL, {
  number: 6,
  name: 'openProposals',
  key: 'address author',
  value: 'bytes proposalIds',
  bound: 'openMax ids',
})

/** All proposals in the order of their submission, from 1. */
export const numbers: Item<'uint32 number', 'bytes32 proposalId'> = defineItem(PROPOSAL, {
  number: 7,
  name: 'numbers',
  key: 'uint32 number',
  value: 'bytes32 proposalId',
  bound: 'one entry per proposal',
})

export const submissions: Counter<''> = defineCounter(PROPOSAL, {
  number: 8,
  name: 'submissions',
  key: '',
  bound: 'one entry',
})

export const state: readonly Item[] = [
  proposals,
  electorates,
  choices,
  reviews,
  reviewers,
  openProposals,
  numbers,
  submissions,
]

export type Proposal = FieldsOf<ProposalFields>

function split<T>(packed: Hex | undefined, width: number, read: (bytes: Uint8Array) => T): T[] {
  const bytes = hexToBytes(packed ?? '0x')
  return Array.from({ length: bytes.length / width }, (_, index) =>
    read(bytes.subarray(index * width, (index + 1) * width)),
  )
}

export const pack = (parts: readonly Hex[]): Hex => bytesToHex(concatBytes(...parts.map(hexToBytes)))
export const unpackAddresses = (packed: Hex | undefined): Address[] => split(packed, 20, bytesToAddress)

export const listElectorate = (ctx: ViewContext, proposalId: Hex): Address[] =>
  unpackAddresses(ctx.get(electorates, { proposalId })?.addresses)

export const listReviewers = (ctx: ViewContext, proposalId: Hex): Address[] =>
  unpackAddresses(ctx.get(reviewers, { proposalId })?.addresses)

export const listOpen = (ctx: ViewContext, author: Address): Hash[] =>
  split(ctx.get(openProposals, { author })?.proposalIds, 32, bytesToHash)

export function saveOpen(ctx: ExecuteContext, author: Address, list: readonly Hex[]): void {
  if (list.length === 0) ctx.delete(openProposals, { author })
  else ctx.set(openProposals, { author }, { proposalIds: pack(list) })
}

/** More than two thirds of the electorate. */
export const quorumOf = (electorate: number): number => Number((2n * BigInt(electorate)) / 3n) + 1

/** As it is now: an open proposal whose period is over counts as expired although nobody closed it yet. */
export const statusNow = ({ status, endsAt }: Proposal, timeMs: bigint): number =>
  status === STATUS.open && endsAt <= timeMs ? STATUS.expired : status
