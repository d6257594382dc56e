import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addressAt,
  asAddress,
  asHash,
  bigintToBytes,
  bytesToBigint,
  bytesToHex,
  bytesToUtf8,
  compareBytes,
  concatBytes,
  equalBytes,
  hexAt,
  hexToBytes,
  isAddress,
  isHash,
  isHexBytes,
  putHex,
  utf8ToBytes,
} from './index.ts'

const bytes = fc.uint8Array({ maxLength: 600 })

describe('hex [ENC-HEX-1]', () => {
  it('behavior: round trip, equal to the platform encoder', () => {
    fc.assert(
      fc.property(bytes, (value) => {
        const hex = bytesToHex(value)
        expect(hex).toBe(`0x${Buffer.from(value).toString('hex')}`)
        expect(equalBytes(hexToBytes(hex), value)).toBe(true)
        expect(equalBytes(hexToBytes(`0x${hex.slice(2).toUpperCase()}`), value)).toBe(true)
      }),
    )
  })
  it('behavior: a piece as text, and text written in place', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 128 }), fc.uint8Array({ maxLength: 9 }), (value, around) => {
        const whole = concatBytes(around, value, around)
        const at = around.length
        expect(hexAt(whole, at, at + value.length)).toBe(bytesToHex(value))
        const target = { bytes: new Uint8Array(whole.length), at }
        expect(putHex(bytesToHex(value).replaceAll('f', 'F'), target, value.length)).toBe(true)
        expect(target.bytes.subarray(at, at + value.length)).toEqual(value)
        expect(target.bytes.subarray(at + value.length)).toEqual(new Uint8Array(at))
      }),
    )
  })
  it('error: text that is not so many bytes of hex is not written', () => {
    const target = { bytes: new Uint8Array(4), at: 0 }
    for (const text of ['', '0x', '0x00', '0x000', '0X0000', '0x00g0', '0x000g', '0x00é0', '000000', '0x000000'])
      expect(putHex(text, target, 2)).toBe(false)
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 4, maxLength: 4 }), (digits) => {
        expect(putHex(`0x${digits}`, target, 2)).toBe(/^[0-9a-fA-F]{4}$/.test(digits))
      }),
    )
  })
  it('behavior: tells hex of whole bytes from any other text', () => {
    const unit = fc.oneof(
      { weight: 40, arbitrary: fc.constantFrom(...'0123456789abcdefABCDEF') },
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    )
    fc.assert(
      fc.property(fc.constantFrom('0x', '0X', ''), fc.string({ unit, maxLength: 40 }), (prefix, digits) => {
        expect(isHexBytes(prefix + digits)).toBe(/^0x(?:[0-9a-fA-F]{2})*$/.test(prefix + digits))
      }),
      { numRuns: 1000 },
    )
  })
  it.each(['', '0', '00', '0x0', '0xg0', '0x0g', '0X00', ' 0x00', '0x00 '])('error: %j', (text) => {
    expect(isHexBytes(text)).toBe(false)
    expect(() => hexToBytes(text)).toThrow(expect.objectContaining({ code: 'primitive.hex' }))
  })
})

describe('hash and address', () => {
  it('default: normalises to lower case', () => {
    expect(asAddress(`0x${'Ab'.repeat(20)}`)).toBe(`0x${'ab'.repeat(20)}`)
    expect(asHash(`0x${'Ab'.repeat(32)}`)).toBe(`0x${'ab'.repeat(32)}`)
    expect(isAddress(`0x${'Ab'.repeat(20)}`)).toBe(false)
    expect(isHash(`0x${'ab'.repeat(32)}`)).toBe(true)
  })
  it('behavior: a remembered address is that of the bytes, whatever was read before and became of them', () => {
    const few = fc.uint8Array({ minLength: 20, maxLength: 20, max: 1 })
    fc.assert(
      fc.property(fc.array(few, { minLength: 1, maxLength: 40 }), fc.nat(5), (list, before) => {
        for (const value of list) {
          const whole = concatBytes(new Uint8Array(before), value)
          const text = bytesToHex(value)
          expect(addressAt(whole, before)).toBe(text)
          whole.fill(9)
          expect(addressAt(value, 0)).toBe(text)
        }
      }),
    )
    expect(addressAt(new Uint8Array(20), 0)).toBe(`0x${'00'.repeat(20)}`)
  })
  it('error: other lengths and digits', () => {
    expect(() => asAddress(`0x${'ab'.repeat(19)}`)).toThrow(expect.objectContaining({ code: 'primitive.address' }))
    expect(() => asAddress(`0x${'ag'.repeat(20)}`)).toThrow(expect.objectContaining({ code: 'primitive.address' }))
    expect(() => asHash(`0x${'ab'.repeat(33)}`)).toThrow(expect.objectContaining({ code: 'primitive.hash' }))
  })
})

describe('order and integers', () => {
  it('behavior: compareBytes orders as the platform does', () => {
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        expect(Math.sign(compareBytes(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)))
        expect(bytesToHex(concatBytes(a, b))).toBe(bytesToHex(Uint8Array.from([...a, ...b])))
      }),
    )
  })
  it('behavior: integers round trip and refuse overflow', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), (value) => {
        expect(bytesToBigint(bigintToBytes(value, 32))).toBe(value)
      }),
    )
    expect(() => bigintToBytes(256n, 1)).toThrow(expect.objectContaining({ code: 'primitive.range' }))
    expect(() => bigintToBytes(-1n, 1)).toThrow(expect.objectContaining({ code: 'primitive.range' }))
  })
})

describe('utf8 [ENC-UTF8-1]', () => {
  it('behavior: equal to the platform encoder for well-formed text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const encoded = utf8ToBytes(text)
        expect(bytesToHex(encoded)).toBe(bytesToHex(new TextEncoder().encode(text)))
        expect(bytesToUtf8(encoded)).toBe(text)
      }),
      { numRuns: 500 },
    )
  })
  it('behavior: accepts exactly what the strict platform decoder accepts', () => {
    const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
    const attempt = (run: () => string): string | undefined => {
      try {
        return run()
      } catch {
        return undefined
      }
    }
    const edgy = fc.array(
      fc.constantFrom(
        0x41,
        0x80,
        0xbf,
        0xc0,
        0xc1,
        0xc2,
        0xdf,
        0xe0,
        0xa0,
        0x9f,
        0xed,
        0xef,
        0xf0,
        0x90,
        0x8f,
        0xf4,
        0xf5,
        0xff,
      ),
      { maxLength: 6 },
    )
    fc.assert(
      fc.property(edgy, (list) => {
        const value = Uint8Array.from(list)
        expect(attempt(() => bytesToUtf8(value))).toBe(attempt(() => strict.decode(value)))
      }),
      { numRuns: 3000 },
    )
  })
  it('error: a lone surrogate has no bytes', () => {
    expect(() => utf8ToBytes('a\ud800')).toThrow(expect.objectContaining({ code: 'codec.utf8' }))
    expect(() => utf8ToBytes('\udc00a')).toThrow(expect.objectContaining({ code: 'codec.utf8' }))
  })
})
