const YEAR_MS = 365 * 86_400_000
const N_AT_GENESIS = 8

/** Producers of a term: 2N + 1, where N is 8 at genesis and grows by one with each full year of chain time. */
export function seatCount(genesisTimeMs: number, atMs: number): number {
  const years = Math.max(0, Math.floor((atMs - genesisTimeMs) / YEAR_MS))
  return 2 * (N_AT_GENESIS + years) + 1
}
