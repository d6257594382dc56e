import type { Address, Amount, Hash, Hex } from '#domain'
import type {
  CollectionCountRow,
  CollectionEventRow,
  CollectionRuleRow,
  CollectionSignalRow,
} from './collectionRows.ts'
import type { Json } from './json.ts'
import type { ProposalEventRow, ProposalReviewerRow, ProposalRow } from './proposalRows.ts'
import type { RewardClaimRow, RewardPointRow, RewardTermRow } from './rewardRows.ts'
import type { RoundRow, RoundSlotRow, TermProducerRow, TermRow } from './roundRows.ts'

/** Rows as the indexer writes them. `height` and `blockHash` name the block a row comes from or was last changed by. */
interface FromBlock {
  height: bigint
  blockHash: Hash
}

export interface BlockRow {
  height: bigint
  hash: Hash
  parentHash: Hash
  slot: bigint
  timeMs: number
  producer: Address
  round: number
  term: number
  position: number | null
  isExtra: boolean
  reveal: Hash | null
  prevotedHeight: bigint
  generatedHeight: bigint | null
  transactionRoot: Hash
  receiptRoot: Hash
  stateRoot: Hash
  indexRoot: Hash
  signal: Hash | null
  signature: Hex | null
  size: number
  transactionCount: number
  fees: Amount
}

export interface TransactionRow extends FromBlock {
  id: Hash
  position: number
  timeMs: number
  sender: Address
  contract: Address
  contractName: string
  method: string
  intent: string
  args: Json
  success: boolean
  errorCode: string | null
  errorHelp: string | null
  fee: Amount
  feeLimit: Amount
  refHeight: bigint
  refHash: Hex
  nonce: Hex
  envelope: Hex | null
}

export interface EventRow extends FromBlock {
  position: number
  transactionId: Hash | null
  contract: Address
  contractName: string
  name: string
  fields: Json
}

export interface ActivityRow extends FromBlock {
  address: Address
  position: number
  transactionId: Hash
  direction: 'out' | 'in' | 'self' | 'mention'
}

export interface VoteChangeRow extends FromBlock {
  position: number
  timeMs: number
  transactionId: Hash
  lockId: Hash
  kind: 'vote' | 'change' | 'extend' | 'withdraw'
  owner: Address
  delegate: Address
  previousDelegate: Address | null
  amount: Amount
  weight: bigint
  unlocksAtMs: number
}

export interface ProfileChangeRow extends FromBlock {
  position: number
  timeMs: number
  address: Address
  name: string
  url: string
  commissionBps: number
}

export interface WeightPointRow extends FromBlock {
  address: Address
  timeMs: number
  weight: bigint
  voters: number
}

export interface AccountRow extends FromBlock {
  address: Address
  transactionCount: number
  firstHeight: bigint
}

export interface BalanceRow extends FromBlock {
  address: Address
  symbol: string
  opening: Amount
  openingLocked: Amount
  available: Amount
  locked: Amount
}

export interface TokenRow extends FromBlock {
  symbol: string
  name: string
  supply: Amount
  burned: Amount
  creator: Address
  burnable: boolean
  createdHeight: bigint
}

export interface PositionRow extends FromBlock {
  lockId: Hash
  owner: Address
  delegate: Address
  amount: Amount
  lockDays: number
  weight: bigint
  lockedAtMs: number
  unlocksAtMs: number
  withdrawn: boolean
  lockedHeight: bigint
  withdrawnHeight: bigint | null
  changes: number
}

export interface BackerRow extends FromBlock {
  delegate: Address
  owner: Address
  positions: number
  amount: Amount
  weight: bigint
}

export interface DelegateRow extends FromBlock {
  address: Address
  name: string
  url: string
  commissionBps: number
  standing: 'registered' | 'quit' | 'evicted'
  registeredHeight: bigint
  registeredOrder: bigint
  weight: bigint
  staked: Amount
  voters: number
  produced: number
  missed: number
  lastBlockHeight: bigint | null
}

/** Facts: written once with their block, deleted with it. */
export interface FactRows {
  blocks: BlockRow
  transactions: TransactionRow
  events: EventRow
  activities: ActivityRow
  vote_changes: VoteChangeRow
  profile_changes: ProfileChangeRow
  weight_points: WeightPointRow
  rounds: RoundRow
  round_slots: RoundSlotRow
  terms: TermRow
  term_producers: TermProducerRow
  reward_terms: RewardTermRow
  reward_points: RewardPointRow
  reward_claims: RewardClaimRow
  proposal_events: ProposalEventRow
  collection_events: CollectionEventRow
}

/** Keyed rows: changed by many blocks, put back from `undo_entries`. */
export interface StateRows {
  accounts: AccountRow
  balances: BalanceRow
  tokens: TokenRow
  positions: PositionRow
  backers: BackerRow
  delegates: DelegateRow
  proposals: ProposalRow
  proposal_reviewers: ProposalReviewerRow
  collection_rule: CollectionRuleRow
  collection_signals: CollectionSignalRow
  collection_counts: CollectionCountRow
}

export type FactTable = keyof FactRows
export type StateTable = keyof StateRows

export const factTables: readonly FactTable[] = [
  'blocks',
  'transactions',
  'events',
  'activities',
  'vote_changes',
  'profile_changes',
  'weight_points',
  'rounds',
  'round_slots',
  'terms',
  'term_producers',
  'reward_terms',
  'reward_points',
  'reward_claims',
  'proposal_events',
  'collection_events',
]

/** Key columns of each keyed table, and which columns hold `bigint` values, which the driver answers as text. */
export const stateTables: {
  readonly [T in StateTable]: {
    readonly key: readonly (keyof StateRows[T] & string)[]
    readonly bigints: readonly string[]
    readonly numbers: readonly string[]
  }
} = {
  accounts: { key: ['address'], bigints: ['firstHeight', 'height'], numbers: [] },
  balances: {
    key: ['address', 'symbol'],
    bigints: ['opening', 'openingLocked', 'available', 'locked', 'height'],
    numbers: [],
  },
  tokens: { key: ['symbol'], bigints: ['supply', 'burned', 'createdHeight', 'height'], numbers: [] },
  positions: {
    key: ['lockId'],
    bigints: ['amount', 'weight', 'lockedHeight', 'withdrawnHeight', 'height'],
    numbers: ['lockedAtMs', 'unlocksAtMs'],
  },
  backers: { key: ['delegate', 'owner'], bigints: ['amount', 'weight', 'height'], numbers: [] },
  delegates: {
    key: ['address'],
    bigints: ['registeredHeight', 'registeredOrder', 'weight', 'staked', 'lastBlockHeight', 'height'],
    numbers: [],
  },
  proposals: {
    key: ['proposalId'],
    bigints: ['submittedHeight', 'submittedOrder', 'deposit', 'height'],
    numbers: ['archiveBytes', 'submittedAtMs', 'endsAtMs', 'closedAtMs'],
  },
  proposal_reviewers: { key: ['proposalId', 'reviewer'], bigints: ['height'], numbers: [] },
  collection_rule: { key: ['id'], bigints: ['since', 'lockedAt', 'resetAt', 'height'], numbers: [] },
  collection_signals: { key: ['place'], bigints: ['height'], numbers: [] },
  collection_counts: { key: ['hash'], bigints: ['height'], numbers: [] },
}
export const stateTableNames: readonly StateTable[] = [
  'accounts',
  'balances',
  'tokens',
  'positions',
  'backers',
  'delegates',
  'proposals',
  'proposal_reviewers',
  'collection_rule',
  'collection_signals',
  'collection_counts',
]
