import type { TalkView } from './discussion.ts'
import type { ProposalStatus, Verdict } from './proposal.ts'
import type { Address, Amount, Hash } from './values.ts'
import type { Dated } from './views.ts'

export interface ProposalSummary {
  readonly id: Hash
  readonly title: string
  readonly author: Address
  readonly status: ProposalStatus
  readonly submittedHeight: bigint
  readonly submittedAtMs: number
  readonly endsAtMs: number
  readonly closedAtMs?: number
  readonly electorate: number
  readonly quorum: number
  readonly adopted: number
  readonly declined: number
  readonly reviews: number
  /** Left out while nobody says anything about it. */
  readonly talk?: TalkView
}

export interface ProposalListView extends Dated {
  readonly items: readonly ProposalSummary[]
  readonly nextCursor?: string
  /** How many there are by status. */
  readonly counts: Readonly<Record<ProposalStatus, number>>
  /** The chain's time, by which open ones end. */
  readonly nowMs: number
}

/** Somebody who may choose. */
export interface ProposalVoterView {
  readonly producer: Address
  readonly name?: string
  readonly choice: 'adopt' | 'decline' | 'none'
  readonly chosenAtMs?: number
}

export interface ReviewView {
  readonly reviewer: Address
  readonly name?: string
  readonly verdict: Verdict
  /** One answer for each question of the checklist. */
  readonly checklist: readonly boolean[]
  /** Hash of the review's text. */
  readonly reviewHash?: Hash
  readonly timeMs: number
  readonly transactionId: Hash
}

export type ProposalEventKind =
  | 'submitted'
  | 'reviewed'
  | 'adopted'
  | 'declined'
  | 'approved'
  | 'rejected'
  | 'withdrawn'
  | 'expired'

/** A line of the audit log. */
export interface ProposalEventView {
  readonly kind: ProposalEventKind
  readonly actor: Address
  readonly name?: string
  readonly adopted: number
  readonly declined: number
  readonly verdict?: Verdict
  readonly height: bigint
  readonly timeMs: number
  readonly transactionId: Hash
}

export interface ProposalView extends ProposalSummary, Dated {
  readonly textHash: Hash
  readonly archiveHash: Hash
  readonly archiveBytes: number
  /** Undefined when it proposes no new collection. */
  readonly bundleHash?: Hash
  readonly deposit: Amount
  /** Read from the chain; undefined while the node is away. */
  readonly voters?: readonly ProposalVoterView[]
  readonly reviewed: readonly ReviewView[]
  readonly log: readonly ProposalEventView[]
  readonly nowMs: number
}

/** What submitting asks for now, read from the chain. */
export interface ProposalRulesView {
  readonly deposit: Amount
  readonly periodMs: number
  readonly openMax: number
  readonly members: readonly Address[]
}
