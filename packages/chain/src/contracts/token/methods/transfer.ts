import { adding, defineMethod, type Method, writing } from '#contracts/runtime'
import { insufficientBalance, zeroAmount } from '../errors.ts'
import { balances, move } from '../state.ts'

/**
 * Sends tokens.
 * Origin: any account, for itself · Requires: an unlocked balance of `amount` · Effects: moves `amount` to `to`
 * Events: Transfer · Errors: zeroAmount, insufficientBalance · Cost: 2 reads, 2 writes · Refs: TOKEN-TRANSFER-1
 */
export const transfer: Method = defineMethod({
  number: 1,
  signature: 'function transfer(address to, string symbol, uint256 amount)',
  intent: 'Send {amount:elf} {symbol} to {to}',
  doc: 'Sends tokens from the sender to another account.',
  resources: ({ to }, { from }) => [writing(balances, from), adding(balances, to)],
  verify: (ctx, { symbol, amount }) => {
    if (amount === 0n) return zeroAmount
    return ctx.count(balances, { account: ctx.env.from, symbol }) < amount ? insufficientBalance : undefined
  },
  execute: (ctx, { to, symbol, amount }) => move(ctx, { from: ctx.env.from, to, symbol, amount }),
})
