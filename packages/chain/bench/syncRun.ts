// Catches one node up with a long chain and prints figures: npx tsx packages/chain/bench/syncRun.ts [--blocks=10000] [--transfers=2000]
import { performance } from 'node:perf_hooks'
import { createLogger, installEngines } from '#node'
import { createWorld } from './fixtures.ts'
import { catchUp, writeChain } from './sync.ts'

const option = (name: string): string | undefined =>
  process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3)
const blocks = Number(option('blocks') ?? 10_000)
const transfers = Number(option('transfers') ?? 2000)
const engines = installEngines(createLogger('warn'))
process.stdout.write(
  `${blocks} blocks, the first 10 with ${transfers} transfers each; ${engines.signature}, ${engines.hash}\n`,
)
const written = await writeChain(createWorld(1000, blocks), { full: 10, empty: blocks - 10, transfers })
const start = performance.now()
const used = process.cpuUsage()
let most = 0
await catchUp(written, (height) => {
  most = Math.max(most, process.memoryUsage().rss)
  if (height % 1000n === 0n)
    process.stdout.write(`${height} after ${((performance.now() - start) / 1000).toFixed(1)} s\n`)
})
const seconds = (performance.now() - start) / 1000
const { user, system } = process.cpuUsage(used)
process.stdout.write(
  `${(blocks / seconds).toFixed(0)} blocks/s by the clock, ${((blocks / (user + system)) * 1e6).toFixed(0)} by processor time; ${Math.round(most / 2 ** 20)} MiB at most, both nodes\n`,
)
await written.giver.stop()
process.exit(0)
