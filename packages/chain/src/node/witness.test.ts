import { expect, test } from 'vitest'
import type { RoundView } from '#consensus/dpos'
import type { SignedHeader } from '#kernel'
import { asAddress } from '#primitives'
import { Witness } from './witness.ts'

const addressOf = (n: number): SignedHeader['producer'] => asAddress(`0x${n.toString(16).padStart(40, '0')}`)
const headerOf = (n: number): SignedHeader => ({ slot: 5n, producer: addressOf(n) }) as SignedHeader
const reasonFor = (witness: Witness, n: number): unknown => {
  const slots = [{ slot: 5n, producer: addressOf(n), state: 'missed', reason: 'offline' }]
  return witness.explain({ slots } as unknown as RoundView).slots[0]?.reason
}

test('behavior: a slot is remembered for as many producers as a list may have, however many keys sign for it', () => {
  const witness = new Witness(() => false)
  for (let n = 1; n <= 1000; n += 1) witness.saw(headerOf(n))
  expect(reasonFor(witness, 1)).toBe('late')
  expect(reasonFor(witness, 128)).toBe('late')
  expect(reasonFor(witness, 1000)).toBe('offline')
})
