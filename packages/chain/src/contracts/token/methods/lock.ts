import { adding, defineMethod, type Method, writing } from '#contracts/runtime'
import { insufficientBalance, lockPeriod, zeroAmount } from '../errors.ts'
import { balances, locked, locks, placeLock } from '../state.ts'

const DAY_MS = 86_400_000n
const MAX_LOCK_DAYS = 3650

/**
 * Locks tokens of the sender for a time; the lock's id is the transaction's.
 * Origin: any account, for itself · Requires: an unlocked balance of `amount` · Effects: `amount` moves from balance to locks
 * Events: Locked · Errors: zeroAmount, lockPeriod, insufficientBalance · Cost: 2 reads, 3 writes · Refs: TOKEN-LOCK-1
 */
export const lock: Method = defineMethod({
  number: 5,
  signature: 'function lock(string symbol, uint256 amount, uint32 lockDays)',
  intent: 'Lock {amount:elf} {symbol} for {lockDays} days',
  doc: 'Locks tokens of the sender for a number of days.',
  resources: (_, { from, transactionId }) => [
    writing(balances, from),
    adding(locked, from),
    writing(locks, transactionId),
  ],
  verify: (ctx, { symbol, amount, lockDays }) => {
    if (amount === 0n) return zeroAmount
    if (lockDays < 1 || lockDays > MAX_LOCK_DAYS) return lockPeriod
    return ctx.count(balances, { account: ctx.env.from, symbol }) < amount ? insufficientBalance : undefined
  },
  execute: (ctx, { symbol, amount, lockDays }) => {
    const { from, self, transactionId, timeMs } = ctx.env
    placeLock(ctx, {
      lockId: transactionId,
      owner: from,
      symbol,
      amount,
      endsAt: timeMs + BigInt(lockDays) * DAY_MS,
      holder: self,
    })
  },
})
