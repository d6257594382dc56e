import type { Address, Amount, Hash, ProposalEventKind, ProposalStatus } from '#domain'

/** `height` and `blockHash` name the block a row comes from or was last changed by. */

export interface ProposalRow {
  height: bigint
  blockHash: Hash
  proposalId: Hash
  author: Address
  title: string
  textHash: Hash
  archiveHash: Hash
  archiveBytes: number
  bundleHash: Hash | null
  status: ProposalStatus
  submittedHeight: bigint
  submittedAtMs: number
  /** Height and place of the submission in one number. */
  submittedOrder: bigint
  endsAtMs: number
  closedAtMs: number | null
  electorate: number
  quorum: number
  adopted: number
  declined: number
  reviews: number
  deposit: Amount
}

export interface ProposalEventRow {
  height: bigint
  blockHash: Hash
  position: number
  timeMs: number
  transactionId: Hash
  proposalId: Hash
  kind: ProposalEventKind
  actor: Address
  adopted: number
  declined: number
  verdict: number | null
  checklist: number | null
  reviewHash: Hash | null
}

/** Who reviewed, once each. */
export interface ProposalReviewerRow {
  height: bigint
  blockHash: Hash
  proposalId: Hash
  reviewer: Address
}
