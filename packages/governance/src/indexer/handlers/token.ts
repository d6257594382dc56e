import { addHolding } from './holdings.ts'
import { addressOf, amountOf, type EventHandler, flagOf, textOf } from './scope.ts'

const transferred: EventHandler = async (scope) => {
  const { event } = scope
  const symbol = textOf(event, 'symbol')
  const amount = amountOf(event, 'amount')
  await addHolding(scope, { address: addressOf(event, 'from'), symbol }, { available: -amount })
  await addHolding(scope, { address: addressOf(event, 'to'), symbol }, { available: amount })
}

const burned: EventHandler = async (scope) => {
  const { event, workspace } = scope
  const symbol = textOf(event, 'symbol')
  const amount = amountOf(event, 'amount')
  await addHolding(scope, { address: addressOf(event, 'owner'), symbol }, { available: -amount })
  const token = await workspace.get('tokens', { symbol })
  if (token !== undefined) workspace.put('tokens', { ...token, burned: token.burned + amount })
}

const created: EventHandler = async (scope) => {
  const { event, workspace, block } = scope
  const symbol = textOf(event, 'symbol')
  const creator = addressOf(event, 'creator')
  const supply = amountOf(event, 'supply')
  await workspace.get('tokens', { symbol })
  workspace.put('tokens', {
    symbol,
    name: textOf(event, 'tokenName'),
    supply,
    burned: 0n,
    creator,
    burnable: flagOf(event, 'burnable'),
    createdHeight: block.height,
  })
  await addHolding(scope, { address: creator, symbol }, { available: supply })
}

const locked: EventHandler = async (scope) => {
  const { event } = scope
  const amount = amountOf(event, 'amount')
  await addHolding(
    scope,
    { address: addressOf(event, 'owner'), symbol: textOf(event, 'symbol') },
    { available: -amount, locked: amount },
  )
}

const unlocked: EventHandler = async (scope) => {
  const { event } = scope
  const amount = amountOf(event, 'amount')
  await addHolding(
    scope,
    { address: addressOf(event, 'owner'), symbol: textOf(event, 'symbol') },
    { available: amount, locked: -amount },
  )
}

export const tokenHandlers: Readonly<Record<string, EventHandler>> = {
  'token.Transfer': transferred,
  'token.Burned': burned,
  'token.Created': created,
  'token.Locked': locked,
  'token.Unlocked': unlocked,
}
