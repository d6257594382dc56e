// Holds parallel execution against serial execution on random blocks.
// Options: --blocks 100000 --seed 1 --most 12 (transactions of a block)
import { parseArgs } from 'node:util'
import { createCostBook, createParallelExecutor, createSerialExecutor } from '#executor'
import { createLogger, installEngines } from '#node'
import { compareExecutors, inlineLanes } from '#testing'

const { values } = parseArgs({
  options: {
    blocks: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    most: { type: 'string', default: '12' },
  },
})

const ALWAYS = { blockUs: 0, callUs: 0, fullest: 2 }
installEngines(createLogger('error'))
const used = process.cpuUsage()
const result = await compareExecutors({
  seed: values.seed,
  blocks: Number(values.blocks),
  most: Number(values.most),
  executors: ({ registry }) => [
    createSerialExecutor(registry),
    createParallelExecutor(registry, {
      lanes: inlineLanes(registry, 1),
      measuring: { costs: createCostBook() },
      breakEven: ALWAYS,
    }),
  ],
  progress: (blocks) => {
    if (blocks % 10_000 === 0) process.stdout.write(`${blocks} blocks equal\n`)
  },
})
const { user, system } = process.cpuUsage(used)
process.stdout.write(`${JSON.stringify(result)} in ${((user + system) / 1e6).toFixed(0)} s of processor time\n`)
