import { defineMethod, type Method, writing } from '#contracts/runtime'
import { approvedEvent } from '../events.ts'
import { allowances } from '../state.ts'

/**
 * Lets another account send up to an amount; replaces the former allowance, zero withdraws it.
 * Origin: any account, for itself · Effects: sets the allowance · Events: Approved · Cost: 1 write · Refs: TOKEN-ALLOW-1
 */
export const approve: Method = defineMethod({
  number: 2,
  signature: 'function approve(address spender, string symbol, uint256 amount)',
  intent: 'Allow {spender} to spend up to {amount:elf} {symbol}',
  doc: 'Sets how much another account may send in your name; zero withdraws it.',
  resources: (_, { from }) => [writing(allowances, from)],
  verify: () => undefined,
  execute: (ctx, { spender, symbol, amount }) => {
    const owner = ctx.env.from
    ctx.set(allowances, { owner, spender, symbol }, { amount })
    ctx.emit(approvedEvent, { owner, spender, symbol, amount })
  },
})
