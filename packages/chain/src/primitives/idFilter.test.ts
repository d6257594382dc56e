import fc from 'fast-check'
import { expect, it } from 'vitest'
import { asHash, bytesToHash } from './bytes.ts'
import { sha256 } from './hash.ts'
import { IdFilter } from './idFilter.ts'
import { utf8ToBytes } from './utf8.ts'

const hashes = fc
  .array(fc.integer({ min: 0, max: 15 }), { minLength: 64, maxLength: 64 })
  .map((digits) => asHash(`0x${digits.map((digit) => digit.toString(16)).join('')}`))

it('has whatever was added, however many they are', () => {
  fc.assert(
    fc.property(fc.array(hashes, { maxLength: 200 }), fc.integer({ min: 1, max: 64 }), (ids, expected) => {
      const filter = new IdFilter(expected)
      for (const id of ids) filter.add(id)
      for (const id of ids) expect(filter.mayHave(id)).toBe(true)
    }),
  )
})

it('knows nearly all strangers for what they are', () => {
  const idOf = (number: number) => bytesToHash(sha256(utf8ToBytes(`id ${number}`)))
  const filter = new IdFilter(1000)
  for (let number = 0; number < 1000; number += 1) filter.add(idOf(number))
  let alarms = 0
  for (let number = 1000; number < 11_000; number += 1) if (filter.mayHave(idOf(number))) alarms += 1
  // One in seventy would be 143.
  expect(alarms).toBeLessThan(250)
})
