#!/usr/bin/env node
import { readWorkerSettings, startWorker } from '../dist/worker/index.js'

const worker = await startWorker(readWorkerSettings())
let isStopping = false

const stop = async () => {
  if (isStopping) return
  isStopping = true
  await worker.stop()
  process.exit(0)
}
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, stop)
