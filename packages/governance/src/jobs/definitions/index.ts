/** A piece of work that comes back. The id is also its name in the queue, so it is never reused for something else. */
export interface JobDefinition {
  readonly id: JobId
  /** For people: what it does. */
  readonly doc: string
  readonly everyMs: number
  /** Further attempts after a failure, with growing pauses. */
  readonly retries: number
}

export type JobId = 'auditStandings' | 'auditPerformance' | 'retention'

const MINUTE_MS = 60_000

export const jobDefinitions: readonly JobDefinition[] = [
  {
    id: 'auditStandings',
    doc: 'Compares weights and places of all delegates with the node at the same block.',
    everyMs: 2 * MINUTE_MS,
    retries: 3,
  },
  {
    id: 'auditPerformance',
    doc: 'Recounts blocks made and slots missed and compares them with the counters.',
    everyMs: 10 * MINUTE_MS,
    retries: 1,
  },
  { id: 'retention', doc: 'Deletes old outcomes of audits.', everyMs: 60 * MINUTE_MS, retries: 1 },
]
