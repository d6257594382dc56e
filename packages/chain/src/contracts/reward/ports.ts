import { type DeclareEnvironment, definePort, type Port, type Resource } from '#contracts/runtime'
import type { Address, Amount, Hex } from '#primitives'

/** What this contract reads of the token contract. */
export interface FundsReads {
  balanceOf(account: Address): Amount
  /** Fees that wait to be collected. */
  collected(): Amount
}

/** What this contract alone may do with the native token. */
export interface FundsCalls {
  /** Takes all fees that wait; how much that was. */
  collectFees(): Amount
  /** Creates an amount, visible in the token's supply. */
  mint(amount: Amount): void
  pay(payment: { to: Address; amount: Amount }): void
}

export interface FundsDeclares {
  paying(to: Address): readonly Resource[]
}

export const fundsPort: Port<FundsReads, FundsCalls, FundsDeclares> = definePort('funds')

export const ports: readonly Port[] = [fundsPort]

/** What a term is shared by, as the election sees it when the term begins. */
export interface OpenTerm {
  readonly term: number
  readonly startedAt: bigint
  readonly endsAt: bigint
  readonly genesisAt: bigint
  readonly policies: readonly { readonly delegate: Address; readonly commissionBps: number; readonly weight: bigint }[]
}

export interface RewardCalls {
  /** A new vote; it takes part in terms that begin from now on. */
  join(share: { lockId: Hex; owner: Address; delegate: Address; weight: bigint; endsAt: bigint }): void
  /** Pays what a vote has earned and makes it another one for the terms that begin from now on. */
  change(share: { lockId: Hex; delegate: Address; weight: bigint; endsAt: bigint }): void
  /** Pays what a vote has earned and ends it. */
  leave(lockId: Hex): void
  closeTerm(): void
  openTerm(opened: OpenTerm): void
}

export interface RewardDeclares {
  joining(lockId: Hex, delegate: Address): readonly Resource[]
  settling(lockId: Hex, owner: Address, env: DeclareEnvironment): readonly Resource[]
}
