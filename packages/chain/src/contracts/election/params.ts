import type { ContractIdentity, Param } from '#contracts/runtime'

export const ELECTION: ContractIdentity = { name: 'election', number: 2 }

export const DAY_MS = 86_400_000n
export const YEAR_MS: bigint = 365n * DAY_MS
export const LOCK_DAYS_MIN = 90
export const LOCK_DAYS_MAX = 1080
export const MAX_CANDIDATES = 1024
export const MAX_POSITIONS = 256
export const MAX_NAME_LENGTH = 64
export const MAX_URL_LENGTH = 256
export const MAX_COMMISSION_BPS = 10_000

const always = (name: string, value: bigint, doc: string): Param => ({ name, doc, steps: [{ fromHeight: 0n, value }] })

export const params: readonly Param[] = [
  always('deposit', 10_000_000_000_000n, 'ELF a candidate leaves as deposit, in the smallest unit.'),
  always('voteMin', 100_000_000n, 'Smallest vote, in the smallest unit of ELF.'),
  always('firstN', 8n, 'N of the first year; 2N+1 delegates produce.'),
  always('growthPerYear', 1n, 'What N grows by with each full year of 365 days since genesis.'),
]
