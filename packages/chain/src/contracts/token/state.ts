import { type Counter, defineCounter, defineItem, type ExecuteContext, type Item } from '#contracts/runtime'
import type { Address, Amount, Hex } from '#primitives'
import { insufficientBalance } from './errors.ts'
import { burnedEvent, lockedEvent, transferEvent, unlockedEvent } from './events.ts'
import { TOKEN } from './params.ts'

/** Unlocked amounts. */
export const balances: Counter<'address account, string symbol'> = defineCounter(TOKEN, {
  number: 1,
  name: 'balances',
  key: 'address account, string symbol',
  bound: 'one entry per holder and token, paid for by fees',
})

export const allowances: Counter<'address owner, address spender, string symbol'> = defineCounter(TOKEN, {
  number: 2,
  name: 'allowances',
  key: 'address owner, address spender, string symbol',
  bound: 'one entry per approval, paid for by fees',
})

export const tokens: Item<'string symbol', 'string tokenName, uint256 supply, address creator, bool burnable'> =
  defineItem(TOKEN, {
    number: 3,
    name: 'tokens',
    key: 'string symbol',
    value: 'string tokenName, uint256 supply, address creator, bool burnable',
    bound: 'one entry per token, paid for by fees',
  })

export const burned: Counter<'string symbol'> = defineCounter(TOKEN, {
  number: 4,
  name: 'burned',
  key: 'string symbol',
  bound: 'one entry per token',
})

/** Sum of an account's locks. */
export const locked: Counter<'address account, string symbol'> = defineCounter(TOKEN, {
  number: 5,
  name: 'locked',
  key: 'address account, string symbol',
  bound: 'one entry per account and token with locks',
})

/** `endsAt` in milliseconds, zero for as long as the holder wants; `holder` is the contract that may release it. */
export const locks: Item<
  'bytes32 lockId',
  'address owner, string symbol, uint256 amount, uint64 endsAt, address holder'
> = defineItem(TOKEN, {
  number: 6,
  name: 'locks',
  key: 'bytes32 lockId',
  value: 'address owner, string symbol, uint256 amount, uint64 endsAt, address holder',
  bound: 'one entry per lock, paid for by fees',
})

export const state: readonly Item[] = [balances, allowances, tokens, burned, locked, locks]

/** A lock as stored, with its id. */
export interface Lock {
  readonly lockId: Hex
  readonly owner: Address
  readonly symbol: string
  readonly amount: Amount
  readonly endsAt: bigint
  readonly holder: Address
}

/** Takes from an unlocked balance; fails with `insufficientBalance`. */
export function debit(ctx: ExecuteContext, from: { account: Address; symbol: string }, amount: Amount): void {
  if (ctx.count(balances, from) < amount) ctx.fail(insufficientBalance)
  ctx.add(balances, from, -amount)
}

/** Moves an unlocked amount and says so. */
export function move(
  ctx: ExecuteContext,
  transfer: { from: Address; to: Address; symbol: string; amount: Amount },
): void {
  const { from, to, symbol, amount } = transfer
  debit(ctx, { account: from, symbol }, amount)
  ctx.add(balances, { account: to, symbol }, amount)
  ctx.emit(transferEvent, transfer)
}

/** Destroys an unlocked amount and says so. */
export function destroy(
  ctx: ExecuteContext,
  { owner, symbol, amount }: { owner: Address; symbol: string; amount: Amount },
): void {
  debit(ctx, { account: owner, symbol }, amount)
  ctx.add(burned, { symbol }, amount)
  ctx.emit(burnedEvent, { owner, symbol, amount })
}

/** Turns an unlocked amount into a lock. */
export function placeLock(ctx: ExecuteContext, lock: Lock): void {
  const { lockId, owner, symbol, amount, endsAt, holder } = lock
  debit(ctx, { account: owner, symbol }, amount)
  ctx.add(locked, { account: owner, symbol }, amount)
  ctx.set(locks, { lockId }, { owner, symbol, amount, endsAt, holder })
  ctx.emit(lockedEvent, lock)
}

/** Ends a lock and gives the whole amount back to its owner. */
export function releaseLock(
  ctx: ExecuteContext,
  { lockId, owner, symbol, amount }: Omit<Lock, 'endsAt' | 'holder'>,
): void {
  ctx.delete(locks, { lockId })
  ctx.add(locked, { account: owner, symbol }, -amount)
  ctx.add(balances, { account: owner, symbol }, amount)
  ctx.emit(unlockedEvent, { lockId, owner, symbol, amount })
}
