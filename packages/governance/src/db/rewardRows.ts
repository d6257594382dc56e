import type { Address, Amount, Hash } from '#domain'

/** Facts about rewards; `height` and `blockHash` name the block they come from. */

export interface RewardTermRow {
  height: bigint
  blockHash: Hash
  term: number
  startedAtMs: number
  endedAtMs: number
  blocks: number
  fees: Amount
  minted: Amount
  income: Amount
  shared: Amount
}

export interface RewardPointRow {
  height: bigint
  blockHash: Hash
  delegate: Address
  term: number
  startedAtMs: number
  endedAtMs: number
  blocks: number
  income: Amount
  commission: Amount
  weight: bigint
  /** What a unit of weight received, times 10^18. */
  perWeight: bigint
}

export interface RewardClaimRow {
  height: bigint
  blockHash: Hash
  position: number
  timeMs: number
  transactionId: Hash
  account: Address
  delegate: Address
  /** Null for a commission. */
  lockId: Hash | null
  amount: Amount
}
