import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytesToHex, hashPairs, type Logger, pairHashEngineName, resetPairHashEngine } from '#primitives'
import { installEngines } from './engines.ts'

const silent: Logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

describe('native pairs', () => {
  it('behavior: equal to the portable engine for any number of pairs', () => {
    installEngines(silent, { again: true })
    expect(pairHashEngineName()).toBe('hashtree')
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70 }), fc.uint8Array({ minLength: 64, maxLength: 64 }), (count, seed) => {
        const input = Uint8Array.from({ length: count * 64 }, (_, at) => (seed[at % 64] as number) ^ (at >> 6))
        installEngines(silent, { again: true })
        const native = new Uint8Array(count * 32)
        hashPairs(input, native)
        resetPairHashEngine()
        const portable = new Uint8Array(count * 32)
        hashPairs(input, portable)
        expect(bytesToHex(native)).toBe(bytesToHex(portable))
      }),
      { numRuns: 50 },
    )
  })
})
