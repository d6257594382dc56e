import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AelfError, assert, clampBigint, createPrng, isqrt, mulDiv, mulDivUp } from './index.ts'

const natural = fc.bigInt({ min: 0n, max: 2n ** 200n })

describe('integer [ENC-INT-1]', () => {
  it('behavior: quotients and roots meet their definitions', () => {
    fc.assert(
      fc.property(natural, natural, natural, (a, b, d) => {
        const divisor = d + 1n
        const down = mulDiv(a, b, divisor)
        expect(down * divisor <= a * b && (down + 1n) * divisor > a * b).toBe(true)
        const up = mulDivUp(a, b, divisor)
        expect(up * divisor >= a * b && (up - 1n) * divisor < a * b).toBe(true)
        const root = isqrt(a)
        expect(root * root <= a && (root + 1n) * (root + 1n) > a).toBe(true)
      }),
    )
    expect(clampBigint(5n, 6n, 9n)).toBe(6n)
    expect(clampBigint(50n, 6n, 9n)).toBe(9n)
  })
  it('error: negative operands and a zero divisor', () => {
    for (const run of [() => mulDiv(-1n, 1n, 1n), () => mulDivUp(1n, 1n, 0n), () => isqrt(-1n)]) {
      expect(run).toThrow(expect.objectContaining({ code: 'primitive.range' }))
    }
  })
})

describe('prng', () => {
  it('default: one seed, one stream', () => {
    const a = createPrng('seed')
    const b = createPrng('seed')
    expect([a.u32(), a.u64(), a.int(17), ...a.bytes(4)]).toEqual([b.u32(), b.u64(), b.int(17), ...b.bytes(4)])
    expect(createPrng(1n).u32()).not.toBe(createPrng('1').u32())
    const list = Array.from({ length: 50 }, (_, index) => index)
    expect([...createPrng('s').shuffle(list)].sort((x, y) => x - y)).toEqual(list)
  })
  it('behavior: roughly uniform', () => {
    const prng = createPrng('uniform')
    const counts = new Array<number>(10).fill(0)
    for (let round = 0; round < 20_000; round++) {
      const drawn = prng.int(10)
      counts[drawn] = (counts[drawn] as number) + 1
    }
    for (const count of counts) {
      expect(count).toBeGreaterThan(1800)
      expect(count).toBeLessThan(2200)
    }
    let heads = 0
    for (let round = 0; round < 20_000; round++) if (prng.bool([1, 4])) heads++
    expect(heads).toBeGreaterThan(4600)
    expect(heads).toBeLessThan(5400)
  })
})

describe('error', () => {
  it('default: code, details and walk', () => {
    const inner = new AelfError('x.inner', 'inner', { details: { a: 1 }, retryable: true })
    const outer = new AelfError('x.outer', 'outer', { cause: inner })
    expect(outer.walk()).toBe(inner)
    expect(outer.walk((error) => error === outer)).toBe(outer)
    expect(outer.walk(() => false)).toBeUndefined()
    expect(() => assert(false, 'no')).toThrow(expect.objectContaining({ code: 'assertion.failed' }))
  })
})
