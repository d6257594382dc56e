import type { Database } from '#db'

/** What handlers work with. */
export interface JobContext {
  readonly database: Database
  readonly rpcUrl: string
  readonly now: () => number
}
