import type { TermIncomeView } from './rewardViews.ts'
import type { Address, Amount, Hash } from './values.ts'
import type { Dated } from './views.ts'

/** Rounds and terms; units as in `views.ts`. */

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
  /** Its part of the income, commission included; once the term has ended. */
  readonly income?: Amount
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
  readonly income?: TermIncomeView
}

export interface TermSummary {
  readonly term: number
  readonly startHeight: bigint
  readonly startsAtMs: number
  readonly endsAtMs: number
  readonly producers: number
  readonly isCurrent: boolean
}
