import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { digestInto, nativeSha256 } from './sha256.ts'

const digest = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest())

describe('nativeSha256', () => {
  it('behavior: has every byte of the digest, whatever it holds', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (message) => {
        expect(nativeSha256(message)).toEqual(digest(message))
      }),
      { numRuns: 300 },
    )
  })

  it('behavior: takes views into larger buffers, and writes nothing else', () => {
    const long = new Uint8Array(1000).fill(0xff)
    expect(nativeSha256(long.subarray(7, 107))).toEqual(digest(long.slice(7, 107)))
    const output = new Uint8Array(40).fill(1)
    digestInto(long, output, 4)
    expect(output).toEqual(Uint8Array.of(1, 1, 1, 1, ...digest(long), 1, 1, 1, 1))
  })
})
