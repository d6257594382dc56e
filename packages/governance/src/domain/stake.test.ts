import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isLockDays, LOCK_DAYS_MAX, LOCK_DAYS_MIN, lockMultiplier, previewRanking, stakeWeight } from './index.ts'

describe('stakeWeight', () => {
  test('is 1.00 at 90 days and 4.00 at 1,080 days', () => {
    expect(stakeWeight(1_000n, 90)).toBe(1_000n)
    expect(stakeWeight(1_000n, 1080)).toBe(4_000n)
    expect(lockMultiplier(585)).toBe(25_000)
  })

  test('has no cliffs and rounds down', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 10n ** 17n }),
        fc.integer({ min: LOCK_DAYS_MIN, max: LOCK_DAYS_MAX - 1 }),
        (amount, days) => {
          const step = stakeWeight(amount, days + 1) - stakeWeight(amount, days)
          const even = (amount * 3n) / 990n
          expect(step >= even && step <= even + 1n).toBe(true)
        },
      ),
    )
  })

  test('refuses days outside of the range', () => {
    expect([89, 90, 1080, 1081, 90.5, Number.NaN].map(isLockDays)).toEqual([false, true, true, false, false, false])
  })
})

describe('previewRanking', () => {
  const entries = [
    { address: '0xa', weight: 30n },
    { address: '0xb', weight: 20n },
    { address: '0xc', weight: 10n },
  ] as const

  test('moves a delegate across the cut-line', () => {
    const preview = previewRanking(entries, { delegate: '0xc', added: 15n }, 2)
    expect(preview).toMatchObject({ rankBefore: 3, rankAfter: 2, electedBefore: false, electedAfter: true })
  })

  test('keeps the order of equal weights', () => {
    expect(previewRanking(entries, { delegate: '0xc', added: 10n }, 2).rankAfter).toBe(3)
  })

  test('takes weight from the delegate a moved vote leaves', () => {
    const preview = previewRanking(entries, { delegate: '0xb', added: 11n, previous: '0xa' }, 1)
    expect(preview.after.map((entry) => entry.weight)).toEqual([31n, 19n, 10n])
  })
})
