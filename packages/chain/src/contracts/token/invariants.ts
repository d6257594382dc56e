import type { Invariant, StateScan } from '#contracts/runtime'
import { balances, burned, locked, locks, tokens } from './state.ts'

function total(amounts: readonly { readonly name: string; readonly amount: bigint }[]): ReadonlyMap<string, bigint> {
  const sums = new Map<string, bigint>()
  for (const { name, amount } of amounts) sums.set(name, (sums.get(name) ?? 0n) + amount)
  return sums
}

const supply = (scan: StateScan): string | undefined => {
  const held = total([
    ...scan.entries(balances).map(({ key, value }) => ({ name: key.symbol, amount: value.amount })),
    ...scan.entries(locks).map(({ value }) => ({ name: value.symbol, amount: value.amount })),
    ...scan.entries(burned).map(({ key, value }) => ({ name: key.symbol, amount: value.amount })),
  ])
  const issued = new Map(scan.entries(tokens).map(({ key, value }) => [key.symbol, value.supply]))
  const wrong = [...new Set([...held.keys(), ...issued.keys()])].find(
    (symbol) => held.get(symbol) !== issued.get(symbol),
  )
  return wrong === undefined
    ? undefined
    : `${wrong}: ${held.get(wrong)} held, locked or burned of ${issued.get(wrong)} issued`
}

const lockSums = (scan: StateScan): string | undefined => {
  const single = total(
    scan.entries(locks).map(({ value }) => ({ name: `${value.owner} ${value.symbol}`, amount: value.amount })),
  )
  const summed = total(
    scan.entries(locked).map(({ key, value }) => ({ name: `${key.account} ${key.symbol}`, amount: value.amount })),
  )
  const wrong = [...new Set([...single.keys(), ...summed.keys()])].find((name) => single.get(name) !== summed.get(name))
  return wrong === undefined ? undefined : `${wrong}: locks of ${single.get(wrong)}, sum of ${summed.get(wrong)}`
}

export const invariants: readonly Invariant[] = [
  { number: 1, name: 'supply', check: supply },
  { number: 2, name: 'lockSums', check: lockSums },
]
