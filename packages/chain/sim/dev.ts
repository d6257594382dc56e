import { drawKnobs } from './knobs.ts'
import { simulate } from './simulate.ts'

const [from, to, verbose] = [BigInt(process.argv[2] ?? 1), BigInt(process.argv[3] ?? 1), process.argv[4]]
const t0 = Date.now()
const all = new Map<string, number>()
let bad = 0
for (let seed = from; seed <= to; seed++) {
  const t = Date.now()
  const r = await simulate(
    { ...drawKnobs(seed), ...(process.env['KNOBS'] ? JSON.parse(process.env['KNOBS']) : {}) },
    { logAll: verbose !== undefined },
  )
  for (const [k, v] of r.probes) all.set(k, (all.get(k) ?? 0) + v)
  if (r.violation) bad++
  if (r.violation || from === to)
    console.log(
      seed,
      r.knobs.producers,
      r.knobs.backups,
      'blocks',
      r.blocks,
      'rounds',
      r.rounds,
      'tasks',
      r.tasks,
      Date.now() - t,
      'ms',
      r.violation ?? 'ok',
      r.digest.slice(0, 12),
    )
  if (verbose) {
    console.log(r.knobs)
    console.log(r.timeline.join('\n'))
  }
}
if (from !== to) console.log(Object.fromEntries([...all].sort()))
console.log(bad, 'bad of', to - from + 1n, (Date.now() - t0) / 1000, 's')
