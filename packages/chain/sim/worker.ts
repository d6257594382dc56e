import { type Job, runJob } from './job.ts'
import { serveJobs } from './pool.ts'

// Refusals are ordinary here, and recording where each was made takes longer than making it. A replay has its traces.
Error.stackTraceLimit = 0

/** A process of the pool. */
serveJobs(async (text) => JSON.stringify(await runJob(JSON.parse(text) as Job)))
