import type { Genesis } from '#kernel'

/** Values fixed at genesis for the life of a chain. Times in milliseconds. */
export interface DposParams {
  readonly chainId: number
  readonly genesisTimeMs: bigint
  readonly slotMs: bigint
  /** The unit of W = 2^n. */
  readonly exclusionUnitMs: bigint
}

/** Largest producer list a chain may have; bounds headers and states. */
export const MAX_PRODUCERS = 128
/** Regular slots missed in a row that exclude a producer. */
export const MISSES_TO_EXCLUDE = 2
/** 2^12 hours outlast any term, so a larger exponent changes nothing. */
export const MAX_EXCLUSION_EXPONENT = 12
/** Votes are counted over at most this many rounds back. */
export const VOTE_WINDOW_ROUNDS = 5
/** How many former producers keep their place in their hash chain. */
export const MAX_RETIRED = 256

const HOUR_MS = 3_600_000n

/** Reads the genesis parameter `exclusionBaseHours` (1 when absent). */
export function paramsOf(genesis: Genesis): DposParams {
  const { chainId, genesisTimeMs, slotMs } = genesis
  return { chainId, genesisTimeMs, slotMs, exclusionUnitMs: (genesis.params['exclusionBaseHours'] ?? 1n) * HOUR_MS }
}

/** ⌊2N/3⌋+1: more than two thirds of the term's producers. */
export function thresholdOf(producers: number): number {
  const doubled = producers * 2
  return (doubled - (doubled % 3)) / 3 + 1
}

/** 2^n units in slots, rounded up (against the excluded). */
export function exclusionSlots(params: DposParams, failures: number): bigint {
  const exponent = failures < MAX_EXCLUSION_EXPONENT ? failures : MAX_EXCLUSION_EXPONENT
  return (params.exclusionUnitMs * (1n << BigInt(exponent)) + params.slotMs - 1n) / params.slotMs
}
