import { expect, test } from 'vitest'
import { Gains } from './gains.ts'

test('sharing that gains goes on, and one slow block among fast ones changes nothing', () => {
  const gains = new Gains()
  for (let block = 0; block < 50; block++) {
    expect(gains.next()).toBe(true)
    gains.note(1_500, block % 10 === 5 ? 3_000 : 1_000)
  }
})

test('four blocks that lose make a pause of 128, then it is tried again', () => {
  const gains = new Gains()
  for (let turn = 0; turn < 3; turn++) {
    for (let block = 0; block < 4; block++) {
      expect(gains.next()).toBe(true)
      gains.note(1_000, 1_100)
    }
    for (let block = 0; block < 128; block++) expect(gains.next()).toBe(false)
  }
  expect(gains.next()).toBe(true)
  // Without a clock nothing is known, and nothing changes.
  for (let block = 0; block < 10; block++) gains.note(1_000, 0)
  expect(gains.next()).toBe(true)
})
