import { describe, expect, test } from 'vitest'
import { runJob } from '../job.ts'

const SEEDS = Array.from({ length: 14 }, (_, index) => String(index + 1))
/** A slice in which none of this happens would test nothing. */
const SEEN = [
  'locked in',
  'one short of a lock-in',
  'confirmation reset',
  'candidate replaced',
  'collection activated',
  'laggard stopped',
  'laggard resumed',
  'reorganisation across lock-in',
]

describe('upgrades of the collection', () => {
  const seen = new Set<string>()

  test.each(SEEDS)(
    'behavior: seed %s keeps every rule',
    async (seed) => {
      const { violation, probes } = await runJob({ seed, upgrades: true })
      expect(violation).toBeUndefined()
      for (const [name] of probes) seen.add(name)
    },
    240_000,
  )

  test('behavior: these seeds see what they are for', () => {
    expect(SEEN.filter((name) => !seen.has(name))).toEqual([])
  })
})
