import { type ExecuteContext, RuntimeError } from '#contracts/runtime'
import type { Address, Amount } from '#primitives'
import { balances, tokens } from './state.ts'

export interface TokenGenesis {
  readonly tokens: readonly {
    readonly symbol: string
    readonly tokenName: string
    readonly creator: Address
    readonly burnable: boolean
    /** Add up to the supply. */
    readonly balances: readonly { readonly account: Address; readonly amount: Amount }[]
  }[]
}

/** First tokens and who holds them. Throws `runtime.genesis` when a symbol repeats. */
export function genesis(ctx: ExecuteContext, options: TokenGenesis): void {
  for (const { symbol, tokenName, creator, burnable, balances: shares } of options.tokens) {
    if (ctx.get(tokens, { symbol }) !== undefined) throw new RuntimeError('runtime.genesis', `two tokens ${symbol}`)
    const supply = shares.reduce((sum, { amount }) => sum + amount, 0n)
    ctx.set(tokens, { symbol }, { tokenName, supply, creator, burnable })
    for (const { account, amount } of shares) ctx.add(balances, { account, symbol }, amount)
  }
}
