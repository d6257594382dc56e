import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { PACKAGE } from './build.ts'
import { runJob } from './job.ts'
import type { Kept } from './run.ts'

const kept = JSON.parse(readFileSync(join(PACKAGE, 'sim', 'seeds.json'), 'utf8')) as Kept[]
const FRESH = ['1', '2', '3', '4', '6', '7']

describe('simulation', () => {
  test.each(kept)(
    'behavior: kept seed $seed: $why',
    async ({ why: _why, ...job }) => {
      expect((await runJob(job)).violation).toBeUndefined()
    },
    240_000,
  )

  test.each(FRESH)(
    'behavior: seed %s keeps every rule',
    async (seed) => {
      expect((await runJob({ seed, rounds: 8 })).violation).toBeUndefined()
    },
    240_000,
  )

  test('behavior: the same seed gives the same run', async () => {
    const job = { seed: '11', rounds: 8, twice: true }
    expect((await runJob(job)).violation).toBeUndefined()
  }, 240_000)
})
