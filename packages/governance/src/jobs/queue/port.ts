import type { QueueView } from '#domain'
import type { JobDefinition, JobId } from '#jobs/definitions'

/** `item` names the row a job is about; a queue never carries more than that. */
export type RunJob = (id: JobId, item?: string) => Promise<string>

export interface JobTicket {
  readonly item: string
  /** Waits once, however often it is put in. Letters, digits and dashes. */
  readonly key: string
}

/** Where jobs wait and who runs them; the definitions and handlers know nothing of it. */
export interface JobQueue {
  /** Makes the schedule that of the definitions, and starts working on what is due. */
  start(definitions: readonly JobDefinition[], run: RunJob): Promise<void>
  /** Runs a job soon, besides its schedule. */
  enqueue(id: JobId, ticket?: JobTicket): Promise<void>
  counts(): Promise<readonly QueueView[]>
  /** Resolves when running jobs have ended. */
  close(): Promise<void>
}
