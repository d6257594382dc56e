import { performance } from 'node:perf_hooks'
import { median, watchForeign } from '../harness.ts'
import { httpRequest, sendAll } from '../httpLoad.ts'
import { processorSeconds } from '../nodeProcess.ts'
import { call, pause } from './control.ts'
import type { Contender, Measured, Mining, RpcPeer, RunningPeer } from './types.ts'

const CONNECTIONS = 32
const BATCH_CONNECTIONS = 8
const BATCH = 100

/** How transfers are sent: so many a request, over so many connections, one request at a time on each. */
export interface Load {
  readonly size: number
  readonly connections: number
  /** What is faster gets more, so that the wait for the last block weighs as little. */
  readonly times: number
}

/** Enough at once that nobody is waited for: who has each transfer on the disk before the answer needs more on the way than others. */
export const MANY: Load = { size: 1, connections: 128, times: 1 }
/** So few that the time of an answer says how many there are in a second. */
export const FEW: Load = { size: 1, connections: CONNECTIONS, times: 1 }
export const BATCHES: Load = { size: BATCH, connections: BATCH_CONNECTIONS, times: 2 }
const LATENCIES = 300
const READS = 20_000
const POLL_MS = 10
/** A peer that includes nothing for so long has lost what is missing; the rest counts. */
const PATIENCE_MS = 30_000

/** How much of the usual work is done: a part of it for a quick look. */
export interface Extent {
  readonly share: number
  readonly slotMs: number
}

const sized = (count: number, { share }: Extent): number => Math.max(100, Math.round((count * share) / 100) * 100)

/** Runs work on a fresh node and says what others used meanwhile. */
async function withPeer(
  peer: RpcPeer,
  mining: Mining,
  work: (running: RunningPeer, clock: () => void) => Promise<number | Omit<Measured, 'foreign'>>,
): Promise<Measured> {
  const running = await peer.start(mining)
  try {
    const { pid } = running.process
    let [foreign, before] = [watchForeign(), processorSeconds(pid)]
    const found = await work(running, () => {
      ;[foreign, before] = [watchForeign(), processorSeconds(pid)]
    })
    const measured = typeof found === 'number' ? { value: found } : found
    return { ...measured, foreign: foreign(processorSeconds(pid) - before) }
  } finally {
    await running.stop()
  }
}

const heightOf = async ({ port }: RunningPeer): Promise<number> => Number(await call(port, 'eth_blockNumber'))

const entry = (method: string, id: number, parameter: string): string =>
  `{"jsonrpc":"2.0","id":${id},"method":"${method}","params":[${parameter}]}`

function bodyOf({ submits, submitsTogether }: RunningPeer, transactions: readonly string[]): string {
  const quoted = transactions.map((hex) => `"${hex}"`)
  if (transactions.length === 1) return entry(submits, 1, quoted[0] ?? '')
  if (submitsTogether !== undefined) return entry(submitsTogether, 1, `[${quoted.join(',')}]`)
  return `[${quoted.map((hex, id) => entry(submits, id, hex)).join(',')}]`
}

function requestsOf(running: RunningPeer, transactions: readonly string[], size: number): Buffer[] {
  const found: Buffer[] = []
  for (let from = 0; from < transactions.length; from += size) {
    found.push(httpRequest(running.port, bodyOf(running, transactions.slice(from, from + size))))
  }
  return found
}

/** Looks at new blocks until `count` transactions are in them. Answers how many were and when the last ones were seen. */
async function follow(
  running: RunningPeer,
  from: number,
  count: number,
): Promise<{ readonly included: number; readonly at: number }> {
  let [height, included, at] = [from, 0, performance.now()]
  while (included < count && performance.now() < at + PATIENCE_MS) {
    const head = await heightOf(running)
    const seen = performance.now()
    for (; height < head; height += 1) {
      const found = await running.transactionsIn(height + 1)
      included += found
      if (found > 0) at = seen
    }
    if (included < count) await pause(POLL_MS)
  }
  return { included, at }
}

