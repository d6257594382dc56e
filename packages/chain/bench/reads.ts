import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { createRpcClient } from '#rpc/client'
import { median, quantile, type Row, type Section } from './harness.ts'
import { httpRequest, sendAll } from './httpLoad.ts'
import {
  devSigners,
  type NodeProcess,
  processorSeconds,
  signEnvelopes,
  startNodeProcess,
  stopNodeProcess,
} from './nodeProcess.ts'
import { startRawHttp } from './rawHttp.ts'

const SLOT_MS = 1000
const PER_BLOCK = 1000
const BATCH = 100
const FEED_MS = (SLOT_MS * BATCH) / PER_BLOCK
const READ_MS = 1500
const CONNECTIONS = 32

interface Outcome {
  readonly rate: number
  readonly p50: number
  readonly p99: number
}

function* until(end: number, request: Buffer): Generator<Buffer> {
  while (performance.now() < end) yield request
}

async function readFor(port: number, account: string, ms: number): Promise<Outcome> {
  const body = `{"jsonrpc":"2.0","id":1,"method":"eth_getBalance","params":["${account}","latest"]}`
  const start = performance.now()
  const latencies = await sendAll(port, until(start + ms, httpRequest(port, body)), {
    connections: CONNECTIONS,
    check(answer) {
      if (!answer.includes('"result"')) throw new Error(answer.slice(0, 300))
    },
  })
  const rate = (latencies.length / (performance.now() - start)) * 1000
  return { rate, p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99) }
}

/** A hundred transfers every tenth of a slot, so that every block has a thousand. Resolves when all are accepted. */
async function feed({ port, url }: NodeProcess, ms: number): Promise<void> {
  const client = createRpcClient({ url })
  const envelopes = await signEnvelopes(client, await devSigners(client), { count: (ms / FEED_MS) * BATCH })
  const check = (answer: string): void => {
    if (answer.includes('"error"')) throw new Error(answer.slice(0, 300))
  }
  const sent: Promise<unknown>[] = []
  for (let from = 0; from < envelopes.length; from += BATCH) {
    const together = envelopes.slice(from, from + BATCH).map((hex) => `"${hex}"`)
    const body = `{"jsonrpc":"2.0","id":1,"method":"aelf_sendTransactions","params":[[${together.join(',')}]]}`
    sent.push(sendAll(port, [httpRequest(port, body)], { connections: 1, check }))
    await new Promise((resolve) => setTimeout(resolve, FEED_MS))
  }
  await Promise.all(sent)
}

async function whileProducing(node: NodeProcess, account: string): Promise<Outcome> {
  const feeding = feed(node, READ_MS + SLOT_MS)
  // The first block with a thousand comes after a slot.
  await new Promise((resolve) => setTimeout(resolve, SLOT_MS))
  const outcome = await readFor(node.port, account, READ_MS)
  await feeding
  return outcome
}

function rowsOf(busy: readonly Outcome[], idle: readonly Outcome[], raw: readonly Outcome[]): Row[] {
  const rate = (outcomes: readonly Outcome[]): number => median(outcomes.map((one) => one.rate))
  const ratio = (outcomes: readonly Outcome[]): number =>
    median(outcomes.map((one, round) => one.rate / (raw[round]?.rate ?? Number.NaN)))
  const unit = 'reads/s'
  const base = 'raw node:http'
  return [
    { name: base, value: rate(raw), unit },
    { name: 'no other load', value: rate(idle), unit, ratio: ratio(idle), base },
    { name: `while blocks of ${PER_BLOCK} are produced`, value: rate(busy), unit, ratio: ratio(busy), base },
    { name: 'the same: answer p50', value: median(busy.map((one) => one.p50)), unit: 'ms' },
    { name: 'the same: answer p99', value: median(busy.map((one) => one.p99)), unit: 'ms' },
  ]
}

/** Balances over HTTP, by the clock, to a bare `node:http` in the same rounds; the load comes from the same cores. */
export async function measureReads(rounds: number): Promise<{ section: Section; nodeSeconds: number }> {
  const directory = await mkdtemp(join(tmpdir(), 'aelf-bench-'))
  const raw = await startRawHttp()
  const node = await startNodeProcess({ directory, slotMs: SLOT_MS })
  try {
    const [busy, idle, bare]: [Outcome[], Outcome[], Outcome[]] = [[], [], []]
    const account = (await devSigners(createRpcClient({ url: node.url })))[0]?.address ?? ''
    await readFor(node.port, account, READ_MS / 4)
    await readFor(raw.port, account, READ_MS / 4)
    for (let round = 0; round < rounds; round += 1) {
      bare.push(await readFor(raw.port, account, READ_MS / 2))
      idle.push(await readFor(node.port, account, READ_MS / 2))
      busy.push(await whileProducing(node, account))
    }
    return {
      section: { title: `Balances over HTTP, ${CONNECTIONS} connections`, rows: rowsOf(busy, idle, bare) },
      nodeSeconds: processorSeconds(node.process.pid) + processorSeconds(raw.process.pid),
    }
  } finally {
    await Promise.all([stopNodeProcess(node), raw.stop()])
    await rm(directory, { recursive: true, force: true })
  }
}
