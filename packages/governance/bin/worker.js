#!/usr/bin/env node
import { readWorkerSettings, startWorker } from '../dist/worker/index.js'

const worker = await startWorker(readWorkerSettings())
let stopping
const stop = () => {
  stopping ??= worker.stop().then(
    () => process.exit(0),
    (error) => {
      process.stderr.write(`${error.stack}\n`)
      process.exit(1)
    },
  )
}
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, stop)
