import { definePort, type Port, type Resource } from '#contracts/runtime'
import type { Address, Amount, Hex } from '#primitives'

/** What this contract reads of the token contract. */
export interface DepositReads {
  balanceOf(account: Address): Amount
}

/** What this contract does with deposits; it alone may release the locks it makes. */
export interface DepositCalls {
  lock(lock: { lockId: Hex; owner: Address; amount: Amount; endsAt: bigint }): void
  unlock(lockId: Hex): void
  /** Ends a lock and gives the whole amount to another account. */
  seize(lock: { lockId: Hex; to: Address }): void
}

export interface DepositDeclares {
  locking(owner: Address, lockId: Hex): readonly Resource[]
  unlocking(owner: Address, lockId: Hex): readonly Resource[]
}

export const depositPort: Port<DepositReads, DepositCalls, DepositDeclares> = definePort('deposit')

type Nothing = Readonly<Record<never, never>>

/** Who may submit. */
export const membersPort: Port<{ isMember(account: Address): boolean }, Nothing, { asking(): readonly Resource[] }> =
  definePort('members')

/** Who may choose, and who may review. */
export const producersPort: Port<
  {
    /** Elected for the running term and not evicted, in the order of the list. */
    producers(): readonly Address[]
    isDelegate(account: Address): boolean
  },
  Nothing,
  { producers(): readonly Resource[]; delegate(account: Address): readonly Resource[] }
> = definePort('producers')

export const ports: readonly Port[] = [depositPort, membersPort, producersPort]
