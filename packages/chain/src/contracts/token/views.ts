import { defineView, type View } from '#contracts/runtime'
import { allowances, balances, burned, locked, locks, tokens } from './state.ts'

const balanceOf = defineView({
  name: 'balanceOf',
  doc: 'Unlocked amount of an account.',
  args: 'address account, string symbol',
  read: (ctx, key) => ctx.count(balances, key),
})

const lockedOf = defineView({
  name: 'lockedOf',
  doc: 'Sum of an account’s locks.',
  args: 'address account, string symbol',
  read: (ctx, key) => ctx.count(locked, key),
})

const allowance = defineView({
  name: 'allowance',
  doc: 'What a spender may still send in an owner’s name.',
  args: 'address owner, address spender, string symbol',
  read: (ctx, key) => ctx.count(allowances, key),
})

const tokenInfo = defineView({
  name: 'tokenInfo',
  doc: 'A token with what was issued and burned; null when there is none.',
  args: 'string symbol',
  read: (ctx, { symbol }) => {
    const token = ctx.get(tokens, { symbol })
    return token === undefined ? null : { symbol, decimals: 8, ...token, burned: ctx.count(burned, { symbol }) }
  },
})

const lockOf = defineView({
  name: 'lockOf',
  doc: 'A lock by its id; null when there is none.',
  args: 'bytes32 lockId',
  read: (ctx, { lockId }) => {
    const lock = ctx.get(locks, { lockId })
    return lock === undefined ? null : { lockId, ...lock }
  },
})

export const views: readonly View[] = [balanceOf, lockedOf, allowance, tokenInfo, lockOf]
