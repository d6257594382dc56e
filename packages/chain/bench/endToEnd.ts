import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { WebSocket } from 'ws'
import { findMethod } from '#contracts/metadata'
import { encodeArgs, encodeTransaction, type MethodDescriptor, markPrefix, signTransaction } from '#kernel'
import { asAddress, asHash, bytesToHex, hexToBytes } from '#primitives'
import { createRpcClient, createWsClient, type RpcClient, type SocketConstructor } from '#rpc/client'
import { nextNonce, recipient } from './fixtures.ts'
import { median, type Row, type Section } from './harness.ts'
import { httpRequest, sendAll } from './httpLoad.ts'

const SLOT_MS = 250
const CONNECTIONS = 32
const BATCH_CONNECTIONS = 8
const BATCH = 100
const SINGLES = 2000
const BATCHED = 4000
const PATIENCE_MS = 60_000

interface Server {
  readonly process: ChildProcess
  readonly url: string
  readonly port: number
}

/** The real program in a process of its own: one delegate, blocks every quarter of a second, synced disk. */
async function startServer(directory: string): Promise<Server> {
  const program = fileURLToPath(new URL('../bin/aelf.js', import.meta.url))
  const options = [
    '--delegates',
    '1',
    '--backups',
    '0',
    '--slot',
    `${SLOT_MS}ms`,
    '--port',
    '0',
    '--data',
    directory,
    '--json',
  ]
  const child = spawn(process.execPath, [...flags(), program, 'devnet', ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = await new Promise<string>((resolve, reject) => {
    let text = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      const found = /"rpc":\s*"([^"]+)"/.exec(text)?.[1]
      if (found !== undefined) resolve(found)
    })
    child.once('exit', (code) => reject(new Error(`the node ended with ${code}`)))
  })
  return { process: child, url, port: Number(new URL(url).port) }
}

/** Flags for the node's process, such as `--cpu-prof`. */
const flags = (): string[] => (process.env['BENCH_NODE_FLAGS'] ?? '').split(' ').filter((flag) => flag !== '')

async function stopServer({ process: child }: Server): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGINT')
  await ended
}

/** Processor time of a process so far, in seconds; zero where it cannot be known. */
function processorSeconds(pid: number | undefined): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) / 100
  } catch {
    return 0
  }
}

async function signBatch(client: RpcClient, method: MethodDescriptor, count: number): Promise<string[]> {
  const info = await client.request('aelf_chainInfo', [])
  const accounts = (await client.request('aelf_devAccounts', [])).map(({ address, privateKey }) => ({
    from: asAddress(address),
    privateKey: hexToBytes(privateKey),
  }))
  const network = { name: info.network, genesisHash: asHash(info.genesisHash) }
  return Array.from({ length: count }, (_, index) => {
    const account = accounts[index % accounts.length]
    if (account === undefined) throw new Error('the node has no funded accounts')
    const nonce = nextNonce()
    const unsigned = {
      version: 1 as const,
      walletChainId: 6_118_001n,
      from: account.from,
      contract: method.contractAddress,
      method: method.number,
      args: encodeArgs(method.abi, { to: recipient(Number(nonce)), symbol: 'ELF', amount: 1_000_000n }),
      refHeight: BigInt(info.height),
      refHash: markPrefix(asHash(info.headHash)),
      feeLimit: 100_000_000n,
      nonce,
    }
    return bytesToHex(encodeTransaction(signTransaction(unsigned, { method, network, privateKey: account.privateKey })))
  })
}

interface Head {
  readonly at: number
  readonly hash: string
}

