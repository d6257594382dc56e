import { createRequire } from 'node:module'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { createRecoverPool, inlineExec } from '#node'
import { type Bytes, type Exec, keccak256, type RecoverJob, recoverAddress } from '#primitives'
import { type Candidate, costRow, interleave, median, rateRow, type Section } from './harness.ts'
import { makeJobs, openLimit } from './limit.ts'

const NOBLE_JOBS = 60

interface Curve {
  ecdsaRecover(signature: Uint8Array, recovery: number, digest: Uint8Array, compressed: boolean): Uint8Array
}

function rawCandidates(jobs: readonly RecoverJob[], limit: Candidate): Candidate[] {
  const curve = createRequire(import.meta.url)('secp256k1/bindings.js') as Curve
  const raw = jobs.map(({ digest, signature }) => ({
    digest,
    compact: signature.slice(0, 64),
    v: (signature[64] ?? 27) - 27,
  }))
  return [
    limit,
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
  const machine = openLimit(jobs)
  const pool = createRecoverPool()
  try {
    const samples = await interleave([...rawCandidates(jobs, machine.candidate), ...ownCandidates(jobs, pool)], rounds)
    const single = samples[1]
    if (single === undefined) throw new Error('no samples')
    const rows = samples.map((sample) => (sample === single ? rateRow(sample, '/s') : rateRow(sample, '/s', single)))
    const limit = { name: 'L1', value: median(single.processorRates) }
    return { section: { title: 'Signature recovery', rows }, limit }
  } finally {
    await Promise.all([machine.close(), pool.close()])
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
