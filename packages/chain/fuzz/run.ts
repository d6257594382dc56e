import { parseArgs } from 'node:util'
import { type EpisodeReport, GROWTH_BYTES, playEpisode, showFinding } from './engine.ts'
import type { Target } from './target.ts'
import { targets } from './targets.ts'

const HELP = `Hostile messages for every door of a node.

  npm run fuzz -w @aelf/chain -- --count 1000000 --seed S   all targets
  npm run fuzz -w @aelf/chain -- --target peers --count 100000
  npm run fuzz -w @aelf/chain -- --target peers --episode 'S/3'   one episode again, as a finding names it
  --minutes 9   ends after the episode in which the time is over, and says how far it came
  --from 40     first episode of every target, to go on where another run ended
`
/** Episodes before the heap counts: caches fill, code is compiled. */
const WARM_EPISODES = 2

interface Plan {
  readonly target: Target
  readonly count: number
  readonly seed: string
  readonly from: number
  readonly until: number
}

interface Total {
  readonly name: string
  messages: number
  episodes: number
  findings: number
  suspects: number
  slowestMs: number
  seconds: number
  readonly heap: number[]
}

const megabytes = (bytes: number | undefined): string => (bytes === undefined ? '?' : (bytes / 1_048_576).toFixed(1))

function add(total: Total, report: EpisodeReport): void {
  total.messages += report.messages
  total.episodes += 1
  total.findings += report.findings.length
  total.suspects += report.suspects
  total.slowestMs = Math.max(total.slowestMs, report.slowestMs)
  const last = report.heap.at(-1)
  if (last !== undefined) total.heap.push(last)
  for (const finding of report.findings) console.log(showFinding(finding))
}

/** Bytes by which the last episodes hold more than the first warm ones; nothing when there are too few. */
function growthOf({ heap }: Total): number | undefined {
  const warm = heap.slice(WARM_EPISODES)
  if (warm.length < 4) return undefined
  const half = Math.floor(warm.length / 2)
  return Math.min(...warm.slice(half)) - Math.min(...warm.slice(0, half))
}

async function play({ target, count, seed, from, until }: Plan): Promise<Total> {
  const total: Total = {
    name: target.name,
    messages: 0,
    episodes: 0,
    findings: 0,
    suspects: 0,
    slowestMs: 0,
    seconds: 0,
    heap: [],
  }
  const started = performance.now()
  for (let number = from; total.messages < count && Date.now() < until; number += 1) {
    const messages = Math.min(target.episode, count - total.messages)
    add(total, await playEpisode({ target, seed: `${seed}/${number}`, messages }))
  }
  total.seconds = (performance.now() - started) / 1000
  const growth = growthOf(total)
  if (growth !== undefined && growth > GROWTH_BYTES) {
    total.findings += 1
    console.log(`${target.name}: memory grew from episode to episode by ${megabytes(growth)} MiB`)
  }
  const rate = (total.messages / total.seconds).toFixed(0)
  console.log(
    `${target.name.padEnd(8)} ${String(total.messages).padStart(8)} messages in ${total.episodes} episodes from ${from}, ${total.seconds.toFixed(0)} s (${rate}/s), ${total.findings} findings, ` +
      `slowest ${total.slowestMs.toFixed(0)} ms by the clock, ${total.suspects} suspected of stalling, memory after collection ${megabytes(total.heap[WARM_EPISODES] ?? total.heap[0])} → ${megabytes(total.heap.at(-1))} MiB`,
  )
  return total
}

const { values } = parseArgs({
  options: {
    count: { type: 'string' },
    seed: { type: 'string' },
    target: { type: 'string' },
    episode: { type: 'string' },
    from: { type: 'string' },
    minutes: { type: 'string' },
    help: { type: 'boolean' },
  },
})

async function main(): Promise<number> {
  let stray = 0
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      stray += 1
      process.exitCode = 1
      console.log(`${event}: ${error instanceof Error ? error.stack : String(error)}`)
    })
  }
  const chosen = targets.filter(({ target }) => values.target === undefined || target.name === values.target)
  if (chosen.length === 0) throw new Error(`the targets are ${targets.map(({ target }) => target.name).join(', ')}`)
  const [only] = chosen
  if (values.episode !== undefined && only !== undefined) {
    const { findings } = await playEpisode({ target: only.target, seed: values.episode, messages: only.target.episode })
    for (const finding of findings) console.log(showFinding(finding))
    return findings.length + stray
  }
  const seed = values.seed ?? String(Date.now())
  const count = Number(values.count ?? 20_000)
  const whole = chosen.reduce((sum, { share }) => sum + share, 0)
  const until = Date.now() + Number(values.minutes ?? 1440) * 60_000
  console.log(`seed ${seed}, ${count} messages, Node ${process.version}`)
  let findings = 0
  let messages = 0
  for (const { target, share } of chosen) {
    const part = Math.ceil((count * share) / whole)
    const total = await play({ target, count: part, seed, from: Number(values.from ?? 0), until })
    findings += total.findings
    messages += total.messages
  }
  console.log(`${messages} messages, ${findings} findings, ${stray} errors nobody caught`)
  return findings + stray
}

if (values.help === true) console.log(HELP)
else process.exitCode = (await main()) === 0 ? 0 : 1
