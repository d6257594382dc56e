import { expect, test } from 'vitest'
import { Gains } from './gains.ts'

/** Plays worthy blocks of 1,000 µs; how many were shared. */
function play(gains: Gains, blocks: number, took: (isShared: boolean) => number): number {
  let shared = 0
  for (let block = 0; block < blocks; block++) {
    const isShared = gains.next()
    if (isShared) shared += 1
    gains.note(isShared, 1_000, took(isShared))
  }
  return shared
}

/** After the first blocks, which are slow and prove nothing. */
function warm(): Gains {
  const gains = new Gains()
  expect(play(gains, 6, () => 9_000)).toBe(6)
  return gains
}

test('sharing that clearly gains goes on but for one block of each trial, and two slow blocks in a row change nothing', () => {
  const gains = warm()
  let block = 0
  const shared = play(gains, 600, (isShared) => (isShared ? (++block % 50 < 2 ? 4_000 : 600) : 1_000))
  // Trials come after 0, 16, 64, 128, 128 and 128 blocks; one of them begins with a slow block, and takes a second one alone.
  expect(shared).toBe(600 - 6 - 1)
})

test('sharing that hardly gains goes on but for three blocks of each trial', () => {
  const gains = warm()
  // The first trial and those after 16, 32 and 64 blocks.
  expect(play(gains, 4 * 6 + 16 + 32 + 64, (isShared) => (isShared ? 900 : 1_000))).toBe(3 * 4 + 16 + 32 + 64)
})

test('sharing that loses ends with the trial, and is tried again after 8, 16, 32, 64 and then 128 blocks', () => {
  const gains = warm()
  expect(play(gains, 6, (isShared) => (isShared ? 1_100 : 1_000))).toBe(3)
  for (const term of [8, 16, 32, 64, 128, 128]) {
    expect(play(gains, term, () => 1_000)).toBe(0)
    expect(play(gains, 6, (isShared) => (isShared ? 1_100 : 1_000))).toBe(3)
  }
})

test('cores that are taken away end sharing within a few blocks', () => {
  const gains = new Gains()
  play(gains, 300, (isShared) => (isShared ? 600 : 1_000))
  expect(play(gains, 100, (isShared) => (isShared ? 1_300 : 1_000))).toBeLessThan(18)
})

test('a trial that somebody interrupted costs a few blocks', () => {
  const gains = new Gains()
  const gaining = (isShared: boolean): number => (isShared ? 600 : 1_000)
  play(gains, 300, gaining)
  // All shared blocks for a while, those of a trial among them.
  play(gains, 12, (isShared) => (isShared ? 1_300 : 1_000))
  expect(gains.next()).toBe(false)
  expect(play(gains, 20, gaining)).toBeGreaterThanOrEqual(8)
  expect(play(gains, 16, gaining)).toBeGreaterThanOrEqual(13)
})

test('what is expected may be far off, and drift', () => {
  for (const drift of [0.97, 1.03]) {
    for (const [share, least, most] of [
      [0.7, 50, 100],
      [1.15, 0, 40],
    ] as const) {
      const gains = warm()
      let scale = 3
      const shared = play(gains, 100, (isShared) => (scale *= drift) * 1_000 * (isShared ? share : 1))
      expect(shared).toBeGreaterThanOrEqual(least)
      expect(shared).toBeLessThanOrEqual(most)
    }
  }
})

test('without a clock nothing is known, and nothing changes', () => {
  const gains = new Gains()
  for (let block = 0; block < 10; block++) {
    expect(gains.next()).toBe(true)
    gains.note(true, 1_000, 0)
  }
})
