// One block of signed transfers on this program's own parts, in a process of its own as the peers' are.
// Arguments: `import` (from bytes to a synced disk, signatures included) or `execute` (signers known, three roots), number of transfers.
import { performance } from 'node:perf_hooks'
import { createLogger, createRecoverPool, installEngines } from '#node'
import { executing } from '../execution.ts'
import { createWorld, type World } from '../fixtures.ts'
import { importing, writeBlock } from '../foreignBlock.ts'
import type { Candidate } from '../harness.ts'
import { createPooledAuthenticator } from '../sync.ts'

const SENDERS = 1000
const WARM_UPS = 3

async function once(candidate: Candidate): Promise<number> {
  await candidate.before?.()
  const start = performance.now()
  await candidate.run()
  const ms = performance.now() - start
  await candidate.after?.()
  return ms
}

async function candidateOf(mode: string, world: World, transfers: number): Promise<Candidate> {
  if (mode === 'execute') return executing(world, transfers)[1]
  const pool = createRecoverPool()
  const bytes = await writeBlock(world, createPooledAuthenticator(world, pool), transfers)
  return importing(world, { name: mode, bytes, transfers }, () => createPooledAuthenticator(world, pool))
}

const [mode = 'import', count = '10000'] = process.argv.slice(2)
installEngines(createLogger('warn'))
const candidate = await candidateOf(mode, createWorld(SENDERS), Number(count))
// Warm as a node that runs, whose code is compiled; the peers warm up with a block as well.
for (let turn = 0; turn < WARM_UPS; turn += 1) await once(candidate)
const ms = await once(candidate)
const { user, system } = process.cpuUsage()
process.stdout.write(`${JSON.stringify({ count: Number(count), ms, cpuSeconds: (user + system) / 1e6 })}\n`)
process.exit(0)
