import type { ContractIdentity, Param } from '#contracts/runtime'

export const COLLECTION: ContractIdentity = { name: 'collection', number: 5 }

/** Answers of `upgrades` in one call. */
export const MAX_ASKED_UPGRADES = 100

const always = (name: string, value: bigint, doc: string): Param => ({ name, doc, steps: [{ fromHeight: 0n, value }] })

export const params: readonly Param[] = [
  always('window', 100n, 'Most recent blocks whose signals count. Fixed for the life of a collection.'),
  always('lockIn', 80n, 'Of these, how many must signal a successor to lock it in and to confirm it; more than half.'),
  always('confirm', 2_000n, 'Blocks in a row, after the lock-in, that must find the support held.'),
]
