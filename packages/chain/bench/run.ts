// Measures the chain on this machine: `npm run bench`. Options: --only=signatures,codec,…  --rounds=5  --save  --json=FILE
// Ratios are held against recorded.json; a loss of more than 15 % ends with code 1. --save adds this run to it.
import { writeFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { createLogger, createRecoverPool, installEngines } from '#node'
import { measureCodec } from './codec.ts'
import { measureCommit } from './commit.ts'
import { measureDurable } from './durable.ts'
import { measureEndToEnd } from './endToEnd.ts'
import { measureExecution } from './execution.ts'
import { createWorld } from './fixtures.ts'
import { measureForeignBlock } from './foreignBlock.ts'
import { type Section, watchForeign } from './harness.ts'
import { measureParallel } from './parallel.ts'
import { measureReads } from './reads.ts'
import { BUSY, compare, type Ratio, ratiosOf, readRecorded, verdictOf, withRun, writeRecorded } from './record.ts'
import { type BenchRun, commitOf, type MeasuredPart, machine, now, tableOf } from './report.ts'
import { measureKeccak, measureSignatures } from './signatures.ts'
import { measureStart } from './start.ts'
import { measureState } from './state.ts'
import { measureSync } from './sync.ts'

const SENDERS = 1000
/** The tree of a million values takes long to make; a run that is late by then leaves it out, to end within three minutes. */
const MILLION_BEFORE_MS = 150_000
const SYNC_BLOCKS = 2000
const NAMES = [
  ...[
    'signatures',
    'keccak',
    'codec',
    'execution',
    'parallel',
    'commit',
    'block',
    'durable',
    'sync',
    'endToEnd',
    'reads',
  ],
  ...['start', 'state'],
]

const option = (name: string): string | undefined =>
  process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3)
const say = (text: string): void => {
  process.stdout.write(`${text}\n`)
}

const rounds = Number(option('rounds') ?? 5)
const only = option('only')?.split(',') ?? NAMES
const start = performance.now()
const foreignWhole = watchForeign()
const engines = installEngines(createLogger('warn'))
const ratios: Ratio[] = []
const parts: Record<string, MeasuredPart> = {}
let nodesSeconds = 0

async function part(name: string, work: () => Promise<{ section: Section; nodeSeconds?: number }>): Promise<void> {
  if (!only.includes(name)) return
  const foreign = watchForeign()
  const from = performance.now()
  const { section, nodeSeconds = 0 } = await work()
  nodesSeconds += nodeSeconds
  ratios.push(...ratiosOf(name, section))
  const others = foreign(nodeSeconds)
  parts[name] = { ...section, foreign: others }
  say(tableOf(section, others, (performance.now() - from) / 1000))
}

say(`${now()} · Node ${process.version} · ${machine} · ${commitOf()}`)
say(`engines: ${engines.signature}, ${engines.hash}, ${engines.tree} · ${rounds} rounds, medians\n`)

// The limit is measured whatever else is asked for: everything is held against it.
const foreign = watchForeign()
const { section: signatures, limit } = await measureSignatures(rounds)
parts['signatures'] = { ...signatures, foreign: foreign() }
say(tableOf(signatures, foreign(), (performance.now() - start) / 1000))
if (only.includes('signatures')) ratios.push(...ratiosOf('signatures', signatures))
await part('keccak', async () => ({ section: await measureKeccak(rounds) }))
const world = createWorld(SENDERS)
await part('codec', async () => ({ section: await measureCodec(world, rounds) }))
await part('execution', async () => ({ section: await measureExecution(world, limit, rounds) }))
await part('parallel', async () => ({ section: await measureParallel(Math.min(rounds, 4)) }))
await part('commit', async () => {
  const pool = createRecoverPool()
  try {
    return { section: await measureCommit(world, pool, { rounds, limit }) }
  } finally {
    await pool.close()
  }
})
await part('block', async () => ({ section: await measureForeignBlock(world, Math.min(rounds, 3)) }))
await part('durable', async () => ({ section: await measureDurable(Math.min(rounds, 3)) }))
await part('sync', async () => ({
  section: await measureSync(createWorld(SENDERS, SYNC_BLOCKS), { rounds: Math.min(rounds, 3), blocks: SYNC_BLOCKS }),
}))
await part('endToEnd', () => measureEndToEnd({ rounds: Math.max(2, rounds - 2), limit }))
await part('reads', () => measureReads(Math.min(rounds, 3)))
await part('state', async () => ({
  section: await measureState(rounds, { million: performance.now() - start < MILLION_BEFORE_MS }),
}))
await part('start', () => measureStart())

const others = foreignWhole(nodesSeconds)
const facts = { date: now(), machine, node: process.version, commit: commitOf() }
const comparison = compare(ratios, readRecorded())
const { lines, fails } = verdictOf(comparison, others)
for (const line of lines) say(line)
if (fails) process.exitCode = 1
if (process.argv.includes('--save')) {
  if (others > BUSY) {
    say(`not saved: others used ${(others * 100).toFixed(0)} % of the cores`)
    process.exitCode = 1
  } else {
    writeRecorded(withRun(readRecorded(), ratios, facts))
    say('saved in recorded.json')
  }
}
const seconds = (performance.now() - start) / 1000
say(`whole run: ${seconds.toFixed(0)} s`)
const file = option('json')
if (file !== undefined) {
  const run: BenchRun = {
    ...facts,
    foreign: others,
    seconds,
    isWhole: option('only') === undefined,
    parts,
    lost: comparison.lost.length,
  }
  writeFileSync(file, `${JSON.stringify(run, null, 2)}\n`)
}
