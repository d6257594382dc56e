import {
  adding,
  type ExecuteContext,
  type FeeProvider,
  type Port,
  type PortProvider,
  type Resource,
  type ViewContext,
  writing,
} from '#contracts/runtime'
import { TREASURY_ADDRESS } from '#kernel'
import { type Address, type Amount, assert, type Hex } from '#primitives'
import { lockActive, lockHeld, lockTaken, onlyRewards, unknownLock } from './errors.ts'
import { mintedEvent, transferEvent } from './events.ts'
import { NATIVE_SYMBOL, REWARD_ADDRESS, TOKEN } from './params.ts'
import { balances, destroy, type Lock, locked, locks, move, placeLock, releaseLock, tokens } from './state.ts'

/** This contract needs no other. */
export const ports: readonly Port[] = []

export interface StakeReads {
  /** Unlocked ELF. */
  balanceOf(account: Address): Amount
}

export interface StakeCalls {
  /** Locks ELF of `owner` for the calling contract; `endsAt` in milliseconds, 0 until the contract releases it. */
  lock(lock: { lockId: Hex; owner: Address; amount: Amount; endsAt: bigint }): void
  extend(lock: { lockId: Hex; endsAt: bigint }): void
  /** Gives a lock back; fails before its end. */
  unlock(lockId: Hex): void
  /** Ends a lock at once: `reward` goes to `finder`, the rest is burned. */
  slash(lock: { lockId: Hex; finder: Address; reward: Amount }): void
  /** Ends a lock at once and gives all of it to another account. */
  seize(lock: { lockId: Hex; to: Address }): void
}

export interface StakeDeclares {
  locking(owner: Address, lockId: Hex): readonly Resource[]
  extending(lockId: Hex): readonly Resource[]
  unlocking(owner: Address, lockId: Hex): readonly Resource[]
}

function heldLock(ctx: ExecuteContext, lockId: Hex): Lock {
  const lock = ctx.get(locks, { lockId })
  if (lock === undefined) return ctx.fail(unknownLock)
  if (lock.holder !== ctx.env.caller) return ctx.fail(lockHeld)
  return { lockId, ...lock }
}

function createStakeCalls(ctx: ExecuteContext): StakeCalls {
  return {
    lock: (lock) => {
      if (ctx.get(locks, { lockId: lock.lockId }) !== undefined) ctx.fail(lockTaken)
      placeLock(ctx, { ...lock, symbol: NATIVE_SYMBOL, holder: ctx.env.caller })
    },
    extend: ({ lockId, endsAt }) => {
      const { owner, symbol, amount, holder } = heldLock(ctx, lockId)
      ctx.set(locks, { lockId }, { owner, symbol, amount, endsAt, holder })
    },
    unlock: (lockId) => {
      const lock = heldLock(ctx, lockId)
      if (lock.endsAt > ctx.env.timeMs) ctx.fail(lockActive)
      releaseLock(ctx, lock)
    },
    slash: ({ lockId, finder, reward }) => {
      const lock = heldLock(ctx, lockId)
      const { owner, symbol, amount } = lock
      releaseLock(ctx, lock)
      move(ctx, { from: owner, to: finder, symbol, amount: reward })
      destroy(ctx, { owner, symbol, amount: amount - reward })
    },
    seize: ({ lockId, to }) => {
      const lock = heldLock(ctx, lockId)
      releaseLock(ctx, lock)
      move(ctx, { from: lock.owner, to, symbol: lock.symbol, amount: lock.amount })
    },
  }
}

const moving = (owner: Address, lockId: Hex): readonly Resource[] => [
  writing(balances, owner),
  adding(locked, owner),
  writing(locks, lockId),
]

/** Offered to contracts that hold stakes. */
export const stakeProvider: PortProvider<StakeReads, StakeCalls, StakeDeclares> = {
  contract: TOKEN.name,
  reads: (ctx: ViewContext) => ({ balanceOf: (account) => ctx.count(balances, { account, symbol: NATIVE_SYMBOL }) }),
  calls: createStakeCalls,
  declares: {
    locking: moving,
    extending: (lockId) => [writing(locks, lockId)],
    unlocking: moving,
  },
}

export interface FundsReads {
  balanceOf(account: Address): Amount
  /** Fees that wait to be collected. */
  collected(): Amount
}

export interface FundsCalls {
  /** Takes all fees that wait; how much that was. Only at the end of a block: every transaction adds to that balance. */
  collectFees(): Amount
  /** Creates ELF for the caller and says so in the supply. */
  mint(amount: Amount): void
  pay(payment: { to: Address; amount: Amount }): void
}

export interface FundsDeclares {
  paying(to: Address): readonly Resource[]
}

const elf = (account: Address) => ({ account, symbol: NATIVE_SYMBOL })

function createFundsCalls(ctx: ExecuteContext): FundsCalls {
  const { caller } = ctx.env
  if (caller !== REWARD_ADDRESS) ctx.fail(onlyRewards)
  return {
    collectFees: () => {
      const amount = ctx.count(balances, elf(TREASURY_ADDRESS))
      if (amount > 0n) move(ctx, { from: TREASURY_ADDRESS, to: caller, symbol: NATIVE_SYMBOL, amount })
      return amount
    },
    mint: (amount) => {
      const native = ctx.get(tokens, { symbol: NATIVE_SYMBOL })
      assert(native !== undefined, 'the native token exists')
      ctx.set(tokens, { symbol: NATIVE_SYMBOL }, { ...native, supply: native.supply + amount })
      ctx.add(balances, elf(caller), amount)
      ctx.emit(mintedEvent, { to: caller, symbol: NATIVE_SYMBOL, amount })
    },
    pay: ({ to, amount }) => {
      // Added, never read: what is paid out was set aside before, and payments in one block must not wait for each other.
      ctx.add(balances, elf(caller), -amount)
      ctx.add(balances, elf(to), amount)
      ctx.emit(transferEvent, { from: caller, to, symbol: NATIVE_SYMBOL, amount })
    },
  }
}

/** Offered to the reward contract alone. */
export const fundsProvider: PortProvider<FundsReads, FundsCalls, FundsDeclares> = {
  contract: TOKEN.name,
  reads: (ctx: ViewContext) => ({
    balanceOf: (account) => ctx.count(balances, elf(account)),
    collected: () => ctx.count(balances, elf(TREASURY_ADDRESS)),
  }),
  calls: createFundsCalls,
  declares: { paying: (to) => [adding(balances, REWARD_ADDRESS), adding(balances, to)] },
}

/** Offered to the executor: fees in ELF go from the payer to the treasury account. */
export const feeProvider: FeeProvider = {
  contract: TOKEN.name,
  balanceOf: (ctx, payer) => ctx.count(balances, { account: payer, symbol: NATIVE_SYMBOL }),
  charge: (ctx, payer, fee) => {
    ctx.add(balances, { account: payer, symbol: NATIVE_SYMBOL }, -fee)
    ctx.add(balances, { account: TREASURY_ADDRESS, symbol: NATIVE_SYMBOL }, fee)
  },
  declares: (payer) => [writing(balances, payer), adding(balances, TREASURY_ADDRESS)],
}
