import type { Address, Amount, Hash, Hex } from './values.ts'

/**
 * The shapes every tRPC procedure returns. Units: amounts and weights in smallest units (`bigint`), heights and slots
 * `bigint`, rounds, terms, ranks and counts `number`, times in milliseconds since the epoch, commission in basis points.
 */

/** Which block an answer was read at, and how far behind the node the index was at that moment. */
export interface DataAge {
  /** Height of the newest indexed block; undefined while nothing is indexed yet. */
  readonly height?: bigint
  readonly hash?: Hash
  /** Slot time of that block. */
  readonly timeMs?: number
  readonly finalizedHeight: bigint
  /** Blocks the index is behind the node; undefined when the node did not answer. */
  readonly behind?: bigint
  /** Server time of the answer. */
  readonly answeredAtMs: number
}

export interface Dated {
  readonly asOf: DataAge
}

/** One page of a list; pass `nextCursor` back as `cursor`. */
export interface Page<T> extends Dated {
  readonly items: readonly T[]
  readonly nextCursor?: string
}

// ---- network ----

export type NodeState = 'ok' | 'stalled' | 'unreachable'

export interface NodeHealth {
  readonly state: NodeState
  /** One sentence for people, for instance why the node counts as stalled. */
  readonly detail: string
  readonly latencyMs?: number
  readonly version?: string
  /** Nodes the answering process runs or sees. */
  readonly nodes?: number
  readonly engines?: { readonly signature: string; readonly hash: string }
}

export interface PulseView extends Dated {
  readonly network: string
  readonly chainId: number
  readonly genesisHash: Hash
  readonly genesisTimeMs: number
  readonly slotMs: number
  readonly devnet: boolean
  /** Head as the node reports it; the indexed head when the node does not answer. */
  readonly height: bigint
  readonly headHash: Hash
  readonly headSlot: bigint
  readonly headTimeMs: number
  readonly headAgeMs: number
  /** The chain's clock, which a development network may fast-forward. */
  readonly chainNowMs: number
  readonly prevotedHeight: bigint
  readonly finalizedHeight: bigint
  readonly round: number
  readonly term: number
  readonly termStartsAtMs: number
  readonly termEndsAtMs: number
  readonly termSeconds: number
  readonly producers: { readonly active: number; readonly total: number; readonly excluded: number }
  readonly missedLastRound: number
  /** Over the last 100 indexed blocks. */
  readonly throughput: { readonly blocks: number; readonly transactions: number; readonly perSecond: number }
  readonly totalTransactions: number
  readonly totalLocked: Amount
  readonly voters: number
  readonly node: NodeHealth
}

/** What `network.live` sends: the newest state after each change; `changed` says which parts moved. */
export interface LiveEvent {
  readonly changed: readonly ('head' | 'round' | 'finalized' | 'term' | 'reorganised')[]
  readonly head: BlockSummary
  readonly round: number
  readonly term: number
  readonly prevotedHeight: bigint
  readonly finalizedHeight: bigint
  /** When blocks were taken back and it is known: the height that both branches share. */
  readonly commonHeight?: bigint
}

// ---- blocks ----

export interface BlockSummary {
  readonly height: bigint
  readonly hash: Hash
  readonly timeMs: number
  readonly slot: bigint
  readonly round: number
  readonly term: number
  readonly producer: Address
  readonly producerName?: string
  readonly isExtra: boolean
  readonly transactionCount: number
  readonly fees: Amount
  readonly size: number
  readonly finalized: boolean
}

export interface BlockView extends BlockSummary, Dated {
  readonly parentHash: Hash
  readonly nextHash?: Hash
  readonly transactionRoot: Hash
  readonly receiptRoot: Hash
  readonly stateRoot: Hash
  readonly indexRoot: Hash
  readonly signal?: Hash
  /** Place in the round's order, 0-based; absent for the extra slot. */
  readonly index?: number
  readonly reveal?: Hash
  readonly prevotedHeight: bigint
  readonly generatedHeight?: bigint
  readonly confirmations: number
  readonly signature?: Hex
  readonly transactions: readonly TransactionSummary[]
}

