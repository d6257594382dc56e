import { appendFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { faults } from './faults.ts'
import { playKills } from './kills.ts'
import type { Breach } from './ledger.ts'
import { playRounds } from './rounds.ts'

const HELP = `Faults on real processes of a network on this machine.

  npm run chaos -w @aelf/chain -- --seed 1 --rounds 100
  npm run kill  -w @aelf/chain -- --seed 1 --kills 1000

  --from 40        goes on with round or kill 40 of the seed, on a network of its own
  --minutes 9      begins nothing later, and says how far it came
  --only 'freeze'  one kind of fault; may be given several times; --list names them
  --script 'freeze,kill all'   the kinds of the first rounds, in order
  --producers 5 --observers 2 --slot 500 (kills: 1000) --senders 3
  --record file    appends one line of JSON with the figures
  --keep           leaves the folders with the logs of all nodes
`
const DEFAULTS = { rounds: 100, kills: 100, producers: 5, observers: 2, slotMs: 500, senders: 3 }
/** A kill costs the start of a process; what the chain costs meanwhile should be little. */
const KILL_SLOT_MS = 1_000

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    rounds: { type: 'string' },
    kills: { type: 'string' },
    from: { type: 'string' },
    minutes: { type: 'string' },
    only: { type: 'string', multiple: true },
    script: { type: 'string' },
    producers: { type: 'string' },
    observers: { type: 'string' },
    slot: { type: 'string' },
    senders: { type: 'string' },
    record: { type: 'string' },
    keep: { type: 'boolean' },
    list: { type: 'boolean' },
    help: { type: 'boolean' },
  },
})

const middle = (list: readonly number[], part: number): number | undefined => list[Math.floor(list.length * part)]
const spread = (list: readonly number[]): string =>
  list.length === 0 ? 'none' : `half ${middle(list, 0.5)}, most ${middle(list, 0.95)}, longest ${list.at(-1)}`

function show(report: { readonly breaches: readonly Breach[] }): void {
  const plain = Object.fromEntries(
    Object.entries(report).map(([name, value]) => [
      name,
      name.endsWith('Ms') && Array.isArray(value) ? spread(value as number[]) : value,
    ]),
  )
  console.log(JSON.stringify(plain, null, 1))
  for (const { rule, detail } of report.breaches) console.log(`BREACH ${rule}: ${detail}`)
}

async function main(): Promise<boolean> {
  const seed = values.seed ?? String(Date.now())
  const folder = await mkdtemp(join(tmpdir(), 'aelf-chaos-'))
  const number = (given: string | undefined, otherwise: number): number =>
    given === undefined ? otherwise : Number(given)
  const kills = values.kills !== undefined
  const common = {
    folder,
    seed,
    from: number(values.from, 0),
    producers: number(values.producers, DEFAULTS.producers),
    slotMs: number(values.slot, kills ? KILL_SLOT_MS : DEFAULTS.slotMs),
    senders: number(values.senders, DEFAULTS.senders),
    untilMs: Date.now() + number(values.minutes, 1440) * 60_000,
    log: (line: string) => console.log(line),
  }
  console.log(`seed ${seed}, ${common.producers} producers, slots of ${common.slotMs} ms, folder ${folder}`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
  const started = Date.now()
  const report = kills
    ? await playKills({ ...common, kills: number(values.kills, DEFAULTS.kills) })
    : await playRounds({
        ...common,
        rounds: number(values.rounds, DEFAULTS.rounds),
        observers: number(values.observers, DEFAULTS.observers),
        ...(values.only === undefined ? {} : { only: values.only }),
        ...(values.script === undefined ? {} : { script: values.script.split(',') }),
      })
  show(report)
  const seconds = Math.round((Date.now() - started) / 1000)
  if (values.record !== undefined) {
    const line = {
      programme: kills ? 'kill' : 'chaos',
      seed,
      from: common.from,
      node: process.version,
      seconds,
      ...report,
    }
    await appendFile(values.record, `${JSON.stringify(line)}\n`)
  }
  const fine = report.breaches.length === 0
  if (values.keep !== true && fine) await rm(folder, { recursive: true, force: true })
  console.log(`${fine ? 'no promise was broken' : 'BROKEN'} in ${seconds} s`)
  return fine
}

if (values.help === true) console.log(HELP)
else if (values.list === true)
  console.log(
    faults.map(({ name, possible }) => `${name}${(possible?.() ?? true) ? '' : ' (not possible here)'}`).join('\n'),
  )
// Connections that wait to come back would keep the command alive.
else process.exit((await main()) ? 0 : 1)
