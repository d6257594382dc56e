import type { Address, Amount, Hash } from './values.ts'
import type { BlockSummary, Dated, Page } from './views.ts'

/** Positions, delegates and the election; units as in `views.ts`. */

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
  /** Votes of ended locks are left out of `weight`; the chain's own counter keeps them until the next election. */
  readonly hasEndedVotes: boolean
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
