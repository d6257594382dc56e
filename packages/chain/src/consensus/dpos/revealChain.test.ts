import { describe, expect, it } from 'vitest'
import { type Hash, sha256, utf8ToBytes } from '#primitives'
import { outValueOf } from './order.ts'
import { createRevealChain, isPreimage } from './revealChain.ts'

describe('reveal chain', () => {
  it.each([1, 2, 3, 10, 16, 17, 100, 1000])('of %i values reveals every one in order and then none', (length) => {
    const chain = createRevealChain(utf8ToBytes('seed'), length)
    let anchor: Hash = chain.commitment
    for (let left = length; left > 0; left--) {
      expect(chain.remaining(anchor)).toBe(left)
      const next = chain.preimageOf(anchor) as Hash
      expect(isPreimage(next, anchor)).toBe(true)
      expect(outValueOf(next)).toBe(anchor)
      anchor = next
    }
    expect(chain.preimageOf(anchor)).toBeUndefined()
    expect(chain.remaining(anchor)).toBe(0)
  })

  it('depends on the seed alone and answers in any order', () => {
    const a = createRevealChain(utf8ToBytes('one'), 300)
    const b = createRevealChain(utf8ToBytes('one'), 300)
    const values: Hash[] = [a.commitment]
    for (let at = 0; at < 300; at++) values.push(a.preimageOf(values[at] as Hash) as Hash)
    for (const at of [299, 0, 150, 17, 18, 298, 1]) expect(b.preimageOf(values[at] as Hash)).toBe(values[at + 1])
    expect(createRevealChain(utf8ToBytes('two'), 300).commitment).not.toBe(a.commitment)
  })

  it('does not know a stranger’s value', () => {
    const chain = createRevealChain(sha256(utf8ToBytes('x')), 50)
    const stranger = createRevealChain(utf8ToBytes('y'), 50).commitment
    expect(chain.preimageOf(stranger)).toBeUndefined()
    expect(chain.indexOf(stranger)).toBeUndefined()
  })
})
