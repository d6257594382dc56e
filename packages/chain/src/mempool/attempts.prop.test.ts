import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Hash } from '#primitives'
import type { Candidate } from './admission.ts'
import { type Attempt, Attempts } from './attempts.ts'

const candidateOf = (id: number, signature: number): Candidate =>
  ({ id: `0x${id}`, transaction: { authorization: { kind: 0, signature: `0x${signature}` } } }) as unknown as Candidate

test('behavior: attempts are found by id and signature, whatever else has begun and ended', () => {
  const step = fc.record({ id: fc.nat(2), signature: fc.nat(3), ends: fc.boolean() })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const attempts = new Attempts()
      const model = new Map<string, Attempt>()
      for (const { id, signature, ends } of steps) {
        const key = `${id}/${signature}`
        const known = model.get(key)
        expect(attempts.find(candidateOf(id, signature))).toBe(known)
        if (known === undefined) model.set(key, attempts.begin(candidateOf(id, signature)))
        else if (ends) {
          attempts.end(known)
          model.delete(key)
        }
      }
      for (const [key, attempt] of model) {
        const [id, signature] = key.split('/').map(Number) as [number, number]
        expect(attempts.find(candidateOf(id, signature))).toBe(attempt)
        expect(attempt.candidate.id).toBe(`0x${id}` as Hash)
      }
    }),
    { numRuns: 500 },
  )
})
