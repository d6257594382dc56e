import type { ContractIdentity, Param } from '#contracts/runtime'

export const FOUNDATION: ContractIdentity = { name: 'foundation', number: 6 }

export const MAX_MEMBERS = 64
/** Changes that may wait for votes at one time. */
export const MAX_CHANGES = 64
export const MS_PER_SECOND = 1000n

/** What a change does. */
export const KIND = { add: 1, remove: 2, threshold: 3 } as const

const always = (name: string, value: bigint, doc: string): Param => ({ name, doc, steps: [{ fromHeight: 0n, value }] })

export const params: readonly Param[] = [
  always('changeSeconds', 604_800n, 'How long a change of the foundation waits for votes of its members.'),
]
