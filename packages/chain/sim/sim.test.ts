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

  test.each(['11', '16', '24', '33'])(
    'behavior: seed %s gives the same run again, whether machines share their work or not',
    async (seed) => {
      const job = { seed, rounds: 6, change: { producers: 5 } }
      const shared = await runJob({ ...job, change: { ...job.change, executeAll: false } })
      const alone = await runJob({ ...job, change: { ...job.change, executeAll: true } })
      expect(shared.violation).toBeUndefined()
      expect(shared.blocks).toBeGreaterThan(0)
      expect(alone.digest).toBe(shared.digest)
    },
    240_000,
  )
})
