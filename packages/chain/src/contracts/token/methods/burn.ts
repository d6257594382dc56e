import { adding, defineMethod, type Method, reading, writing } from '#contracts/runtime'
import { insufficientBalance, notBurnable, zeroAmount } from '../errors.ts'
import { balances, burned, destroy, tokens } from '../state.ts'

/**
 * Destroys tokens of the sender for good.
 * Origin: any account, for itself · Requires: a burnable token and an unlocked balance of `amount` · Effects: the supply shrinks
 * Events: Burned · Errors: zeroAmount, notBurnable, insufficientBalance · Cost: 3 reads, 2 writes · Refs: TOKEN-BURN-1
 */
export const burn: Method = defineMethod({
  number: 7,
  signature: 'function burn(string symbol, uint256 amount)',
  intent: 'Destroy {amount:elf} {symbol} for good',
  doc: 'Destroys tokens of the sender for good.',
  resources: ({ symbol }, { from }) => [writing(balances, from), adding(burned, symbol), reading(tokens, symbol)],
  verify: (ctx, { symbol, amount }) => {
    if (amount === 0n) return zeroAmount
    if (ctx.get(tokens, { symbol })?.burnable !== true) return notBurnable
    return ctx.count(balances, { account: ctx.env.from, symbol }) < amount ? insufficientBalance : undefined
  },
  execute: (ctx, { symbol, amount }) => destroy(ctx, { owner: ctx.env.from, symbol, amount }),
})
