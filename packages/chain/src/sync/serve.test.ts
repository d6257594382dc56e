import { expect, test } from 'vitest'
import { asHash, type Hash, ZERO_HASH } from '#primitives'
import { locatorOf } from './serve.ts'

const hashOf = (height: bigint): Hash => asHash(`0x${height.toString(16).padStart(64, '0')}`)
const ledgerAt = (head: bigint, final: bigint): Parameters<typeof locatorOf>[0] =>
  ({
    head: () => ({ header: { height: head } }),
    finalized: () => ({ header: { height: final } }),
    hashAt: async (height: bigint) => hashOf(height),
  }) as unknown as Parameters<typeof locatorOf>[0]

test('behavior: a locator names the irreversible block whatever its steps, in order, each once', async () => {
  for (let head = 0n; head < 300n; head += 7n) {
    for (let final = 0n; final <= head; final += 1n) {
      const heights = (await locatorOf(ledgerAt(head, final))).map((hash) => BigInt(hash))
      expect(heights).toContain(final)
      expect(heights.at(-1)).toBe(0n)
      expect(heights.length).toBeLessThanOrEqual(42)
      expect(heights.every((height, index) => index === 0 || height < (heights[index - 1] ?? 0n))).toBe(true)
    }
  }
  expect(await locatorOf(ledgerAt(0n, 0n))).toEqual([ZERO_HASH])
})