// ---- transactions ----

export type ArgumentValue = string | number | bigint | boolean

/** One named argument or event field; `display` is ready text (token amounts with eight decimals). */
export interface FieldView {
  readonly name: string
  readonly type: string
  readonly value: ArgumentValue
  readonly display: string
}

export type TransactionStatus = 'pending' | 'success' | 'failed' | 'expired' | 'unknown'

export interface TransactionSummary {
  readonly id: Hash
  readonly status: TransactionStatus
  readonly from: Address
  readonly contract: Address
  readonly contractName: string
  readonly method: string
  /** The sentence the signer saw. */
  readonly intent: string
  readonly fee: Amount
  readonly height?: bigint
  readonly index?: number
  readonly timeMs?: number
  readonly finalized: boolean
  /** Receipt error, for instance `token.insufficientBalance`. */
  readonly errorCode?: string
}

export interface EventView {
  readonly index: number
  readonly contract: Address
  readonly contractName: string
  readonly name: string
  readonly fields: readonly FieldView[]
}

export interface TransactionView extends TransactionSummary, Dated {
  readonly args: readonly FieldView[]
  readonly signature: string
  /** Raw signed bytes; absent for an unknown id. */
  readonly envelope?: Hex
  readonly refHeight?: bigint
  readonly refHash?: Hex
  readonly feeLimit?: Amount
  readonly nonce?: Hex
  readonly blockHash?: Hash
  readonly error?: { readonly code: string; readonly help: string }
  readonly events: readonly EventView[]
  readonly confirmations: number
  /** Confirmation milestones of the whitepaper, 5 and 15 blocks, and irreversibility. */
  readonly milestones: { readonly five: boolean; readonly fifteen: boolean; readonly irreversible: boolean }
}

// ---- accounts ----

export interface BalanceView {
  readonly symbol: string
  readonly available: Amount
  readonly locked: Amount
  readonly total: Amount
}

export interface AccountView extends Dated {
  readonly address: Address
  readonly exists: boolean
  readonly elf: BalanceView
  /** All symbols, the native token first. */
  readonly balances: readonly BalanceView[]
  readonly transactionCount: number
  readonly firstSeen?: bigint
  readonly lastSeen?: bigint
  readonly positions: readonly PositionView[]
  readonly votingWeight: bigint
  readonly delegate?: { readonly name: string; readonly rank?: number; readonly status: DelegateStatus }
  /** Set when the address is a system contract or a system account. */
  readonly contractName?: string
}

/** What an account sent, received, locked or was named in. */
export interface ActivityView extends TransactionSummary {
  readonly direction: 'out' | 'in' | 'self' | 'mention'
}

// ---- positions ----

export type PositionState = 'locked' | 'withdrawable' | 'withdrawn'

export interface PositionView {
  readonly lockId: Hash
  readonly owner: Address
  readonly delegate: Address
  readonly delegateName?: string
  readonly amount: Amount
  readonly lockDays: number
  readonly weight: bigint
  /** weight / amount in hundredths: 100 = 1.00, 400 = 4.00. */
  readonly multiplierHundredths: number
  readonly lockedAtMs: number
  readonly unlocksAtMs: number
  readonly state: PositionState
  readonly lockedHeight: bigint
  readonly withdrawnHeight?: bigint
  readonly changes: number
}

export interface PositionsView extends Page<PositionView> {
  readonly totalAmount: Amount
  readonly totalWeight: bigint
  readonly withdrawableAmount: Amount
}

export interface PositionChangeView {
  readonly kind: 'vote' | 'change' | 'extend' | 'withdraw'
  readonly height: bigint
  readonly timeMs: number
  readonly transactionId: Hash
  readonly delegate: Address
  readonly previousDelegate?: Address
  readonly weight: bigint
  readonly unlocksAtMs: number
}

export interface PositionDetailView extends PositionView, Dated {
  readonly history: readonly PositionChangeView[]
}

// ---- delegates and election ----

export type DelegateStatus = 'producer' | 'backup' | 'candidate' | 'excluded' | 'quit' | 'evicted'

