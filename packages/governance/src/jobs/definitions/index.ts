/** A piece of work that comes back. The id is also its name in the queue, so it is never reused for something else. */
export interface JobDefinition {
  readonly id: JobId
  /** For people: what it does. */
  readonly doc: string
  /** How often it comes back; absent for work that is only done when it is put into the queue. */
  readonly everyMs?: number
  /** Further attempts after a failure, with growing pauses. */
  readonly retries: number
}

export type JobId =
  | 'auditStandings'
  | 'auditPerformance'
  | 'auditCollection'
  | 'retention'
  | 'findAlerts'
  | 'deliverAlert'
  | 'checkArchives'

const SECOND_MS = 1_000
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
  {
    id: 'auditCollection',
    doc: 'Compares signals, successor and collection in force with the contract at the same block.',
    everyMs: MINUTE_MS,
    retries: 3,
  },
  {
    id: 'retention',
    doc: 'Deletes old audits, sessions and messages, and content that no proposal names.',
    everyMs: 60 * MINUTE_MS,
    retries: 1,
  },
  {
    id: 'findAlerts',
    doc: 'Compares what happened to delegates with what people want to be told, and puts due messages into the queue.',
    everyMs: 3 * SECOND_MS,
    retries: 0,
  },
  // What waits is in rows, so a queue that is lost loses none, and the next run does what this one could not.
  {
    id: 'checkArchives',
    doc: 'Reads archives that were handed in, builds those with a collection, and keeps report and bundle.',
    everyMs: 2 * SECOND_MS,
    retries: 0,
  },
  // A message that was refused waits in its row, with growing pauses; these further attempts are for a lost database.
  { id: 'deliverAlert', doc: 'Sends one message to one channel.', retries: 3 },
]