/** Sends requests and waits for the blocks that hold what was accepted. Answers how many were included, and how many in a second. */
async function includeAll(
  running: RunningPeer,
  requests: readonly Buffer[],
  connections: number,
): Promise<{ readonly included: number; readonly rate: number }> {
  const before = await heightOf(running)
  let accepted = 0
  const check = (body: string): void => {
    accepted += body.split(running.accepted).length - 1
  }
  const start = performance.now()
  await sendAll(running.port, requests, { connections, check })
  const { included, at } = await follow(running, before, accepted)
  return { included, rate: (included / (at - start)) * 1000 }
}

/**
 * Signed transfers over HTTP, from the first request to the block with the last of them. A fresh node gets the same load twice: the first
 * says how fast it is right after its start, the second how fast once it is warm.
 */
export function throughput(peer: RpcPeer, extent: Extent, { size, connections, times }: Load): Contender {
  return {
    name: peer.name,
    isOwn: peer.name === 'aelf',
    measure: () =>
      withPeer(peer, extent, async (running, clock) => {
        const count = sized(peer.transfers * times, extent)
        const load = async (from: number) => {
          const requests = requestsOf(running, await running.sign({ from, count, inRow: size === 1 ? 1 : 10 }), size)
          // Signing takes seconds: connections that the other side has closed meanwhile are noticed before they are used.
          await pause(100)
          clock()
          return includeAll(running, requests, connections)
        }
        const first = await load(0)
        const second = await load(count)
        // The Ethereum nodes may lose some, as the README says; this program may not.
        if (peer.name === 'aelf' && second.included < count) throw new Error(`aelf included only ${second.included}`)
        if (second.included === 0) throw new Error(`${peer.name} included nothing`)
        return { value: second.rate, first: first.rate }
      }),
  }
}

/** From a transaction to its acceptance, which follows the check of its signature: one connection, one at a time. */
export function submitLatency(peer: RpcPeer, extent: Extent): Contender {
  return {
    name: peer.name,
    isOwn: peer.name === 'aelf',
    measure: () =>
      withPeer(peer, extent, async (running, clock) => {
        const requests = requestsOf(
          running,
          await running.sign({ from: 0, count: sized(LATENCIES, extent), inRow: 1 }),
          1,
        )
        clock()
        const check = (body: string): void => {
          if (!body.includes('"result"')) throw new Error(body.slice(0, 300))
        }
        return median(await sendAll(running.port, requests, { connections: 1, check }))
      }),
  }
}

/** Balances over HTTP, after a tenth of them to warm up. */
export function reads(peer: RpcPeer, extent: Extent): Contender {
  return {
    name: peer.name,
    isOwn: peer.name === 'aelf',
    measure: () =>
      withPeer(peer, extent, async ({ port, account }, clock) => {
        const count = sized(READS, extent)
        const request = httpRequest(port, entry('eth_getBalance', 1, `"${account}","latest"`))
        const all = Array.from({ length: count }, () => request)
        const check = (body: string): void => {
          if (!body.includes('"result"')) throw new Error(body.slice(0, 300))
        }
        await sendAll(port, all.slice(0, count / 10), { connections: CONNECTIONS, check })
        clock()
        const start = performance.now()
        await sendAll(port, all, { connections: CONNECTIONS, check })
        return (count / (performance.now() - start)) * 1000
      }),
  }
}

/** Everything is submitted first; the clock runs for the one call that makes a block of it. */
export function miningCall(peer: RpcPeer, extent: Extent): Contender {
  return {
    name: `${peer.name}, evm_mine`,
    isOwn: false,
    measure: () =>
      withPeer(peer, 'manual', async (running, clock) => {
        const transactions = await running.sign({
          from: 0,
          count: sized(Math.min(peer.transfers, 10_000), extent),
          inRow: 10,
        })
        const before = await heightOf(running)
        await sendAll(running.port, requestsOf(running, transactions, BATCH), {
          connections: BATCH_CONNECTIONS,
          check: () => undefined,
        })
        clock()
        const start = performance.now()
        await call(running.port, 'evm_mine')
        const ms = performance.now() - start
        const mined = await running.transactionsIn(before + 1)
        if (mined === 0) throw new Error(`${peer.name} mined nothing`)
        return (mined / ms) * 1000
      }),
  }
}
