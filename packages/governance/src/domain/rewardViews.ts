import type { Address, Amount, Hash } from './values.ts'
import type { Page } from './views.ts'

/** What blocks and fees bring; units as in `views.ts`. */

export interface ClaimableVoteView {
  readonly lockId: Hash
  readonly delegate: Address
  readonly delegateName?: string
  readonly amount: Amount
}

export interface ClaimableView {
  readonly votes: readonly ClaimableVoteView[]
  /** Earned as a delegate. */
  readonly commission: Amount
  readonly total: Amount
}

export interface RewardClaimView {
  readonly height: bigint
  readonly timeMs: number
  readonly transactionId: Hash
  readonly delegate: Address
  readonly delegateName?: string
  /** Undefined for a commission. */
  readonly lockId?: Hash
  readonly amount: Amount
}

export interface RewardClaimsView extends Page<RewardClaimView> {
  readonly total: Amount
}

/** What a term brought altogether; known once it has ended. */
export interface TermIncomeView {
  /** All there was to share: fees, what was created, and what former terms left. */
  readonly income: Amount
  readonly fees: Amount
  readonly minted: Amount
  /** Given to votes and commissions. */
  readonly shared: Amount
}

/** A term that has ended, for one delegate. */
export interface DelegateTermView {
  readonly term: number
  readonly startedAtMs: number
  readonly endedAtMs: number
  readonly blocks: number
  readonly income: Amount
  readonly commission: Amount
  readonly weight: bigint
  /** What 1,000 ELF of weight received. */
  readonly perThousand: Amount
}

/** Units of weight that 1,000 ELF have at the shortest lock, and the scale of an index. */
const THOUSAND = 1_000n * 100_000_000n
const SCALE = 10n ** 18n

export const perThousandOf = (perWeight: bigint): Amount => (perWeight * THOUSAND) / SCALE
