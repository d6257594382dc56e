import { type Job, runJob } from './job.ts'
import { serveJobs } from './pool.ts'

/** A process of the pool. */
serveJobs(async (text) => JSON.stringify(await runJob(JSON.parse(text) as Job)))
