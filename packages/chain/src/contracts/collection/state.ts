import { type Counter, defineCounter, defineItem, type FieldsOf, type Item } from '#contracts/runtime'
import { COLLECTION } from './params.ts'

/** Which code runs. Number, key and value are fixed for ever: see `kernel/standards`. */
export const current: Item<'', 'bytes32 hash, uint64 since, bytes32 former'> = defineItem(COLLECTION, {
  number: 1,
  name: 'current',
  key: '',
  value: 'bytes32 hash, uint64 since, bytes32 former',
  bound: 'one entry',
})

/** What the recent blocks signalled, by height modulo the window; absent where a block signalled nothing. */
export const signals: Item<'uint32 place', 'bytes32 hash'> = defineItem(COLLECTION, {
  number: 2,
  name: 'signals',
  key: 'uint32 place',
  value: 'bytes32 hash',
  bound: 'one entry per block of the window',
})

/** How many of the recent blocks signalled a hash. */
export const counts: Counter<'bytes32 hash'> = defineCounter(COLLECTION, {
  number: 3,
  name: 'counts',
  key: 'bytes32 hash',
  bound: 'one entry per signalled hash, at most one per block of the window',
})

/** The successor that is locked in; `confirmed` blocks in a row found its support held, `resetAt` is the last that did not, or 0. */
export const candidate: Item<'', 'bytes32 hash, uint64 lockedAt, uint32 confirmed, uint64 resetAt'> = defineItem(
  COLLECTION,
  {
    number: 4,
    name: 'candidate',
    key: '',
    value: 'bytes32 hash, uint64 lockedAt, uint32 confirmed, uint64 resetAt',
    bound: 'one entry',
  },
)

/** Every upgrade, numbered from 1. */
export const upgrades: Item<'uint32 number', 'bytes32 hash, uint64 since, uint64 lockedAt'> = defineItem(COLLECTION, {
  number: 5,
  name: 'upgrades',
  key: 'uint32 number',
  value: 'bytes32 hash, uint64 since, uint64 lockedAt',
  bound: 'one entry per upgrade, at least `confirm` blocks apart',
})

export const upgradeCount: Counter<''> = defineCounter(COLLECTION, {
  number: 6,
  name: 'upgradeCount',
  key: '',
  bound: 'one entry',
})

export const state: readonly Item[] = [current, signals, counts, candidate, upgrades, upgradeCount]

export type Candidate = FieldsOf<'bytes32 hash, uint64 lockedAt, uint32 confirmed, uint64 resetAt'>
