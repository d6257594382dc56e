import type { JobId } from '#jobs/definitions'
import type { JobContext } from './context.ts'

export type { JobContext, Outbox } from './context.ts'

/** Handlers are loaded when their first job runs. */
const handlers: Readonly<Record<JobId, () => Promise<(context: JobContext, item?: string) => Promise<string>>>> = {
  auditStandings: async () => (await import('./auditStandings.ts')).auditStandings,
  auditPerformance: async () => (await import('./auditPerformance.ts')).auditPerformance,
  auditCollection: async () => (await import('./auditCollection.ts')).auditCollection,
  findAlerts: async () => (await import('./findAlerts.ts')).findDueAlerts,
  deliverAlert: async () => (await import('./deliverAlert.ts')).deliverAlert,
  checkArchives: async () => (await import('./checkArchives.ts')).checkArchives,
  retention: async () => (await import('./retention.ts')).retention,
}

/** Runs one job to its end; answers a sentence for the log. */
export async function runJob(id: JobId, context: JobContext, item?: string): Promise<string> {
  const handler = await handlers[id]()
  return handler(context, item)
}
