/** What an archive may hold at most. Everything is counted while it is unpacked; what headers say is never believed. */
export interface ArchiveLimits {
  readonly packedBytes: number
  readonly unpackedBytes: number
  readonly fileBytes: number
  readonly entries: number
  /** Unpacked bytes for each packed byte, of the whole and, in a zip, of each entry. */
  readonly ratio: number
  readonly pathBytes: number
  readonly depth: number
}

const MIB = 1024 * 1024

export const ARCHIVE_LIMITS: ArchiveLimits = {
  packedBytes: 10 * MIB,
  unpackedBytes: 50 * MIB,
  fileBytes: 2 * MIB,
  entries: 5_000,
  ratio: 100,
  pathBytes: 200,
  depth: 16,
}

/** Small files of one repeated byte compress better than any source does and still harm nobody. */
export const RATIO_FREE_BYTES: number = 64 * 1024
