import { adding, defineMethod, type Method, writing } from '#contracts/runtime'
import { nameForm, supplyRange, symbolForm, symbolTaken } from '../errors.ts'
import { createdEvent } from '../events.ts'
import { balances, tokens } from '../state.ts'

const SYMBOL = /^[A-Z][A-Z0-9]{1,9}$/
const MAX_NAME_LENGTH = 64
const MAX_SUPPLY = 1n << 127n

/**
 * Creates a token with 8 decimals and gives the whole supply to the sender.
 * Origin: any account · Requires: a free symbol · Effects: a new token, its supply in the sender's balance
 * Events: Created · Errors: symbolForm, nameForm, supplyRange, symbolTaken · Cost: 1 read, 2 writes · Refs: TOKEN-CREATE-1
 */
export const create: Method = defineMethod({
  number: 4,
  signature: 'function create(string symbol, string tokenName, uint256 supply, bool burnable)',
  intent: 'Create the token {symbol} ({tokenName}) with a supply of {supply:elf}, burnable: {burnable}',
  doc: 'Creates a token with 8 decimals; the sender receives the whole supply.',
  resources: ({ symbol }, { from }) => [writing(tokens, symbol), adding(balances, from)],
  verify: (ctx, { symbol, tokenName, supply }) => {
    if (!SYMBOL.test(symbol)) return symbolForm
    if (tokenName.length === 0 || tokenName.length > MAX_NAME_LENGTH) return nameForm
    if (supply === 0n || supply >= MAX_SUPPLY) return supplyRange
    return ctx.get(tokens, { symbol }) === undefined ? undefined : symbolTaken
  },
  execute: (ctx, { symbol, tokenName, supply, burnable }) => {
    const creator = ctx.env.from
    ctx.set(tokens, { symbol }, { tokenName, supply, creator, burnable })
    ctx.add(balances, { account: creator, symbol }, supply)
    ctx.emit(createdEvent, { symbol, tokenName, supply, creator, burnable })
  },
})
