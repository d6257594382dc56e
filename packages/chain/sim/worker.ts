import { type Job, runJob } from './job.ts'

/** A process of the pool: one job a message, one answer a job. */
process.on('message', (text) => {
  runJob(JSON.parse(String(text)) as Job).then(
    (outcome) => process.send?.(JSON.stringify(outcome)),
    (error: unknown) => {
      process.stderr.write(`${String(text)} ${error instanceof Error ? String(error.stack) : String(error)}\n`)
      process.exit(1)
    },
  )
})
