import { keccak_256 } from '@noble/hashes/sha3.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createKeccak, MAX_KECCAK_INPUT } from './keccak.ts'

describe('keccak', () => {
  const absorb = createKeccak()
  const keccak = (input: Uint8Array): Uint8Array => {
    const digest = new Uint8Array(32)
    absorb(input, digest)
    return digest
  }

  it('behavior: equals the portable implementation for every length around the block borders', () => {
    for (let length = 0; length <= 600; length += 1) {
      const input = Uint8Array.from({ length }, (_, index) => (index * 31 + length) & 255)
      expect(keccak(input)).toEqual(keccak_256(input))
    }
  })

  it('behavior: equals the portable implementation for any bytes, in any order of calls', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 2000 }), { minLength: 1, maxLength: 4 }), (inputs) => {
        for (const input of inputs) expect(keccak(input)).toEqual(keccak_256(input))
      }),
      { numRuns: 100 },
    )
  })

  it('behavior: takes its longest input, and views into larger buffers', () => {
    const long = new Uint8Array(MAX_KECCAK_INPUT).fill(0xff)
    expect(keccak(long)).toEqual(keccak_256(long))
    expect(keccak(long.subarray(7, 107))).toEqual(keccak_256(long.slice(7, 107)))
  })
})
