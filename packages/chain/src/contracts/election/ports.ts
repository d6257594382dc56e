import {
  createContext,
  createJournal,
  type DeclareEnvironment,
  definePort,
  type Port,
  type Registry,
  type Resource,
  UNLIMITED,
} from '#contracts/runtime'
import type { ElectionPort } from '#kernel'
import { type Address, type Amount, type Hex, ZERO_ADDRESS, ZERO_HASH } from '#primitives'
import { ELECTION } from './params.ts'
import { dayOf, entryOf, rank, term } from './state.ts'

/** What this contract reads of the token contract. */
export interface StakeReads {
  balanceOf(account: Address): Amount
}

/** What this contract does with stakes; it alone may release the locks it makes. */
export interface StakeCalls {
  lock(lock: { lockId: Hex; owner: Address; amount: Amount; endsAt: bigint }): void
  extend(lock: { lockId: Hex; endsAt: bigint }): void
  unlock(lockId: Hex): void
  slash(lock: { lockId: Hex; finder: Address; reward: Amount }): void
}

export interface StakeDeclares {
  locking(owner: Address, lockId: Hex): readonly Resource[]
  extending(lockId: Hex): readonly Resource[]
  unlocking(owner: Address, lockId: Hex): readonly Resource[]
}

export const stakePort: Port<StakeReads, StakeCalls, StakeDeclares> = definePort('stake')

export interface ParameterReads {
  value(name: string): bigint
}

/** Consensus parameters: the length of a term. */
export const parameterPort: Port<
  ParameterReads,
  Readonly<Record<never, never>>,
  Readonly<Record<never, never>>
> = definePort('parameters')

/** What this contract tells the one that shares rewards: who votes for whom, and by what a term is shared. */
export interface RewardCalls {
  join(share: { lockId: Hex; owner: Address; delegate: Address; weight: bigint; endsAt: bigint }): void
  change(share: { lockId: Hex; delegate: Address; weight: bigint; endsAt: bigint }): void
  leave(lockId: Hex): void
  closeTerm(): void
  openTerm(opened: {
    term: number
    startedAt: bigint
    endsAt: bigint
    genesisAt: bigint
    policies: readonly { delegate: Address; commissionBps: number; weight: bigint }[]
  }): void
}

export interface RewardDeclares {
  joining(lockId: Hex, delegate: Address): readonly Resource[]
  settling(lockId: Hex, owner: Address, env: DeclareEnvironment): readonly Resource[]
}

export const rewardPort: Port<Readonly<Record<never, never>>, RewardCalls, RewardDeclares> = definePort('rewards')

export const ports: readonly Port[] = [stakePort, parameterPort, rewardPort]

/** Ranked candidates by the weights of the last snapshot, for code that knows no contracts. */
export function createElectionPort(registry: Registry): ElectionPort {
  return {
    elect: (state, count) => {
      const { address } = registry.contract(ELECTION.name)
      const nobody = { producer: ZERO_ADDRESS, signal: ZERO_HASH }
      const block = { chainId: 0, genesisHash: ZERO_HASH, height: 0n, slot: 0n, timeMs: 0n, ...nobody }
      const scope = {
        registry,
        journal: createJournal(state),
        access: UNLIMITED,
        block,
        from: address,
        transactionId: ZERO_HASH,
      }
      const ctx = createContext(scope, address, address)
      const snapshotAt = ctx.get(term, {})?.startedAt ?? 0n
      return rank(ctx, dayOf(snapshotAt)).slice(0, count).map(entryOf)
    },
  }
}
