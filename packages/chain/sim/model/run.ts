import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { BUILT, build } from '../build.ts'
import { runPool } from '../pool.ts'
import { play } from './play.ts'
import { RULES, type RuleName, ruleOf } from './rules.ts'
import { drawScenario } from './scenario.ts'
import { addSums, type Found, type Slice, type SliceResult, type Sums } from './slice.ts'

const HELP = `The rule of irreversibility alone, with adversaries.

  npx tsx packages/chain/sim/model/run.ts --seeds 1000000 --from 1
  npx tsx packages/chain/sim/model/run.ts --minutes 8 --from 250001     as far as eight minutes reach
  npx tsx packages/chain/sim/model/run.ts --seed 17                     one seed
  --rule ${RULES.join(' | ')}   the product's is twoPhase, the others must fail
  --processes 2   --no-build
`
/** Seeds a process plays between two messages. */
const CHUNK = 500
/** Findings printed one by one. */
const SHOWN = 5

const replay = (seed: string, rule: RuleName): string =>
  `npx tsx packages/chain/sim/model/run.ts --seed ${seed}${rule === 'twoPhase' ? '' : ` --rule ${rule}`}`

function one(seed: bigint, rule: RuleName): boolean {
  const scenario = drawScenario(seed)
  console.log(JSON.stringify(scenario, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value)))
  const { finding, finalized, slots, counts, conflict, named } = play(scenario, ruleOf(rule))
  console.log(JSON.stringify({ slots, finalized, ...counts, conflict, named }))
  console.log(finding === undefined ? 'in order' : `${finding.rule}: ${finding.detail}`)
  return finding === undefined
}

function table(total: ReadonlyMap<string, Sums>): string {
  const mean = (sum: number, runs: number): string => (sum / runs).toFixed(1).padStart(8)
  const lines = [...total]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([name, { runs, conflicts, blamed, finalized, blocks, forks, switches, terms }]) =>
        `${name.padEnd(30)}${String(runs).padStart(9)}${String(conflicts).padStart(11)}${String(blamed).padStart(8)}${[blocks, finalized, forks, switches].map((sum) => mean(sum, runs)).join('')}${String(terms).padStart(9)}`,
    )
  return [
    '                                  runs  conflicts  blamed  blocks   final   forks switches   terms',
    ...lines,
  ].join('\n')
}

async function many(options: {
  from: bigint
  seeds: bigint
  minutes: number
  processes: number
  rule: RuleName
}): Promise<boolean> {
  const { from, seeds, minutes, processes, rule } = options
  const total = new Map<string, Sums>()
  const found: Found[] = []
  const started = Date.now()
  let next = from
  let played = 0
  await runPool({
    script: join(BUILT, 'model', 'worker.js'),
    processes,
    next: () => {
      if (next >= from + seeds || Date.now() - started > minutes * 60_000) return undefined
      const left = from + seeds - next
      const slice: Slice = { rule, from: String(next), seeds: left < CHUNK ? Number(left) : CHUNK }
      next += BigInt(slice.seeds)
      return JSON.stringify(slice)
    },
    answered: (text) => {
      const result = JSON.parse(text) as SliceResult
      played += result.seeds
      addSums(total, result.sums)
      for (const one of result.found.slice(0, Math.max(SHOWN - found.length, 0)))
        console.log(`seed ${one.seed} breaks ${one.rule}: ${one.detail}\nreplay: ${replay(one.seed, rule)}`)
      found.push(...result.found)
      return false
    },
  })
  const seconds = (Date.now() - started) / 1000
  console.log(table(total))
  console.log(
    `\n${rule}: ${played} seeds, ${from} to ${next - 1n}, in ${seconds.toFixed(0)} s on ${processes} processes: ${(played / seconds).toFixed(0)} a second, ${found.length} with a finding. Goes on with --from ${next}`,
  )
  return found.length === 0
}

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string' },
    from: { type: 'string' },
    minutes: { type: 'string' },
    rule: { type: 'string' },
    processes: { type: 'string' },
    help: { type: 'boolean' },
    'no-build': { type: 'boolean' },
  },
})
const rule = RULES.find((name) => name === (values.rule ?? 'twoPhase'))
if (values.help === true || rule === undefined) {
  console.log(HELP)
} else if (values.seed !== undefined) {
  if (!one(BigInt(values.seed), rule)) process.exitCode = 1
} else {
  if (values['no-build'] !== true) build()
  const minutes = Number(values.minutes ?? '1e9')
  const seeds = BigInt(values.seeds ?? (values.minutes === undefined ? '20000' : '1000000000000'))
  const processes = Number(values.processes ?? Math.min(availableParallelism(), 2))
  if (!(await many({ from: BigInt(values.from ?? '1'), seeds, minutes, processes, rule }))) process.exitCode = 1
}
