import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asHash, createPrng } from '#primitives'
import { arrange, residueOf, signatureOf, sumOf } from './order.ts'

/** The placing rule once more, from the other side: walk the free places instead of the taken ones. */
function independent<T>(entries: readonly T[], wanted: readonly number[]): T[] {
  const free = new Set(entries.keys())
  const placed = new Map<number, T>()
  for (const [index, entry] of entries.entries()) {
    const start = wanted[index] as number
    const candidates = [...free].sort((a, b) => {
      const distance = (place: number) => (place - start + entries.length) % entries.length
      return distance(a) - distance(b)
    })
    const place = candidates[0] as number
    free.delete(place)
    placed.set(place, entry)
  }
  return Array.from({ length: entries.length }, (_, place) => placed.get(place) as T)
}

const HIGH = asHash(`0x${'ff'.repeat(32)}`)

describe('places', () => {
  it('Fig. 4.9: traversed C B D A wanting 0 0 2 2 gives C B D A, not the B C A D of displacing earlier holders', () => {
    expect(arrange([...'CBDA'], [0, 0, 2, 2]).join('')).toBe('CBDA')
  })

  it('the last place wraps to the first free one', () => {
    expect(arrange([...'ABC'], [2, 2, 2]).join('')).toBe('BCA')
  })

  it('[DPOS-ORDER-1] agrees with an independent model and keeps every entry exactly once', () => {
    const cases = fc
      .integer({ min: 1, max: 30 })
      .chain((count) => fc.array(fc.nat(count - 1), { minLength: count, maxLength: count }))
    fc.assert(
      fc.property(cases, (wanted) => {
        const entries = [...wanted.keys()]
        const order = arrange(entries, wanted)
        expect(order).toEqual(independent(entries, wanted))
        expect([...order].sort((a, b) => a - b)).toEqual(entries)
        expect(order[wanted[0] as number]).toBe(0)
      }),
      { numRuns: 500 },
    )
  })
})

describe('sums', () => {
  it('wrap at 2^256', () => {
    expect(sumOf([2n ** 256n - 1n, 2n])).toBe(1n)
    expect(signatureOf(HIGH, 1n)).toBe(signatureOf(asHash(`0x${'00'.repeat(32)}`), 0n))
  })

  it('residues are natural and below the count', () => {
    const random = createPrng('residues')
    for (let at = 0; at < 200; at++) {
      const count = random.int(40) + 1
      const residue = residueOf((random.u64() << 192n) | random.u64(), count)
      expect(residue).toBeGreaterThanOrEqual(0)
      expect(residue).toBeLessThan(count)
    }
  })
})