export interface PerformanceView {
  readonly produced: number
  readonly missed: number
  /** produced / (produced + missed) in basis points; undefined without any slot. */
  readonly uptimeBps?: number
}

export interface DelegateSummary {
  readonly address: Address
  readonly name: string
  readonly url: string
  readonly commissionBps: number
  readonly weight: bigint
  /** 1-based place in the ranking for the next term; undefined when not electable. */
  readonly rank?: number
  readonly status: DelegateStatus
  readonly isProducer: boolean
  /** Would hold a seat if the term ended now. */
  readonly isElectedNext: boolean
  readonly voters: number
  readonly staked: Amount
  /** Share of the whole voting weight, basis points. */
  readonly shareBps: number
  readonly registeredHeight: bigint
  readonly term: PerformanceView
  readonly lifetime: PerformanceView
  readonly excludedUntilMs?: number
  readonly lastBlockHeight?: bigint
}

export interface DelegateListView extends Page<DelegateSummary> {
  readonly seats: number
  readonly total: number
  readonly totalWeight: bigint
  /** Weight of the last seat; a delegate above it is elected. */
  readonly cutLineWeight: bigint
}

export interface RoundPerformanceView {
  readonly round: number
  readonly term: number
  readonly produced: number
  readonly missed: number
}

export interface WeightPointView {
  readonly height: bigint
  readonly timeMs: number
  readonly weight: bigint
  readonly voters: number
}

export interface BackerView {
  readonly owner: Address
  readonly amount: Amount
  readonly weight: bigint
  readonly positions: number
  /** Share of this delegate's weight, basis points. */
  readonly shareBps: number
  readonly firstUnlockAtMs: number
}

export interface ProfileChangeView {
  readonly height: bigint
  readonly timeMs: number
  readonly name: string
  readonly url: string
  readonly commissionBps: number
}

export interface DelegateView extends DelegateSummary, Dated {
  readonly seats: number
  readonly cutLineWeight: bigint
  /** weight − cut line: positive with a seat, negative without. */
  readonly cutLineMargin: bigint
  readonly rounds: readonly RoundPerformanceView[]
  readonly weightHistory: readonly WeightPointView[]
  readonly topBackers: readonly BackerView[]
  readonly profileChanges: readonly ProfileChangeView[]
  readonly recentBlocks: readonly BlockSummary[]
  readonly termsServed: readonly number[]
}

export interface RankingEntryView {
  readonly rank: number
  readonly address: Address
  readonly name: string
  readonly weight: bigint
  readonly voters: number
  readonly shareBps: number
  readonly isElected: boolean
  readonly isProducerNow: boolean
  /** rank in the current term's election minus rank now; positive = climbing; undefined for newcomers. */
  readonly movement?: number
  readonly cutLineMargin: bigint
}

export interface RankingView extends Dated {
  readonly seats: number
  readonly term: number
  readonly nextTerm: number
  readonly termEndsAtMs: number
  readonly totalWeight: bigint
  readonly cutLineWeight: bigint
  readonly entries: readonly RankingEntryView[]
  /** Seats nobody was elected to: current or initial producers fill them. */
  readonly unfilledSeats: number
}

// ---- rounds and terms ----

export type SlotState = 'produced' | 'missed' | 'current' | 'upcoming' | 'skipped'

export interface RoundSlotView {
  readonly slot: bigint
  readonly timeMs: number
  readonly producer: Address
  readonly producerName?: string
  readonly isExtra: boolean
  readonly state: SlotState
  readonly height?: bigint
  readonly hash?: Hash
  /** Why a slot is empty, in one sentence. */
  readonly reason?: string
}

export interface ExclusionView {
  readonly address: Address
  readonly name?: string
  readonly untilMs: number
  readonly failures: number
}

export interface RoundView extends Dated {
  readonly number: number
  readonly term: number
  readonly startSlot: bigint
  readonly startTimeMs: number
  readonly endTimeMs: number
  readonly extra: Address
  readonly slots: readonly RoundSlotView[]
  readonly excluded: readonly ExclusionView[]
  readonly produced: number
  readonly missed: number
  readonly isCurrent: boolean
  /** `node`: asked of the node now; `index`: from indexed rows. */
  readonly source: 'node' | 'index'
}

