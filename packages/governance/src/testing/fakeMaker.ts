import type { Address, Amount, Hash } from '#domain'
import type { SourceEvent, SourceTransaction } from '#indexer'
import type { FakeState } from './fakeState.ts'

export interface MakeScope {
  readonly state: FakeState
  readonly roll: (sides: number) => number
  readonly accounts: readonly Address[]
  readonly producers: readonly Address[]
  readonly slot: bigint
  readonly salt: string
}

export interface Drawn {
  readonly contract: 'token' | 'election' | 'reward' | 'proposal'
  readonly method: string
  readonly args: SourceTransaction['args']
  readonly events: readonly SourceEvent[]
  readonly isFailed?: boolean
}

/** A random transaction of one kind, applied to the state; undefined when the state allows none. */
export type Maker = (scope: MakeScope & { from: Address; id: Hash }) => Drawn | undefined

export function move(
  state: FakeState,
  account: Address,
  symbol: string,
  change: { available?: Amount; locked?: Amount },
): void {
  const key = `${account}${symbol}`
  const { available, locked } = state.holdings.get(key) ?? { available: 0n, locked: 0n }
  state.holdings.set(key, { available: available + (change.available ?? 0n), locked: locked + (change.locked ?? 0n) })
}
