import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createShortSha256, MAX_SHORT_BYTES } from './sha256Short.ts'

const native = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest())

describe('createShortSha256', () => {
  const sha256 = createShortSha256()

  it('behavior: equals the native implementation for every length it takes', () => {
    for (let length = 0; length <= MAX_SHORT_BYTES; length += 1) {
      const input = Uint8Array.from({ length }, (_, index) => (index * 31 + length) & 255)
      expect(sha256(input)).toEqual(native(input))
    }
  })

  it('behavior: equals the native implementation for any bytes, in any order of calls', () => {
    const inputs = fc.array(fc.uint8Array({ maxLength: MAX_SHORT_BYTES }), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(inputs, (messages) => {
        const digests = messages.map(sha256)
        expect(digests).toEqual(messages.map(native))
      }),
      { numRuns: 300 },
    )
  })

  it('behavior: takes views into larger buffers', () => {
    const long = new Uint8Array(1000).fill(0xff)
    expect(sha256(long.subarray(7, 57))).toEqual(native(long.slice(7, 57)))
  })
})
