import type { QueueView } from '#domain'
import type { JobDefinition, JobId } from '#jobs/definitions'

export type RunJob = (id: JobId) => Promise<string>

/** Where jobs wait and who runs them; the definitions and handlers know nothing of it. */
export interface JobQueue {
  /** Makes the schedule that of the definitions, and starts working on what is due. */
  start(definitions: readonly JobDefinition[], run: RunJob): Promise<void>
  /** Runs a job soon, besides its schedule. */
  enqueue(id: JobId): Promise<void>
  counts(): Promise<readonly QueueView[]>
  /** Resolves when running jobs have ended. */
  close(): Promise<void>
}
