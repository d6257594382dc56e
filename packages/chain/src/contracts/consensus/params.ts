import type { ContractIdentity, Param } from '#contracts/runtime'

export const CONSENSUS: ContractIdentity = { name: 'consensus', number: 3 }

const always = (name: string, value: bigint, doc: string): Param => ({ name, doc, steps: [{ fromHeight: 0n, value }] })

export const params: readonly Param[] = [
  always('slotMs', 4_000n, 'Length of a slot, in milliseconds. Fixed for the life of a chain.'),
  always('termSeconds', 604_800n, 'Time between two elections, in seconds.'),
  always(
    'exclusionBaseHours',
    2n,
    'A producer’s n-th failure in a term excludes it for this number to the power of n, in hours.',
  ),
  always('missesToExclude', 2n, 'Regular slots missed in a row that exclude a producer.'),
]
