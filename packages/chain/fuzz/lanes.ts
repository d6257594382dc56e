// Holds parallel execution against serial execution on random blocks; the package has to be built.
// Options: --blocks 100000 --seed 1 --most 12 (transactions of a block) --threads 0 (real ones beside lanes in this thread)
import { parseArgs } from 'node:util'
import { createCostBook, createParallelExecutor, createSerialExecutor, type Lanes } from '#executor'
import { createLaneThreads } from '#executor/workers'
import { createLogger, installEngines } from '#node'
import { ZERO_HASH } from '#primitives'
import { compareExecutors, inlineLanes } from '#testing'

const { values } = parseArgs({
  options: {
    blocks: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    most: { type: 'string', default: '12' },
    threads: { type: 'string', default: '0' },
  },
})

const ALWAYS = { blockUs: 0, callUs: 0 }
installEngines(createLogger('error'))
const threads = createLaneThreads({
  count: Number(values.threads),
  program: { url: new URL('../dist/testing/lanes/thread.js', import.meta.url) },
  setup: { engines: true },
  patienceMs: 60_000,
  onFailure: (reason) => process.stdout.write(`a thread failed: ${reason}\n`),
})
await threads.start()
let parts = 0
const counted = (lanes: Lanes): Lanes => ({
  ...lanes,
  open: (lane, order) => {
    parts += 1
    return lanes.open(lane, order)
  },
})
const used = process.cpuUsage()
const result = await compareExecutors({
  seed: values.seed,
  blocks: Number(values.blocks),
  most: Number(values.most),
  executors: ({ registry }) => {
    const ways = [inlineLanes(registry, 1), ...(threads.count > 0 ? [threads.lanes(ZERO_HASH)] : [])]
    const parallel = ways.map((lanes) =>
      createParallelExecutor(registry, {
        lanes: counted(lanes),
        measuring: { costs: createCostBook() },
        breakEven: ALWAYS,
      }),
    )
    return [createSerialExecutor(registry), ...parallel]
  },
  progress: (blocks) => {
    if (blocks % 10_000 === 0) process.stdout.write(`${blocks} blocks equal\n`)
  },
})
const { user, system } = process.cpuUsage(used)
await threads.close()
process.stdout.write(
  `${JSON.stringify(result)}, ${parts} parts of blocks in lanes, ${((user + system) / 1e6).toFixed(0)} s of processor time\n`,
)
