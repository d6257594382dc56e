import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { createRecoverPool, inlineExec } from '#node'
import { type Bytes, type Exec, keccak256, type RecoverJob, recoverAddress, signDigest } from '#primitives'
import { type Candidate, costRow, interleave, median, rateRow, type Section } from './harness.ts'

const JOB_BYTES = 97
const JOBS = 4000
const NOBLE_JOBS = 60

interface Curve {
  ecdsaRecover(signature: Uint8Array, recovery: number, digest: Uint8Array, compressed: boolean): Uint8Array
}

function makeJobs(): RecoverJob[] {
  const privateKey = new Uint8Array(32).fill(9)
  return Array.from({ length: JOBS }, (_, index) => {
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

function rawCandidates(jobs: readonly RecoverJob[], workers: readonly Worker[]): Candidate[] {
  const curve = createRequire(import.meta.url)('secp256k1/bindings.js') as Curve
  const raw = jobs.map(({ digest, signature }) => ({
    digest,
    compact: signature.slice(0, 64),
    v: (signature[64] ?? 27) - 27,
  }))
  return [
    {
      name: `L: libsecp256k1, ${workers.length} threads`,
      async run() {
        const step = Math.ceil(JOBS / workers.length)
        await Promise.all(
          workers.map((worker, index) => split(worker, { from: index * step, to: Math.min(JOBS, (index + 1) * step) })),
        )
        return JOBS
      },
    },
    {
      name: 'L1: libsecp256k1, one thread',
      run() {
        for (const { digest, compact, v } of raw) curve.ecdsaRecover(compact, v, digest, false)
        return raw.length
      },
    },
  ]
}

function ownCandidates(jobs: readonly RecoverJob[], pool: Exec): Candidate[] {
  return [
    {
      name: 'recoverAddress (checks, engine, address)',
      run() {
        for (const { digest, signature } of jobs) recoverAddress(digest, signature)
        return jobs.length
      },
    },
    {
      name: 'recoverBatch on the calling thread',
      async run() {
        return (await inlineExec.recoverBatch(jobs)).length
      },
    },
    {
      name: 'recoverBatch on the pool of threads',
      async run() {
        return (await pool.recoverBatch(jobs)).length
      },
    },
    {
      name: 'noble, one thread',
      run() {
        for (const { digest, signature } of jobs.slice(0, NOBLE_JOBS)) {
          const parsed = secp256k1.Signature.fromBytes(signature.slice(0, 64), 'compact')
          parsed
            .addRecoveryBit((signature[64] ?? 27) - 27)
            .recoverPublicKey(digest)
            .toBytes(false)
        }
        return NOBLE_JOBS
      },
    },
  ]
}

/** What a signature costs. `limit` is recoveries in a second of processor time: L1, what everything else is held against. */
export async function measureSignatures(
  rounds: number,
): Promise<{ section: Section; limit: { name: string; value: number } }> {
  const jobs = makeJobs()
  const buffer = share(jobs)
  const workers = Array.from(
    { length: availableParallelism() },
    () => new Worker(new URL('./recoverWorker.js', import.meta.url), { workerData: buffer }),
  )
  const pool = createRecoverPool()
  try {
    const samples = await interleave([...rawCandidates(jobs, workers), ...ownCandidates(jobs, pool)], rounds)
    const single = samples[1]
    if (single === undefined) throw new Error('no samples')
    const rows = samples.map((sample) => (sample === single ? rateRow(sample, '/s') : rateRow(sample, '/s', single)))
    const limit = { name: 'L1', value: median(single.processorRates) }
    return { section: { title: 'Signature recovery', rows }, limit }
  } finally {
    await Promise.all([...workers.map((worker) => worker.terminate()), pool.close()])
  }
}

/** keccak256 as installed, against the portable one. */
export async function measureKeccak(rounds: number): Promise<Section> {
  const count = 5000
  const rows = []
  for (const length of [64, 100, 416]) {
    const input = new Uint8Array(length).fill(7)
    const loop = (hash: (bytes: Bytes) => Bytes): number => {
      for (let index = 0; index < count; index += 1) hash(input)
      return count
    }
    const [installed, noble] = await interleave(
      [
        { name: `installed, ${length} bytes`, run: () => loop(keccak256) },
        { name: `noble, ${length} bytes`, run: () => loop((bytes) => keccak_256(bytes)) },
      ],
      rounds,
    )
    if (installed === undefined || noble === undefined) throw new Error('no samples')
    rows.push(costRow(installed, { base: noble }), costRow(noble))
  }
  return { title: 'Keccak-256', rows }
}
