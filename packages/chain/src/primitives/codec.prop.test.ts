import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytesToHex, reader, writer } from './index.ts'

describe('codec', () => {
  it('behavior: what is written is read', () => {
    const natural = (bits: number) => fc.bigInt({ min: 0n, max: 2n ** BigInt(bits) - 1n })
    fc.assert(
      fc.property(
        fc.record({
          a: fc.nat(255),
          b: fc.nat(65535),
          c: fc.nat(0xffffffff),
          d: natural(64),
          e: natural(128),
          f: natural(256),
          g: fc.uint8Array({ maxLength: 600 }),
          h: fc.string({ unit: 'binary' }),
        }),
        ({ a, b, c, d, e, f, g, h }) => {
          const bytes = writer().u8(a).u16(b).u32(c).u64(d).u128(e).u256(f).bytes(g).string(h).fixed(g).finish()
          const input = reader(bytes)
          expect([input.u8(), input.u16(), input.u32(), input.u64(), input.u128(), input.u256()]).toEqual([
            a,
            b,
            c,
            d,
            e,
            f,
          ])
          expect(bytesToHex(input.bytes())).toBe(bytesToHex(g))
          expect(input.string()).toBe(h)
          expect(bytesToHex(input.fixed(g.length))).toBe(bytesToHex(g))
          input.end()
        },
      ),
    )
  })
  it('behavior: hex, addresses and views are the same bytes', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 20, maxLength: 20 }),
        fc.uint8Array({ maxLength: 100 }),
        (address, value) => {
          const out = writer()
          expect(out.hex(bytesToHex(address), 20)).toBe(true)
          for (const wrong of ['', '0x', bytesToHex(value.subarray(0, 19)), `${bytesToHex(address).slice(0, -1)}g`])
            expect(out.hex(wrong, 20)).toBe(false)
          expect(out.hex(bytesToHex(value), value.length)).toBe(true)
          const bytes = out.bytes(value).bytes(value).finish()
          expect(bytes).toEqual(writer().fixed(address).fixed(value).bytes(value).bytes(value).finish())
          const input = reader(bytes)
          expect(input.address()).toBe(bytesToHex(address))
          expect(input.hex(value.length)).toBe(bytesToHex(value))
          const view = input.view()
          expect(view).toEqual(value)
          expect(view.buffer).toBe(bytes.buffer)
          expect(() => reader(bytes.subarray(bytes.length - 4 - value.length)).view(value.length - 1)).toThrow(
            expect.objectContaining({ code: 'codec.limit' }),
          )
        },
      ),
    )
    const short = Uint8Array.of(0, 0, 0, 5, 1)
    for (const read of [() => reader(short).address(), () => reader(short).hex(6), () => reader(short).view()])
      expect(read).toThrow(expect.objectContaining({ code: 'codec.short' }))
  })
  it('behavior: writers inside writers, and one that goes on after it finished, keep to their own bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 700 }), { maxLength: 6 }), (parts) => {
        const outer = writer()
        const expected: number[] = []
        const finished: [Uint8Array, string][] = []
        for (const part of parts) {
          const inner = writer()
          outer.fixed(inner.fixed(part).finish())
          finished.push([inner.finish(), bytesToHex(part)])
          expected.push(...part)
          expect(inner.u8(7).finish()).toEqual(Uint8Array.of(...part, 7))
        }
        expect(outer.finish()).toEqual(Uint8Array.from(expected))
        for (const [bytes, hex] of finished) expect(bytesToHex(bytes)).toBe(hex)
      }),
    )
  })
  it('default: big-endian', () => {
    expect(bytesToHex(writer().u16(0x0102).u32(0xf1f2f3f4).u64(0x0102030405060708n).string('aé').finish())).toBe(
      '0x0102f1f2f3f40102030405060708' + '0000000361c3a9',
    )
  })
  it('error: short, trailing, limits, ranges [ENC-END-1] [ENC-LIMIT-1]', () => {
    expect(() => reader(new Uint8Array(3)).u32()).toThrow(expect.objectContaining({ code: 'codec.short' }))
    expect(() => reader(new Uint8Array(3)).end()).toThrow(expect.objectContaining({ code: 'codec.trailing' }))
    expect(() => reader(Uint8Array.of(0, 0, 0, 9, 1)).bytes()).toThrow(expect.objectContaining({ code: 'codec.short' }))
    expect(() => reader(writer().bytes(new Uint8Array(5)).finish(), { limits: { bytes: 4 } }).bytes()).toThrow(
      expect.objectContaining({ code: 'codec.limit' }),
    )
    expect(() => reader(writer().string('hello').finish(), { limits: { string: 4 } }).string()).toThrow(
      expect.objectContaining({ code: 'codec.limit' }),
    )
    for (const bad of [-1, 256, 1.5, Number.NaN])
      expect(() => writer().u8(bad)).toThrow(expect.objectContaining({ code: 'codec.range' }))
    const range = expect.objectContaining({ code: 'codec.range' })
    for (const bad of [-1, 2 ** 16, 0.5, Number.NaN]) expect(() => writer().u16(bad)).toThrow(range)
    for (const bad of [-1, 2 ** 32, 0.5, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => writer().u32(bad)).toThrow(range)
    for (const bad of [-1n, 2n ** 64n, 7 as never]) expect(() => writer().u64(bad)).toThrow(range)
    for (const bad of [-1n, 2n ** 128n]) expect(() => writer().u128(bad)).toThrow(range)
    for (const bad of [-1n, 2n ** 256n]) expect(() => writer().u256(bad)).toThrow(range)
  })
})
