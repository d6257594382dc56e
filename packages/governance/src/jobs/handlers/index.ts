import type { JobId } from '#jobs/definitions'
import type { JobContext } from './context.ts'

export type { JobContext } from './context.ts'

/** Handlers are loaded when their first job runs. */
const handlers: Readonly<Record<JobId, () => Promise<(context: JobContext) => Promise<string>>>> = {
  auditStandings: async () => (await import('./auditStandings.ts')).auditStandings,
  auditPerformance: async () => (await import('./auditPerformance.ts')).auditPerformance,
  retention: async () => (await import('./retention.ts')).retention,
}

/** Runs one job to its end; answers a sentence for the log. */
export async function runJob(id: JobId, context: JobContext): Promise<string> {
  const handler = await handlers[id]()
  return handler(context)
}
