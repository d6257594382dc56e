// Two built checkouts under the same load in turns, which tells them apart on a machine that changes its speed from minute to minute:
// npx tsx packages/chain/bench/versions.ts FOLDER FOLDER [--size=100] [--turns=40] [--count=4000]
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { createLogger, installEngines } from '#node'
import { createRpcClient, type RpcClient } from '#rpc/client'
import { median } from './harness.ts'
import { httpRequest, sendAll } from './httpLoad.ts'
import {
  devSigners,
  type NodeProcess,
  processorSeconds,
  signEnvelopes,
  startNodeProcess,
  stopNodeProcess,
  submissions,
} from './nodeProcess.ts'

const SLOT_MS = 500
/** Turns before anything counts. */
const WARM_TURNS = 4

function option(name: string, otherwise: number): number {
  const given = process.argv.find((word) => word.startsWith(`--${name}=`))
  return given === undefined ? otherwise : Number(given.slice(name.length + 3))
}

const [size, turns, count] = [option('size', 100), option('turns', 40), option('count', 4000)]
const connections = size === 1 ? 32 : 8
const folders = process.argv.slice(2).filter((word) => !word.startsWith('--'))
if (folders.length !== 2) throw new Error('give the folders of two checkouts, both built')

interface Contender {
  readonly folder: string
  readonly directory: string
  readonly server: NodeProcess
  readonly client: RpcClient
  /** Of each turn: microseconds of processor time a transfer, until all are in blocks, and transfers accepted in a second. */
  readonly us: number[]
  readonly rates: number[]
}

async function open(folder: string): Promise<Contender> {
  const directory = await mkdtemp(join(tmpdir(), 'aelf-bench-'))
  const server = await startNodeProcess({
    program: join(folder, 'packages/chain/bin/aelf.js'),
    directory,
    slotMs: SLOT_MS,
  })
  return { folder, directory, server, client: createRpcClient({ url: server.url }), us: [], rates: [] }
}

function check(body: string): void {
  if (body.includes('"error"')) throw new Error(body.slice(0, 400))
}

async function included(client: RpcClient, from: number): Promise<void> {
  let left = count
  for (let height = from; left > 0; ) {
    const head = Number((await client.request('aelf_chainInfo', [])).height)
    for (; height < head; height += 1) {
      const block = await client.request('aelf_getBlock', [String(height + 1), { transactions: 'ids' }])
      left -= block.transactions.length
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

async function turn({ server, client, us, rates }: Contender): Promise<void> {
  const envelopes = await signEnvelopes(client, await devSigners(client), { count })
  const requests = submissions(envelopes, size).map((body) => httpRequest(server.port, body))
  const height = Number((await client.request('aelf_chainInfo', [])).height)
  const used = processorSeconds(server.process.pid)
  const start = performance.now()
  await sendAll(server.port, requests, { connections, check })
  rates.push((count / (performance.now() - start)) * 1000)
  await included(client, height)
  us.push(((processorSeconds(server.process.pid) - used) / count) * 1e6)
}

installEngines(createLogger('warn'))
const contenders: Contender[] = []
try {
  for (const folder of folders) contenders.push(await open(folder))
  for (let number = 0; number < turns + WARM_TURNS; number += 1)
    for (const contender of number % 2 === 0 ? contenders : contenders.toReversed()) await turn(contender)
  for (const { folder, us, rates } of contenders) {
    const [cost, rate] = [median(us.slice(WARM_TURNS)), median(rates.slice(WARM_TURNS))]
    process.stdout.write(
      `${folder}: ${cost.toFixed(1)} µs of processor time a transfer, ${rate.toFixed(0)} accepted a second\n`,
    )
  }
  const [one, two] = contenders
  const ratio = (of: 'us' | 'rates'): string =>
    median((two?.[of] ?? []).map((value, index) => value / (one?.[of][index] ?? Number.NaN)).slice(WARM_TURNS)).toFixed(
      3,
    )
  process.stdout.write(`the second to the first: processor time ${ratio('us')}, accepted a second ${ratio('rates')}\n`)
} finally {
  for (const { server, directory } of contenders) {
    await stopNodeProcess(server)
    await rm(directory, { recursive: true, force: true })
  }
}
