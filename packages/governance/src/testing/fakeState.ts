import { createHash } from 'node:crypto'
import { type Address, type Amount, DAY_MS, type Hash } from '#domain'
import type { SourceSharing } from '#indexer'

export const SLOT_MS = 4_000
export const PRODUCERS = 5
export const SLOTS_OF_ROUND = PRODUCERS + 1
export const GENESIS_TIME_MS = 1_800_000_000_000
export const SLOTS_OF_TERM = 60n
export const FINALITY_LAG = 8n
export const FEE = 250_000n
export const TREASURY: Address = '0xae1f000000000000000000000000000000000010'
export const TOKEN: Address = '0xae1f000000000000000000000000000000000001'
export const ELECTION: Address = '0xae1f000000000000000000000000000000000002'
export const PROPOSAL: Address = '0xae1f000000000000000000000000000000000007'
export const REWARD: Address = '0xae1f000000000000000000000000000000000004'
/** New units for each block, at the end of a term. */
export const BLOCK_REWARD = 100_000_007n
export const ACCOUNTS = 6
export const OPENING = 1_000_000n * 100_000_000n

export const digest = (...parts: readonly unknown[]): Hash =>
  `0x${createHash('sha256').update(JSON.stringify(parts, bigintText)).digest('hex')}`
export const bigintText = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? value.toString() : value)
export const addressFrom = (name: string): Address => digest(name).slice(0, 42) as Address

export interface FakePosition {
  readonly lockId: Hash
  readonly owner: Address
  readonly delegate: Address
  readonly amount: Amount
  readonly weight: bigint
  readonly endsAt: number
}

export interface FakeProposal {
  readonly id: Hash
  readonly author: Address
  readonly archiveHash: Hash
  readonly textHash: Hash
  readonly choices: ReadonlyMap<Address, 'adopt' | 'decline'>
  readonly isOpen: boolean
}

export interface FakeState {
  readonly holdings: Map<string, { available: Amount; locked: Amount }>
  readonly positions: Map<Hash, FakePosition>
  readonly delegates: Map<Address, { name: string; url: string; commissionBps: number }>
  /** Blocks of the running term, by producer. */
  readonly made: Map<Address, number>
  readonly sharings: SourceSharing[]
  readonly proposals: Map<Hash, FakeProposal>
}

export const copyState = (state: FakeState): FakeState => ({
  holdings: new Map([...state.holdings].map(([key, value]) => [key, { ...value }])),
  positions: new Map(state.positions),
  delegates: new Map(state.delegates),
  made: new Map(state.made),
  sharings: [...state.sharings],
  proposals: new Map(state.proposals),
})

export const openingProfile = (index: number): { name: string; url: string; commissionBps: number } => ({
  name: `Delegate ${index}`,
  url: '',
  commissionBps: 500,
})

/** Each producer votes for itself at genesis. */
export function openingPosition(address: Address, index: number): FakePosition {
  const amount = BigInt(index + 1) * 100_000_000n
  const endsAt = GENESIS_TIME_MS + 90 * DAY_MS
  return { lockId: digest('genesis vote', index), owner: address, delegate: address, amount, weight: amount, endsAt }
}

export function openingState(producers: readonly Address[], accounts: readonly Address[]): FakeState {
  const positions = producers.map(openingPosition)
  return {
    holdings: new Map<string, { available: Amount; locked: Amount }>([
      ...accounts.map((account) => [`${account}ELF`, { available: OPENING, locked: 0n }] as const),
      ...positions.map(({ owner, amount }) => [`${owner}ELF`, { available: 0n, locked: amount }] as const),
    ]),
    positions: new Map(positions.map((position) => [position.lockId, position])),
    delegates: new Map(producers.map((address, index) => [address, openingProfile(index)])),
    made: new Map(),
    sharings: [],
    proposals: new Map(),
  }
}

export const roundOf = (slot: bigint): number => (slot === 0n ? 1 : Number((slot - 1n) / BigInt(SLOTS_OF_ROUND)) + 1)
export const indexOf = (slot: bigint): number => (slot === 0n ? 0 : Number((slot - 1n) % BigInt(SLOTS_OF_ROUND)))
export const timeOf = (slot: bigint): number => GENESIS_TIME_MS + Number(slot) * SLOT_MS
export const pick = <T>(values: readonly T[], index: number): T => {
  const value = values[index % values.length]
  if (value === undefined) throw new RangeError('nothing to pick from')
  return value
}
