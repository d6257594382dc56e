import type { Worker } from 'node:worker_threads'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  bytesToAddress,
  bytesToHex,
  keccak256,
  type RecoverJob,
  recoverAddress,
  resetSignatureEngine,
  signDigest,
} from '#primitives'
import { inlineExec } from './authenticator.ts'
import { installEngines } from './engines.ts'
import { createRecoverPool, type RecoverPool } from './recoverPool.ts'

const key = new Uint8Array(32).fill(11)
const address = bytesToAddress(keccak256(secp256k1.getPublicKey(key, false).subarray(1)).subarray(12))
const ORDER = secp256k1.Point.CURVE().n

const word = (value: bigint): number[] =>
  Array.from({ length: 32 }, (_, index) => Number((value >> BigInt(8 * (31 - index))) & 255n))

/** Good signatures, changed ones, and numbers at the borders of what is allowed. */
const anyJob: fc.Arbitrary<RecoverJob> = fc.oneof(
  fc.uint8Array({ minLength: 32, maxLength: 32 }).map((digest) => ({ digest, signature: signDigest(digest, key) })),
  fc
    .tuple(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.nat(64), fc.integer({ min: 1, max: 255 }))
    .map(([digest, at, flip]) => {
      const signature = signDigest(digest, key)
      signature[at] = (signature[at] ?? 0) ^ flip
      return { digest, signature }
    }),
  // The other signature of the same key, which the curve would take: s in the upper half.
  fc.uint8Array({ minLength: 32, maxLength: 32 }).map((digest) => {
    const signature = signDigest(digest, key)
    const s = BigInt(bytesToHex(signature.subarray(32, 64)))
    signature.set(word(ORDER - s), 32)
    signature[64] = 55 - (signature[64] ?? 0)
    return { digest, signature }
  }),
  fc
    .tuple(
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.constantFrom(0n, 1n, 5n, ORDER - 1n, ORDER, ORDER + 1n),
      fc.constantFrom(0n, 1n, ORDER >> 1n, (ORDER >> 1n) + 1n, ORDER),
      fc.constantFrom(0, 26, 27, 28, 29),
    )
    .map(([digest, r, s, v]) => ({ digest, signature: Uint8Array.from([...word(r), ...word(s), v]) })),
  fc
    .tuple(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ maxLength: 70 }))
    .map(([digest, signature]) => ({ digest, signature })),
)

describe('recoverPool', () => {
  let pool: RecoverPool
  beforeAll(() => {
    pool = createRecoverPool(2)
  })
  afterAll(async () => {
    await pool.close()
    resetSignatureEngine()
  })

  it('behavior: threads, asked ahead or not, the native engine and the portable one agree on all signatures', async () => {
    const silent = { debug() {}, info() {}, warn() {}, error() {} }
    await fc.assert(
      fc.asyncProperty(fc.array(anyJob, { minLength: 1, maxLength: 90 }), async (jobs) => {
        resetSignatureEngine()
        const portable = jobs.map(({ digest, signature }) => recoverAddress(digest, signature))
        installEngines(silent, { again: true })
        const native = jobs.map(({ digest, signature }) => recoverAddress(digest, signature))
        expect(native).toEqual(portable)
        const [now, ahead] = [pool.recoverBatch(jobs), pool.recoverBatch(jobs, { ahead: true })]
        const begun = pool.recoverBatch(jobs, { more: true })
        pool.hurry(begun)
        expect(await now).toEqual(portable)
        expect(await ahead).toEqual(portable)
        expect(await begun).toEqual(portable)
        expect(await inlineExec.recoverBatch(jobs, { ahead: true })).toEqual(portable)
      }),
      { numRuns: 12 },
    )
  })

  it('behavior: answers stay in order, for callers that ask at the same time too', async () => {
    const jobs = Array.from({ length: 300 }, (_, index) => {
      const digest = keccak256(Uint8Array.of(index & 255, index >> 8))
      const signature = signDigest(digest, key)
      if (index % 3 === 0) signature[64] = 99
      return { digest, signature }
    })
    const expected = jobs.map((_, index) => (index % 3 === 0 ? undefined : address))
    const [whole, singles] = await Promise.all([
      pool.recoverBatch(jobs),
      Promise.all(jobs.map(async (job) => (await pool.recoverBatch([job]))[0])),
    ])
    expect(whole).toEqual(expected)
    expect(singles).toEqual(expected)
  })

  it('behavior: what somebody waits for comes before what is asked ahead', async () => {
    const single = createRecoverPool(1)
    const jobs = Array.from({ length: 3000 }, (_, index) => {
      const digest = keccak256(Uint8Array.of(index & 255, index >> 8))
      return { digest, signature: signDigest(digest, key) }
    })
    const order: string[] = []
    const ahead = single.recoverBatch(jobs, { ahead: true }).then(() => order.push('ahead'))
    await new Promise((resolve) => setTimeout(resolve, 1))
    const now = single.recoverBatch(jobs.slice(0, 100)).then(() => order.push('now'))
    await Promise.all([ahead, now])
    expect(order).toEqual(['now', 'ahead'])
    await single.close()
  })

  it('behavior: more signatures than the shared memory holds, waited for and ahead at once', async () => {
    const few = Array.from({ length: 50 }, (_, index) => {
      const digest = keccak256(Uint8Array.of(index))
      const signature = signDigest(digest, key)
      if (index % 7 === 0) signature[64] = 1
      return { digest, signature }
    })
    const jobs = Array.from({ length: 9000 }, (_, index) => few[index % few.length] as RecoverJob)
    const expected = jobs.map((_, index) => ((index % few.length) % 7 === 0 ? undefined : address))
    const answers = [pool.recoverBatch(jobs, { ahead: true }), pool.recoverBatch(jobs, { more: true })]
    for (const answer of answers) pool.hurry(answer)
    for (const answer of answers) expect(await answer).toEqual(expected)
    expect(await pool.recoverBatch(few)).toEqual(expected.slice(0, few.length))
  })

  it('behavior: one thread of several dies, and nothing is lost', async () => {
    const several = createRecoverPool(3)
    const digest = keccak256(Uint8Array.of(2))
    const jobs = Array.from({ length: 3000 }, () => ({ digest, signature: signDigest(digest, key) }))
    const answers = [several.recoverBatch(jobs, { ahead: true }), several.recoverBatch(jobs, { more: true })]
    const { workers } = several as unknown as { readonly workers: readonly Worker[] }
    await workers[1]?.terminate()
    for (const answer of answers) expect(new Set(await answer)).toEqual(new Set([address]))
    expect(await several.recoverBatch(jobs.slice(0, 100))).toHaveLength(100)
  })

  it('behavior: work in hand is finished on the calling thread when the threads end', async () => {
    const short = createRecoverPool(1)
    const digest = keccak256(Uint8Array.of(1))
    const jobs = Array.from({ length: 2000 }, () => ({ digest, signature: signDigest(digest, key) }))
    const answers = [short.recoverBatch(jobs), short.recoverBatch(jobs, { ahead: true })]
    await short.close()
    for (const answer of answers) expect(new Set(await answer)).toEqual(new Set([address]))
    expect(await short.recoverBatch(jobs.slice(0, 100))).toHaveLength(100)
  })
})
