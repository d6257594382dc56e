import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bytesToHex } from '#primitives'
import { RpcFailure } from './failure.ts'
import { readTransaction } from './values.ts'

const place = { name: 'envelopes', field: 'params[0].1' }

describe('readTransaction', () => {
  test('behavior: reads hex of either case, however many come', () => {
    const values = fc.array(fc.uint8Array({ maxLength: 800 }), { maxLength: 20 })
    fc.assert(
      fc.property(values, fc.boolean(), (all, upper) => {
        const read = all.map((bytes) => {
          const digits = bytesToHex(bytes).slice(2)
          return readTransaction(`0x${upper ? digits.toUpperCase() : digits}`, place)
        })
        expect(read).toEqual(all.map((bytes) => new Uint8Array(bytes)))
      }),
    )
  })

  test('behavior: what stays keeps little else in memory', () => {
    for (const length of [0, 300, 512, 513, 100_000]) {
      const { buffer } = readTransaction(`0x${'5a'.repeat(length)}`, place)
      expect(buffer.byteLength).toBeLessThanOrEqual(length > 512 ? length : 2048)
    }
  })

  // Wide characters whose low halves are digits, and digits of other scripts, among them.
  test.each([
    '',
    '0',
    '0x0',
    '00',
    '0x0g',
    '0xg0',
    '0X00',
    ' 0x00',
    '0x00 ',
    '0x0 00',
    '0x\u0130\u0131',
    '0x\u0661\u0662',
  ])('error: %j is no hex', (text) => {
    const extra = expect.objectContaining({ field: 'params[0].1', help: expect.stringContaining('hex digits') })
    expect(() => readTransaction(text, place)).toThrow(expect.objectContaining({ code: 'rpc.invalidParams', extra }))
  })

  test('error: any text but hex is refused', () => {
    const text = fc.string({
      unit: fc.constantFrom('0', 'a', 'F', 'g', ' ', '\u00e9', '\u0130', '\u{1f600}'),
      maxLength: 12,
    })
    fc.assert(
      fc.property(text, (digits) => {
        const isHex = /^(?:[0-9a-fA-F]{2})*$/.test(digits)
        if (isHex) expect(bytesToHex(readTransaction(`0x${digits}`, place))).toBe(`0x${digits.toLowerCase()}`)
        else expect(() => readTransaction(`0x${digits}`, place)).toThrow(RpcFailure)
      }),
      { numRuns: 500 },
    )
  })
})
