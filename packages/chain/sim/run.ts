import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { BUILT, build, PACKAGE } from './build.ts'
import type { Job, Outcome } from './job.ts'
import type { Knobs } from './knobs.ts'
import { runPool } from './pool.ts'

const HELP = `Deterministic simulation of whole nodes.

  npx tsx packages/chain/sim/run.ts --seeds 500            fresh seeds 1 to 500, then the kept ones
  npx tsx packages/chain/sim/run.ts --from 1000 --seeds 50
  npx tsx packages/chain/sim/run.ts --seed 17              one seed with its timeline; --log adds what nodes say
  --reference   five producers, fifty rounds, work shared: how many seeds a minute
  --fast, --full   machines share work in all runs, or in none; otherwise in seven of eight
  --rounds 50   faulty rounds of every run        --processes 2
  --upgrades    short runs about upgrades of the collection
  --edition 1    without the faults that came later
  --change '{"producers":5,"loss":0}'   knobs to set by hand
`

/** A run that once found something. */
export interface Kept {
  readonly seed: string
  readonly rounds?: number
  readonly edition?: number
  readonly upgrades?: boolean
  readonly change?: Partial<Knobs>
  readonly why: string
}

/** What runs of different versions are compared by: the faults of an edition that stays as it is. */
const REFERENCE_EDITION = 3
const REFERENCE: Partial<Knobs> = {
  producers: 5,
  backups: 0,
  misbehaviours: [],
  executeAll: false,
  slotMs: 4000,
  // Fifty rounds of six slots; the last nine are calm.
  faultySlots: 244,
  calmSlots: 56,
}

/** One run in ten is done twice. */
const TWICE_EVERY = 10n

function show(outcome: Outcome, job: Job): void {
  const { violation } = outcome
  if (violation === undefined) return
  const change = job.change === undefined ? '' : ` --change '${JSON.stringify(job.change)}'`
  const rounds = job.rounds === undefined ? '' : ` --rounds ${job.rounds}`
  const edition = job.edition === undefined ? '' : ` --edition ${job.edition}`
  const upgrades = job.upgrades === true ? ' --upgrades' : ''
  console.log(`\nseed ${outcome.seed} breaks ${violation.rule} in slot ${violation.slot}: ${violation.detail}`)
  console.log(`replay: npx tsx packages/chain/sim/run.ts --seed ${outcome.seed}${upgrades}${rounds}${edition}${change}`)
}

async function one(job: Job, log: boolean): Promise<boolean> {
  const { knobsOf } = (await import(join(BUILT, 'job.js'))) as typeof import('./job.ts')
  const { simulate } = (await import(join(BUILT, 'simulate.js'))) as typeof import('./simulate.ts')
  const knobs = knobsOf(job)
  console.log(`seed ${job.seed}`)
  console.log(JSON.stringify(knobs, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value)))
  const report = await simulate(knobs, { logAll: log })
  console.log(report.timeline.join('\n'))
  const { violation, digest, blocks } = report
  console.log(
    violation === undefined
      ? `in order: ${blocks} blocks, ${digest}`
      : `breaks ${violation.rule} in slot ${violation.slot}: ${violation.detail}`,
  )
  return violation === undefined
}

