import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Bytes, bytesToHex, sha256 } from '#primitives'
import { createSha256Many, MAX_SHA256_MANY } from './sha256Many.ts'

const digest = (bytes: Bytes): string => createHash('sha256').update(bytes).digest('hex')

describe('four at a time', () => {
  const many = createSha256Many(sha256)
  const message = fc.oneof(
    fc.uint8Array({ maxLength: 250 }),
    fc.uint8Array({ minLength: MAX_SHA256_MANY - 2, maxLength: MAX_SHA256_MANY + 2 }),
  )

  it('behavior: each message has the digest of the platform, whatever stands beside it', () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 40 }), (messages) => {
        const output = new Uint8Array(messages.length * 32)
        many.each(messages, output)
        expect(bytesToHex(output)).toBe(`0x${messages.map(digest).join('')}`)
      }),
      { numRuns: 200 },
    )
  })

  it('behavior: more rows than fit in one go, of every length', () => {
    for (let length = 1; length <= MAX_SHA256_MANY + 1; length += length < 130 ? 1 : 97) {
      const count = length < 200 ? 1030 : 301
      const input = Uint8Array.from({ length: count * length }, (_, at) => (at * 7 + (at >> 8)) & 255)
      const output = new Uint8Array(count * 32)
      many.rows(input, length, output)
      const expected = createHash('sha256')
      for (let row = 0; row < count; row++)
        expected.update(
          createHash('sha256')
            .update(input.subarray(row * length, row * length + length))
            .digest(),
        )
      expect(digest(output), String(length)).toBe(expected.digest('hex'))
    }
  })
})