export interface RoundSummary {
  readonly number: number
  readonly term: number
  readonly startSlot: bigint
  readonly startTimeMs: number
  readonly firstHeight?: bigint
  readonly lastHeight?: bigint
  readonly slots: number
  readonly produced: number
  readonly missed: number
  readonly transactions: number
}

export interface TermProducerView {
  readonly rank: number
  readonly address: Address
  readonly name?: string
  readonly produced: number
  readonly missed: number
}

export interface TermView extends Dated {
  readonly term: number
  readonly startHeight: bigint
  readonly startsAtMs: number
  readonly endsAtMs: number
  readonly isCurrent: boolean
  readonly producers: readonly TermProducerView[]
  readonly firstRound?: number
  readonly lastRound?: number
  readonly blocks: number
  readonly transactions: number
}

export interface TermSummary {
  readonly term: number
  readonly startHeight: bigint
  readonly startsAtMs: number
  readonly endsAtMs: number
  readonly producers: number
  readonly isCurrent: boolean
}

// ---- tokens, contracts, search, status ----

export interface TokenView {
  readonly symbol: string
  readonly name: string
  readonly supply: Amount
  readonly burned: Amount
  readonly creator: Address
  readonly burnable: boolean
  readonly holders: number
  readonly createdHeight: bigint
}

export interface TokenListView extends Dated {
  readonly items: readonly TokenView[]
}

export interface ContractFieldView {
  readonly name: string
  readonly type: string
}

export interface ContractMethodView {
  readonly number: number
  readonly name: string
  readonly signature: string
  readonly intent: string
  readonly doc: string
  readonly args: readonly ContractFieldView[]
  readonly nonParallel: boolean
  readonly calls: number
}

export interface ContractView extends Dated {
  readonly name: string
  readonly address: Address
  readonly doc: string
  readonly methods: readonly ContractMethodView[]
  readonly items: readonly {
    readonly number: number
    readonly name: string
    readonly key: readonly string[]
    readonly value: readonly ContractFieldView[]
  }[]
  readonly events: readonly {
    readonly number: number
    readonly name: string
    readonly fields: readonly ContractFieldView[]
  }[]
  readonly errors: readonly { readonly number: number; readonly code: string; readonly help: string }[]
}

export interface ContractSummary {
  readonly name: string
  readonly address: Address
  readonly methods: number
  readonly calls: number
}

export interface ContractListView extends Dated {
  readonly items: readonly ContractSummary[]
}

export type SearchKind =
  | 'block'
  | 'transaction'
  | 'account'
  | 'delegate'
  | 'round'
  | 'term'
  | 'contract'
  | 'token'
  | 'position'

export interface SearchHit {
  readonly kind: SearchKind
  /** Identifier to put in the page's address: height, hash, address, number, name or symbol. */
  readonly id: string
  readonly title: string
  readonly detail: string
}

export interface SearchView extends Dated {
  readonly query: string
  readonly hits: readonly SearchHit[]
}

export interface QueueView {
  readonly name: string
  readonly waiting: number
  readonly active: number
  readonly delayed: number
  readonly failed: number
  readonly completed: number
}

/** One comparison of the index with the chain. */
export interface AuditView {
  readonly name: string
  readonly height: bigint
  readonly checkedAtMs: number
  readonly ok: boolean
  readonly detail: string
}

export interface StatusView extends Dated {
  readonly node: NodeHealth
  readonly database: { readonly ok: boolean; readonly latencyMs?: number; readonly detail: string }
  readonly indexer: {
    readonly state: 'live' | 'catching-up' | 'stopped' | 'empty'
    readonly height?: bigint
    readonly behind?: bigint
    readonly updatedAtMs?: number
    readonly reorganisations: number
    readonly deepestReorganisation: number
    readonly lastError?: string
  }
  readonly queues: readonly QueueView[]
  readonly audits: readonly AuditView[]
}
