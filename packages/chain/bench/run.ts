// Measures the chain on this machine: `npm run bench`. Options: --only=signatures,codec,…  --rounds=5
import { availableParallelism, cpus, totalmem } from 'node:os'
import { performance } from 'node:perf_hooks'
import { createLogger, createRecoverPool, installEngines } from '#node'
import { measureCodec } from './codec.ts'
import { measureCommit } from './commit.ts'
import { measureEndToEnd } from './endToEnd.ts'
import { measureExecution } from './execution.ts'
import { createWorld } from './fixtures.ts'
import { measureForeignBlock } from './foreignBlock.ts'
import { type Section, watchForeign } from './harness.ts'
import { measureKeccak, measureSignatures } from './signatures.ts'
import { measureState } from './state.ts'
import { measureSync } from './sync.ts'

const SENDERS = 1000
/** The tree of a million values takes long to make; a run that is late by then leaves it out, to end within three minutes. */
const MILLION_BEFORE_MS = 100_000
const SYNC_BLOCKS = 2000
const NAMES = ['signatures', 'keccak', 'codec', 'execution', 'commit', 'block', 'state', 'sync', 'endToEnd'] as const

const option = (name: string): string | undefined =>
  process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3)

function formatValue(value: number): string {
  if (value >= 1000) return Math.round(value).toLocaleString('en')
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3)
}

function print(section: Section, foreign: number, seconds: number): void {
  const lines = [
    `### ${section.title}`,
    '',
    `${seconds.toFixed(0)} s, others used ${(foreign * 100).toFixed(0)} % of the cores${section.note === undefined ? '' : `; ${section.note}`}`,
    '',
    '| | by the clock | by processor time | ratio | to | by the clock to L |',
    '| --- | ---: | ---: | ---: | --- | ---: |',
    ...section.rows.map(({ name, value, unit, byProcessor, ratio, base, ofLimit }) => {
      const processor = byProcessor === undefined ? '' : `${formatValue(byProcessor)} ${unit}`
      const ratios = `${ratio?.toPrecision(3) ?? ''} | ${base ?? ''} | ${ofLimit?.toPrecision(3) ?? ''}`
      return `| ${name} | ${formatValue(value)} ${unit} | ${processor} | ${ratios} |`
    }),
    '',
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
}

const rounds = Number(option('rounds') ?? 5)
const only = option('only')?.split(',') ?? NAMES
const start = performance.now()
const engines = installEngines(createLogger('warn'))
const machine = `${availableParallelism()} × ${cpus()[0]?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform}`
process.stdout.write(
  `${new Date().toISOString().slice(0, 16)}Z · Node ${process.version} · ${machine}\nengines: ${engines.signature}, ${engines.hash} · ${rounds} rounds, medians\n\n`,
)

async function part(
  name: (typeof NAMES)[number],
  work: () => Promise<{ section: Section; nodeSeconds?: number }>,
): Promise<void> {
  if (!only.includes(name)) return
  const foreign = watchForeign()
  const from = performance.now()
  const { section, nodeSeconds } = await work()
  print(section, foreign(nodeSeconds), (performance.now() - from) / 1000)
}

// The limit is measured whatever else is asked for: everything is held against it.
const foreign = watchForeign()
const { section: signatures, limit } = await measureSignatures(rounds)
print(signatures, foreign(), (performance.now() - start) / 1000)
await part('keccak', async () => ({ section: await measureKeccak(rounds) }))
const world = createWorld(SENDERS)
await part('codec', async () => ({ section: await measureCodec(world, rounds) }))
await part('execution', async () => ({ section: await measureExecution(world, limit, rounds) }))
await part('commit', async () => {
  const pool = createRecoverPool()
  try {
    return { section: await measureCommit(world, pool, { rounds, limit }) }
  } finally {
    await pool.close()
  }
})
await part('block', async () => ({ section: await measureForeignBlock(world, Math.min(rounds, 3)) }))
await part('sync', async () => ({
  section: await measureSync(createWorld(SENDERS, SYNC_BLOCKS), { rounds: Math.min(rounds, 3), blocks: SYNC_BLOCKS }),
}))
await part('endToEnd', () => measureEndToEnd({ rounds: Math.max(2, rounds - 2), limit }))
await part('state', async () => ({
  section: await measureState(rounds, { million: performance.now() - start < MILLION_BEFORE_MS }),
}))
process.stdout.write(`whole run: ${((performance.now() - start) / 1000).toFixed(0)} s\n`)
