import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { keccak256, type RecoverJob, signDigest } from '#primitives'
import type { Candidate } from './harness.ts'

const JOB_BYTES = 97
/** Signatures of one run of the limit. */
export const LIMIT_JOBS = 4000

export function makeJobs(): RecoverJob[] {
  const privateKey = new Uint8Array(32).fill(9)
  return Array.from({ length: LIMIT_JOBS }, (_, index) => {
    const digest = keccak256(Uint8Array.of(index >> 8, index & 255))
    return { digest, signature: signDigest(digest, privateKey) }
  })
}

function share(jobs: readonly RecoverJob[]): SharedArrayBuffer {
  const buffer = new SharedArrayBuffer(jobs.length * JOB_BYTES)
  const bytes = new Uint8Array(buffer)
  for (const [index, { digest, signature }] of jobs.entries()) {
    bytes.set(digest, index * JOB_BYTES)
    bytes.set(signature.subarray(0, 64), index * JOB_BYTES + 32)
    bytes[index * JOB_BYTES + 96] = (signature[64] ?? 27) - 27
  }
  return buffer
}

function split(worker: Worker, range: { from: number; to: number }): Promise<void> {
  return new Promise((resolve) => {
    worker.once('message', () => resolve())
    worker.postMessage(range)
  })
}

/** L: what libsecp256k1 recovers on all cores at once, with nothing of the project in between. */
export interface MachineLimit {
  readonly candidate: Candidate
  close(): Promise<void>
}

export function openLimit(
  jobs: readonly RecoverJob[] = makeJobs(),
  threads: number = availableParallelism(),
): MachineLimit {
  const buffer = share(jobs)
  const workers = Array.from(
    { length: threads },
    () => new Worker(new URL('./recoverWorker.js', import.meta.url), { workerData: buffer }),
  )
  return {
    candidate: {
      name: `L: libsecp256k1, ${threads} threads`,
      async run() {
        const step = Math.ceil(jobs.length / workers.length)
        await Promise.all(
          workers.map((worker, index) =>
            split(worker, { from: index * step, to: Math.min(jobs.length, (index + 1) * step) }),
          ),
        )
        return jobs.length
      },
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()))
    },
  }
}
