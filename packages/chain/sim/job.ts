import { drawKnobs, forUpgrades, type Knobs } from './knobs.ts'
import { simulate } from './simulate.ts'

/** One run to do: a seed, changes to its knobs, and whether to do it twice. */
export interface Job {
  readonly seed: string
  readonly rounds?: number
  /** Edition of the faults; left out: the newest. */
  readonly edition?: number
  /** A short run about upgrades of the collection. */
  readonly upgrades?: boolean
  readonly change?: Partial<Knobs>
  readonly twice?: boolean
}

export function knobsOf({ seed, rounds, edition, upgrades, change }: Job): Knobs {
  const drawn = drawKnobs(BigInt(seed), rounds, edition)
  return { ...(upgrades === true ? forUpgrades(drawn) : drawn), ...change }
}

/** A report as it travels between processes. */
export interface Outcome {
  readonly seed: string
  readonly violation: { readonly rule: string; readonly detail: string; readonly slot: number } | undefined
  readonly probes: readonly (readonly [string, number])[]
  readonly digest: string
  readonly blocks: number
  readonly rounds: number
  readonly producers: number
  /** Processor time of the first run, in milliseconds. */
  readonly cpuMs: number
}

/**
 * Runs a job. Done twice, once every machine does everything itself and once they share their work: both runs must be the same to the
 * last byte, so nothing that is shared can hide what differs.
 */
export async function runJob(job: Job): Promise<Outcome> {
  const { seed, twice } = job
  const knobs = knobsOf(job)
  const before = process.cpuUsage()
  const report = await simulate(knobs)
  const spent = process.cpuUsage(before)
  const cpuMs = Math.round((spent.user + spent.system) / 1000)
  let { violation } = report
  if (twice === true && violation === undefined) {
    const again = await simulate({ ...knobs, executeAll: !knobs.executeAll })
    if (again.digest !== report.digest)
      violation = {
        rule: 'determinism',
        detail: `${report.digest} and ${again.digest}, once with shared work`,
        slot: 0,
      }
  }
  const { probes, digest, blocks } = report
  return {
    seed,
    violation,
    probes: [...probes],
    digest,
    blocks,
    rounds: report.rounds,
    producers: knobs.producers,
    cpuMs,
  }
}
