import { play } from './play.ts'
import { type RuleName, ruleOf } from './rules.ts'
import { drawScenario } from './scenario.ts'

/** A range of seeds to play under one rule. */
export interface Slice {
  readonly rule: RuleName
  /** Decimal. */
  readonly from: string
  readonly seeds: number
}

/** Sums over the runs of one class: within a third faulty or beyond, and how many producers. */
export interface Sums {
  runs: number
  conflicts: number
  /** Conflicts in which at least a third of the producers was named. */
  blamed: number
  finalized: number
  blocks: number
  forks: number
  switches: number
  terms: number
}

export interface Found {
  readonly seed: string
  readonly rule: string
  readonly detail: string
}

export interface SliceResult {
  readonly seeds: number
  readonly sums: readonly (readonly [string, Sums])[]
  readonly found: readonly Found[]
}

const nothing = (): Sums => ({
  runs: 0,
  conflicts: 0,
  blamed: 0,
  finalized: 0,
  blocks: 0,
  forks: 0,
  switches: 0,
  terms: 0,
})

export function addSums(total: Map<string, Sums>, sums: SliceResult['sums']): void {
  for (const [name, more] of sums) {
    const sum = total.get(name) ?? nothing()
    for (const key of Object.keys(sum) as (keyof Sums)[]) sum[key] += more[key]
    total.set(name, sum)
  }
}

/** Plays seed after seed; the result depends on nothing else. */
export function playSlice({ rule, from, seeds }: Slice): SliceResult {
  const total = new Map<string, Sums>()
  const found: Found[] = []
  for (let index = 0; index < seeds; index++) {
    const seed = BigInt(from) + BigInt(index)
    const scenario = drawScenario(seed)
    const { finding, conflict, named, finalized, counts } = play(scenario, ruleOf(rule))
    const { producers, beyond } = scenario
    if (finding !== undefined) found.push({ seed: String(seed), ...finding })
    const sums: Sums = {
      runs: 1,
      conflicts: conflict ? 1 : 0,
      blamed: conflict && named >= Math.ceil(producers / 3) ? 1 : 0,
      finalized,
      blocks: counts.blocks,
      forks: counts.forked,
      switches: counts.switches,
      terms: counts.terms > 0 ? 1 : 0,
    }
    addSums(total, [[`${beyond ? 'beyond' : 'within'} a third, ${producers} producers`, sums]])
  }
  return { seeds, sums: [...total], found }
}
