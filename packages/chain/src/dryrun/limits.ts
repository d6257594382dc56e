/** Newest blocks that are run again when nothing else is said. */
export const DEFAULT_BLOCKS = 20
/** Most of them: what a node keeps states for. */
export const MAX_BLOCKS = 1000
/** How often one step is tried again with more of the state at hand. */
export const MAX_ROUNDS = 2000
/** Entries of the state that are fetched at most. */
export const MAX_ENTRIES = 100_000
/** Paths of one question. */
export const PATHS_PER_QUESTION = 128
/** Size of a transaction that fees are compared for. */
export const SAMPLE_BYTES = 250
/** Differences of one kind that are listed; all are counted. */
export const MAX_LISTED = 100
