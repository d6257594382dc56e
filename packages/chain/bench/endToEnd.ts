import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { asHash } from '#primitives'
import { createRpcClient, createWsClient, type RpcClient, type SocketConstructor } from '#rpc/client'
import { type Candidate, median, quantile, type Row, type Section, timed } from './harness.ts'
import { httpRequest, sendAll } from './httpLoad.ts'
import { openLimit } from './limit.ts'
import {
  devSigners,
  type NodeProcess,
  processorSeconds,
  signEnvelopes,
  startNodeProcess,
  stopNodeProcess,
  submissions,
} from './nodeProcess.ts'

const SLOT_MS = 250
const CONNECTIONS = 32
const BATCH_CONNECTIONS = 8
const BATCH = 100
const SINGLES = 6000
/** As many as are sent to the peers. Some seconds: the wait for the last block should weigh little. */
const BATCHED = 80_000
/** Before anything counts: until then the engine still compiles what a node that runs for a while has at hand. */
const WARM_BATCHED = 20_000
/** The last block is made in less. Who asks for blocks meanwhile keeps the node from making it. */
const SETTLE_MS = 2 * SLOT_MS
const PATIENCE_MS = 60_000

interface Head {
  readonly at: number
  readonly hash: string
}

/** When the last of `count` transactions was in a durable block, by the heads that were announced. */
async function lastInclusion(client: RpcClient, heads: readonly Head[], count: number): Promise<number> {
  const limit = performance.now() + PATIENCE_MS
  await setTimeout(SETTLE_MS)
  let included = 0
  for (let index = 0; performance.now() < limit; ) {
    const head = heads[index]
    if (head === undefined) {
      await setTimeout(20)
      continue
    }
    index += 1
    included += (await client.request('aelf_getBlock', [asHash(head.hash), { transactions: 'ids' }])).transactions
      .length
    if (included >= count) return head.at
  }
  throw new Error(`only ${included} of ${count} transactions were included`)
}

interface Limit {
  readonly name: string
  readonly value: number
}

interface Outcome {
  readonly endToEnd: number
  /** Signatures a second on all cores, right before and right after the load. */
  readonly limit: number
  readonly accepted: number
  /** Transactions in a second of the node's processor time. */
  readonly byProcessor: number
  readonly latencies: readonly number[]
}

interface Plan {
  readonly count: number
  readonly size: number
  readonly connections: number
}

/** Threads that waited are slow at first, and something else may be going on: the better one of two looks after a first. */
async function limitNow(limit: Candidate): Promise<number> {
  await limit.run()
  const [one, two] = [await timed(() => limit.run()), await timed(() => limit.run())]
  return Math.max(one.rate, two.rate)
}

async function load(server: NodeProcess, limit: Candidate, plan: Plan): Promise<Outcome> {
  const client = createRpcClient({ url: server.url })
  const envelopes = await signEnvelopes(client, await devSigners(client), { count: plan.count })
  const requests = submissions(envelopes, plan.size).map((body) => httpRequest(server.port, body))
  const socket = createWsClient({ url: server.url, WebSocket: WebSocket as unknown as SocketConstructor })
  const heads: Head[] = []
  const cancel = await socket.subscribe('heads', ({ added }) => {
    for (const hash of added) heads.push({ at: performance.now(), hash })
  })
  const check = (body: string): void => {
    if (body.includes('"error"')) throw new Error(body.slice(0, 400))
  }
  const before = await limitNow(limit)
  const used = processorSeconds(server.process.pid)
  const start = performance.now()
  const latencies = await sendAll(server.port, requests, { connections: plan.connections, check })
  const accepted = performance.now() - start
  const end = await lastInclusion(client, heads, plan.count)
  const byProcessor = plan.count / (processorSeconds(server.process.pid) - used)
  cancel()
  socket.close()
  const after = await limitNow(limit)
  return {
    byProcessor,
    limit: (before + after) / 2,
    endToEnd: (plan.count / (end - start)) * 1000,
    accepted: (plan.count / accepted) * 1000,
    latencies,
  }
}

function rowsOf(name: string, outcomes: readonly Outcome[], limit: Limit): Row[] {
  const byProcessor = median(outcomes.map((outcome) => outcome.byProcessor))
  const endToEnd = median(outcomes.map((outcome) => outcome.endToEnd))
  const accepted = median(outcomes.map((outcome) => outcome.accepted))
  const latencies = outcomes.flatMap((outcome) => outcome.latencies)
  // Of the same minute: a machine may be a third faster in the next one.
  const ofLimit = median(outcomes.map((outcome) => outcome.endToEnd / outcome.limit))
  return [
    {
      name: `${name}: in a durable block`,
      value: endToEnd,
      unit: 'tx/s',
      byProcessor,
      ratio: byProcessor / limit.value,
      base: limit.name,
      ofLimit,
    },
    { name: `${name}: accepted (synced)`, value: accepted, unit: 'tx/s' },
    { name: `${name}: answer p50`, value: quantile(latencies, 0.5), unit: 'ms' },
    { name: `${name}: answer p99`, value: quantile(latencies, 0.99), unit: 'ms' },
  ]
}

/** Signed bytes over HTTP into durable blocks of a real node; the load comes from the same cores. */
export async function measureEndToEnd(options: {
  readonly rounds: number
  readonly limit: Limit
}): Promise<{ section: Section; nodeSeconds: number }> {
  const directory = await mkdtemp(join(tmpdir(), 'aelf-bench-'))
  const server = await startNodeProcess({ directory, slotMs: SLOT_MS })
  const { candidate: bare, close } = openLimit()
  try {
    const singles: Outcome[] = []
    const batches: Outcome[] = []
    await load(server, bare, { count: 1000, size: 1, connections: CONNECTIONS })
    await load(server, bare, { count: WARM_BATCHED, size: BATCH, connections: BATCH_CONNECTIONS })
    for (let round = 0; round < options.rounds; round += 1) {
      singles.push(await load(server, bare, { count: SINGLES, size: 1, connections: CONNECTIONS }))
      batches.push(await load(server, bare, { count: BATCHED, size: BATCH, connections: BATCH_CONNECTIONS }))
    }
    const alone = await load(server, bare, { count: 300, size: 1, connections: 1 })
    const rows = [
      ...rowsOf(`1 a request, ${CONNECTIONS} connections`, singles, options.limit),
      ...rowsOf(`${BATCH} a request, ${BATCH_CONNECTIONS} connections`, batches, options.limit),
      { name: '1 a request, 1 connection: answer p50', value: quantile(alone.latencies, 0.5), unit: 'ms' },
    ]
    const title = `End to end over HTTP: one node (\`aelf devnet --delegates 1 --slot ${SLOT_MS}ms --data\`), load from the same cores`
    return { section: { title, rows }, nodeSeconds: processorSeconds(server.process.pid) }
  } finally {
    await close()
    await stopNodeProcess(server)
    await rm(directory, { recursive: true, force: true })
  }
}
