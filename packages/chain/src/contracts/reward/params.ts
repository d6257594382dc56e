import type { ContractIdentity, Param } from '#contracts/runtime'

export const REWARD: ContractIdentity = { name: 'reward', number: 4 }

export const DAY_MS = 86_400_000n
export const MS_PER_SECOND = 1000n
export const MAX_BPS = 10_000n

/** What an index counts in: 10⁻⁸ ELF for each unit of weight, times this. Far above any sum of weights. */
export const SCALE = 1_000_000_000_000_000_000n

/** Two lists of producers may make blocks in one term, 128 each. */
export const MAX_MAKERS = 256

/** Most ids, terms or entries one view answers with. */
export const MAX_ASKED_SHARES = 256
export const MAX_ASKED_TERMS = 104

const always = (name: string, value: bigint, doc: string): Param => ({ name, doc, steps: [{ fromHeight: 0n, value }] })

export const params: readonly Param[] = [
  always('blockReward', 100_000_000n, 'ELF created for each block of the first years, in the smallest unit.'),
  always(
    'halvingSeconds',
    126_144_000n,
    'Time after which the reward of a block is halved, again and again; zero for never.',
  ),
]
