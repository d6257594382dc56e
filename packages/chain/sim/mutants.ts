import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { BUILT, build } from './build.ts'
import type { Job, Outcome } from './job.ts'
import { MUTANTS, type Mutant } from './planted.ts'
import { plant, staleEdits } from './planting.ts'
import { runPool } from './pool.ts'

/** Without the mutant's own changes: what `fits` looks at is what was drawn. */
const jobOf = (seed: bigint, { rounds, upgrades }: Mutant): Job => ({
  seed: String(seed),
  ...(rounds === undefined || upgrades === true ? {} : { rounds }),
  ...(upgrades === undefined ? {} : { upgrades }),
})

/** The first seed that finds the mutant, with what it found. */
async function hunt(
  mutant: Mutant,
  budget: number,
  processes: number,
): Promise<{ runs: number; found: string | undefined }> {
  const home = plant(mutant)
  let seed = 0n
  let asked = 0
  let runs = 0
  let found: string | undefined
  const next = (): string | undefined => {
    if (asked >= budget || found !== undefined) return undefined
    asked += 1
    do seed += 1n
    while (mutant.fits?.(knobsOf(jobOf(seed, mutant))) === false)
    return JSON.stringify({ ...jobOf(seed, mutant), ...(mutant.change === undefined ? {} : { change: mutant.change }) })
  }
  const answered = (text: string): boolean => {
    const { violation, seed: by } = JSON.parse(text) as Outcome
    runs += 1
    if (violation !== undefined) found ??= `seed ${by}: ${violation.rule}`
    return found !== undefined
  }
  try {
    await runPool({ script: join(home, 'dist', 'sim', 'worker.js'), processes, next, answered })
  } catch (error) {
    found ??= `a process ended: ${String(error)}`
  }
  rmSync(home, { recursive: true, force: true })
  return { runs, found }
}

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    budget: { type: 'string' },
    processes: { type: 'string' },
    check: { type: 'boolean' },
    upgrades: { type: 'boolean' },
    'no-build': { type: 'boolean' },
  },
})
if (values['no-build'] !== true) build()
const { knobsOf } = (await import(join(BUILT, 'job.js'))) as typeof import('./job.ts')
console.log(`compiled code of ${BUILT}, ${MUTANTS.length} mutants`)
// A package that cannot even start would pass for a found mistake.
const control = await hunt({ name: 'nothing', edits: [], rounds: 2 }, 1, 1)
if (control.found !== undefined) throw new Error(`without a mistake: ${control.found}`)
let alive = 0
for (const mutant of MUTANTS) {
  if (values.check === true) {
    for (const stale of staleEdits(mutant)) {
      alive += 1
      console.log(stale)
    }
    continue
  }
  if (values.only !== undefined && !mutant.name.includes(values.only)) continue
  if (values.upgrades === true && mutant.upgrades !== true) continue
  const { runs, found } = await hunt(mutant, Number(values.budget ?? '200'), Number(values.processes ?? '2'))
  if (found === undefined) alive += 1
  console.log(
    `${found === undefined ? 'ALIVE ' : 'killed'} ${mutant.name.padEnd(42)} ${String(runs).padStart(4)} runs  ${found ?? ''}`,
  )
}
const fine = values.check === true ? 'every mistake still fits' : 'every mutant was found'
console.log(alive === 0 ? fine : `${alive} ${values.check === true ? 'edits do not fit' : 'mutants live'}`)
if (alive > 0) process.exitCode = 1
