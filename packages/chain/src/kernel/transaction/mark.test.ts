import { describe, expect, it } from 'vitest'
import { asHash } from '#primitives'
import { checkMark, lastInclusionHeight, markOf } from '../index.ts'

const hash = asHash(`0x${'0123456789abcdef'.repeat(4)}`)
const mark = markOf(100n, hash)
const hashAt = (height: bigint) => (height === 100n ? hash : undefined)

describe('checkMark [K6] [TX-MARK-1]', () => {
  it('default: 8 bytes of the hash', () => {
    expect(mark).toEqual({ refHeight: 100n, refHash: '0x0123456789abcdef' })
  })
  it('behavior: accepted at 64, refused at 65', () => {
    expect(checkMark(mark, 101n, hashAt)).toBeUndefined()
    expect(checkMark(mark, 164n, hashAt)).toBeUndefined()
    expect(checkMark(mark, 165n, hashAt)).toBe('tx.markExpired')
    expect(lastInclusionHeight(mark)).toBe(164n)
  })
  it('error: not yet, and another branch', () => {
    expect(checkMark(mark, 100n, hashAt)).toBe('tx.markFuture')
    expect(checkMark({ ...mark, refHash: '0x0123456789abcdee' }, 120n, hashAt)).toBe('tx.markForeign')
    expect(checkMark(mark, 120n, () => undefined)).toBe('tx.markForeign')
  })
})
