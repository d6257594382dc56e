import { adding, defineMethod, type Method, writing } from '#contracts/runtime'
import { insufficientAllowance, insufficientBalance, zeroAmount } from '../errors.ts'
import { allowances, balances, move } from '../state.ts'

/**
 * Sends tokens of an owner who approved it.
 * Origin: an approved spender · Requires: allowance and balance of `amount` · Effects: moves `amount`, lowers the allowance
 * Events: Transfer · Errors: zeroAmount, insufficientAllowance, insufficientBalance · Cost: 5 reads, 3 writes · Refs: TOKEN-ALLOW-2
 */
export const transferFrom: Method = defineMethod({
  number: 3,
  signature: 'function transferFrom(address owner, address to, string symbol, uint256 amount)',
  intent: 'Send {amount:elf} {symbol} from {owner} to {to}',
  doc: 'Sends tokens of an owner who allowed the sender to.',
  resources: ({ owner, to }) => [writing(allowances, owner), writing(balances, owner), adding(balances, to)],
  verify: (ctx, { owner, symbol, amount }) => {
    if (amount === 0n) return zeroAmount
    if (ctx.count(allowances, { owner, spender: ctx.env.from, symbol }) < amount) return insufficientAllowance
    return ctx.count(balances, { account: owner, symbol }) < amount ? insufficientBalance : undefined
  },
  execute: (ctx, { owner, to, symbol, amount }) => {
    ctx.add(allowances, { owner, spender: ctx.env.from, symbol }, -amount)
    move(ctx, { from: owner, to, symbol, amount })
  },
})
