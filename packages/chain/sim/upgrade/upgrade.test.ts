import { describe, expect, test } from 'vitest'
import { runJob } from '../job.ts'

const EDITION = 4
/** The first ones see all of it; where faults are drawn otherwise, others have to be looked for. */
const SEEDS = ['17', '27', '41', '42', '57', '1', '2', '3', '4', '5', '6', '7']
/** A slice in which none of this happens would test nothing. */
const SEEN = [
  'locked in',
  'one short of a lock-in',
  'confirmation reset',
  'candidate replaced',
  'collection activated',
  'laggard stopped',
  'laggard resumed',
  'bundle fetched from a peer',
  'reverted machine refused its data',
  'reorganisation across lock-in',
  'reorganisation across activation',
]

describe('upgrades of the collection', () => {
  const seen = new Set<string>()

  test.each(SEEDS)(
    'behavior: seed %s keeps every rule',
    async (seed) => {
      const { violation, probes } = await runJob({ seed, edition: EDITION, upgrades: true })
      expect(violation).toBeUndefined()
      for (const [name] of probes) seen.add(name)
    },
    240_000,
  )

  test('behavior: these seeds see what they are for', () => {
    expect(SEEN.filter((name) => !seen.has(name))).toEqual([])
  })
})
