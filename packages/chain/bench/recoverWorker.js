// Recovers what the shared buffer holds, with nothing of the project in between: the limit everything else is held against.
// Plain JavaScript, since threads do not inherit the loader for TypeScript.
import { createRequire } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'

/** Each job: digest 32, r ‖ s 64, recovery 1. */
const JOB_BYTES = 97

const curve = createRequire(import.meta.url)('secp256k1/bindings.js')
const jobs = new Uint8Array(workerData)

parentPort.on('message', ({ from, to }) => {
  for (let index = from; index < to; index += 1) {
    const at = index * JOB_BYTES
    const digest = new Uint8Array(jobs.subarray(at, at + 32))
    const signature = new Uint8Array(jobs.subarray(at + 32, at + 96))
    curve.ecdsaRecover(signature, jobs[at + 96], digest, false)
  }
  parentPort.postMessage(to - from)
})
