// Catches one node up with a long chain and prints figures: npx tsx packages/chain/bench/syncRun.ts [--blocks=10000] [--transfers=2000]
import { performance } from 'node:perf_hooks'
import { createLogger, createRecoverPool, installEngines } from '#node'
import { createWorld } from './fixtures.ts'
import { timed } from './harness.ts'
import { openLimit } from './limit.ts'
import { openLate, writeChain } from './sync.ts'

const FULL_BLOCKS = 10

const option = (name: string): string | undefined =>
  process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3)
const blocks = Number(option('blocks') ?? 10_000)
const transfers = Number(option('transfers') ?? 2000)
const engines = installEngines(createLogger('warn'))
process.stdout.write(
  `${blocks} blocks, the first ${FULL_BLOCKS} with ${transfers} transfers each; ${engines.signature}, ${engines.hash}\n`,
)
const written = await writeChain(createWorld(1000, blocks), {
  full: FULL_BLOCKS,
  empty: blocks - FULL_BLOCKS,
  transfers,
})
const machine = openLimit()
const before = await timed(() => machine.candidate.run())
const pool = createRecoverPool()
const late = await openLate(written, pool)
const start = performance.now()
let most = 0
let told = 0n
const { rate, processorRate } = await timed(async () => {
  await late.catchUp((height) => {
    most = Math.max(most, process.memoryUsage().rss)
    if (height / 1000n === told) return
    told = height / 1000n
    process.stdout.write(`${height} after ${((performance.now() - start) / 1000).toFixed(1)} s\n`)
  })
  return blocks
})
const after = await timed(() => machine.candidate.run())
const limit = (before.rate + after.rate) / 2
const limitByProcessor = (before.processorRate + after.processorRate) / 2
process.stdout.write(
  `${rate.toFixed(0)} blocks/s by the clock, ${processorRate.toFixed(0)} by processor time; ${Math.round(most / 2 ** 20)} MiB at most, both nodes\n` +
    `L just before and after: ${limit.toFixed(0)} recoveries/s by the clock, ${limitByProcessor.toFixed(0)} a core by processor time; ` +
    `ratios ${(rate / limit).toPrecision(3)} and ${(processorRate / limitByProcessor).toPrecision(3)}\n`,
)
await late.close()
await written.close()
process.exit(0)