async function many(options: {
  from: bigint
  seeds: bigint
  processes: number
  rounds: number | undefined
  edition: number | undefined
  change: Partial<Knobs> | undefined
  upgrades: boolean
  /** Fresh seeds alone, each once: it is the speed that is looked at. */
  reference: boolean
}): Promise<boolean> {
  const { from, seeds, processes, rounds, edition, change, upgrades, reference } = options
  const { REQUIRED_PROBES, UPGRADE_PROBES } = (await import(join(BUILT, 'report.js'))) as typeof import('./report.ts')
  const kept = JSON.parse(readFileSync(join(PACKAGE, 'sim', 'seeds.json'), 'utf8')) as Kept[]
  const fresh = Array.from({ length: Number(seeds) }, (_, index): Job => {
    const seed = from + BigInt(index)
    return {
      seed: String(seed),
      twice: !reference && seed % TWICE_EVERY === 0n,
      ...(rounds === undefined ? {} : { rounds }),
      ...(edition === undefined ? {} : { edition }),
      ...(upgrades ? { upgrades } : {}),
      ...(change === undefined ? {} : { change }),
    }
  })
  const jobs: Job[] = [...(reference || upgrades ? [] : kept).map(({ why: _why, ...job }): Job => job), ...fresh]
  const asked = new Map<string, Job[]>()
  const probes = new Map<string, number>()
  const failed: Outcome[] = []
  const total = { runs: 0, blocks: 0, rounds: 0, cpuMs: 0 }
  const started = Date.now()
  await runPool({
    script: join(BUILT, 'worker.js'),
    processes,
    next: () => {
      const job = jobs.shift()
      if (job === undefined) return undefined
      asked.set(job.seed, [...(asked.get(job.seed) ?? []), job])
      return JSON.stringify(job)
    },
    answered: (text) => {
      const outcome = JSON.parse(text) as Outcome
      for (const [name, times] of outcome.probes) probes.set(name, (probes.get(name) ?? 0) + times)
      total.runs += 1
      total.blocks += outcome.blocks
      total.rounds += outcome.rounds
      total.cpuMs += outcome.cpuMs
      const job = asked.get(outcome.seed)?.at(-1)
      if (outcome.violation !== undefined && job !== undefined) {
        failed.push(outcome)
        show(outcome, job)
      }
      return false
    },
  })
  const minutes = (Date.now() - started) / 60_000
  console.log(
    `\n${[...probes]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, times]) => `${String(times).padStart(9)} ${name}`)
      .join('\n')}`,
  )
  console.log(
    `\n${total.runs} runs, ${total.blocks} blocks, ${total.rounds} rounds in ${minutes.toFixed(1)} min: ${(total.runs / minutes).toFixed(0)} a minute, ${failed.length} failed`,
  )
  console.log(
    `${(total.cpuMs / total.runs).toFixed(0)} ms of processor time a run: ${((60_000 * total.runs) / total.cpuMs).toFixed(0)} runs a minute and core when nothing else runs`,
  )
  const missing =
    seeds >= 1000n ? (upgrades ? UPGRADE_PROBES : REQUIRED_PROBES).filter((name) => !probes.has(name)) : []
  if (missing.length > 0) console.log(`never seen: ${missing.join(', ')}`)
  return failed.length === 0 && missing.length === 0
}

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string' },
    from: { type: 'string' },
    rounds: { type: 'string' },
    edition: { type: 'string' },
    change: { type: 'string' },
    processes: { type: 'string' },
    log: { type: 'boolean' },
    reference: { type: 'boolean' },
    upgrades: { type: 'boolean' },
    fast: { type: 'boolean' },
    full: { type: 'boolean' },
    help: { type: 'boolean' },
    'no-build': { type: 'boolean' },
  },
})
if (values.help === true) {
  console.log(HELP)
} else {
  if (values['no-build'] !== true) build()
  const reference = values.reference === true
  const rounds = values.rounds === undefined ? (reference ? 50 : undefined) : Number(values.rounds)
  const asked = values.change === undefined ? {} : (JSON.parse(values.change) as Partial<Knobs>)
  const mode = values.full === true ? { executeAll: true } : values.fast === true ? { executeAll: false } : {}
  const changes: Partial<Knobs> = { ...(reference ? REFERENCE : {}), ...mode, ...asked }
  const change = Object.keys(changes).length === 0 ? undefined : changes
  const from = BigInt(values.from ?? '1')
  const seeds = BigInt(values.seeds ?? '100')
  const upgrades = values.upgrades === true
  const edition = values.edition === undefined ? (reference ? REFERENCE_EDITION : undefined) : Number(values.edition)
  const job: Job = {
    seed: values.seed ?? '1',
    ...(upgrades ? { upgrades } : {}),
    ...(rounds === undefined ? {} : { rounds }),
    ...(edition === undefined ? {} : { edition }),
    ...(change === undefined ? {} : { change }),
  }
  const processes = Number(values.processes ?? Math.min(availableParallelism(), 8))
  if (values.seed === undefined) console.log(`seeds ${from} to ${from + seeds - 1n}`)
  const fine =
    values.seed === undefined
      ? await many({ from, seeds, processes, rounds, edition, change, upgrades, reference })
      : await one(job, values.log === true)
  if (!fine) process.exitCode = 1
}