/** When the last of `count` transactions was in a durable block, by the heads that were announced. */
async function lastInclusion(client: RpcClient, heads: readonly Head[], count: number): Promise<number> {
  const limit = performance.now() + PATIENCE_MS
  let included = 0
  for (let index = 0; performance.now() < limit; ) {
    const head = heads[index]
    if (head === undefined) {
      await new Promise((resolve) => setTimeout(resolve, 20))
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
  readonly accepted: number
  /** Transactions in a second of the node's processor time. */
  readonly byProcessor: number
  readonly latencies: readonly number[]
}

const call = (id: number, envelope: string): string =>
  `{"jsonrpc":"2.0","id":${id},"method":"aelf_sendTransaction","params":["${envelope}"]}`

function bodies(envelopes: readonly string[], size: number): string[] {
  if (size === 1) return envelopes.map((envelope) => call(1, envelope))
  const found: string[] = []
  for (let from = 0; from < envelopes.length; from += size) {
    found.push(
      `[${envelopes
        .slice(from, from + size)
        .map((envelope, index) => call(index, envelope))
        .join(',')}]`,
    )
  }
  return found
}

async function load(
  server: Server,
  method: MethodDescriptor,
  plan: { count: number; size: number; connections: number },
): Promise<Outcome> {
  const client = createRpcClient({ url: server.url })
  const requests = bodies(await signBatch(client, method, plan.count), plan.size).map((body) =>
    httpRequest(server.port, body),
  )
  const socket = createWsClient({ url: server.url, WebSocket: WebSocket as unknown as SocketConstructor })
  const heads: Head[] = []
  const cancel = await socket.subscribe('heads', ({ added }) => {
    for (const hash of added) heads.push({ at: performance.now(), hash })
  })
  const check = (body: string): void => {
    if (body.includes('"error"')) throw new Error(body.slice(0, 400))
  }
  const used = processorSeconds(server.process.pid)
  const start = performance.now()
  const latencies = await sendAll(server.port, requests, { connections: plan.connections, check })
  const accepted = performance.now() - start
  const end = await lastInclusion(client, heads, plan.count)
  const byProcessor = plan.count / (processorSeconds(server.process.pid) - used)
  cancel()
  socket.close()
  return {
    byProcessor,
    endToEnd: (plan.count / (end - start)) * 1000,
    accepted: (plan.count / accepted) * 1000,
    latencies,
  }
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

function rowsOf(name: string, outcomes: readonly Outcome[], limit: Limit): Row[] {
  const byProcessor = median(outcomes.map((outcome) => outcome.byProcessor))
  const endToEnd = median(outcomes.map((outcome) => outcome.endToEnd))
  const accepted = median(outcomes.map((outcome) => outcome.accepted))
  const latencies = outcomes.flatMap((outcome) => outcome.latencies)
  return [
    {
      name: `${name}: in a durable block`,
      value: endToEnd,
      unit: 'tx/s',
      byProcessor,
      ratio: byProcessor / limit.value,
      base: limit.name,
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
  const method = findMethod('token', 'transfer')
  if (method === undefined) throw new Error('no transfer in the descriptors')
  const directory = await mkdtemp(join(tmpdir(), 'aelf-bench-'))
  const server = await startServer(directory)
  try {
    const singles: Outcome[] = []
    const batches: Outcome[] = []
    await load(server, method, { count: 1000, size: 1, connections: CONNECTIONS })
    for (let round = 0; round < options.rounds; round += 1) {
      singles.push(await load(server, method, { count: SINGLES, size: 1, connections: CONNECTIONS }))
      batches.push(await load(server, method, { count: BATCHED, size: BATCH, connections: BATCH_CONNECTIONS }))
    }
    const alone = await load(server, method, { count: 300, size: 1, connections: 1 })
    const rows = [
      ...rowsOf(`1 a request, ${CONNECTIONS} connections`, singles, options.limit),
      ...rowsOf(`${BATCH} a request, ${BATCH_CONNECTIONS} connections`, batches, options.limit),
      { name: '1 a request, 1 connection: answer p50', value: quantile(alone.latencies, 0.5), unit: 'ms' },
    ]
    const title = `End to end over HTTP: one node (\`aelf devnet --delegates 1 --slot ${SLOT_MS}ms --data\`), load from the same cores`
    return { section: { title, rows }, nodeSeconds: processorSeconds(server.process.pid) }
  } finally {
    await stopServer(server)
    await rm(directory, { recursive: true, force: true })
  }
}
