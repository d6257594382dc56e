import type { Database } from '#db'
import type { ChainSource } from '#indexer'

/** What handlers work with. */
export interface JobContext {
  readonly database: Database
  readonly source: ChainSource
  readonly now: () => number
}
