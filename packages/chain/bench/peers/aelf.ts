import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { asAddress } from '#primitives'
import { createRpcClient } from '#rpc/client'
import { accountOf } from '../fixtures.ts'
import { devSigners, signEnvelopes, startNodeProcess, stopNodeProcess } from '../nodeProcess.ts'
import { call, callAll, pause } from './control.ts'
import type { RpcPeer, RunningPeer } from './types.ts'

const SENDERS = 1000
const FUNDS = 1000n * 100_000_000n
const FUNDED_MS = 60_000
const SIGNED_TOGETHER = 20_000

async function fund(url: string, port: number, senders: readonly ReturnType<typeof accountOf>[]): Promise<void> {
  const client = createRpcClient({ url })
  const gifts = await signEnvelopes(client, await devSigners(client), {
    count: senders.length,
    amount: FUNDS,
    to: (index) => asAddress(senders[index]?.address ?? ''),
  })
  await callAll(
    port,
    gifts.map((gift) => ['aelf_sendTransaction', [gift]] as const),
  )
  const limit = performance.now() + FUNDED_MS
  const last = senders.at(-1)?.address ?? ''
  while (BigInt(String(await call(port, 'eth_getBalance', [last]))) === 0n) {
    if (performance.now() > limit) throw new Error('the senders were not funded')
    await pause(50)
  }
}

async function start(slotMs: number): Promise<RunningPeer> {
  const directory = await mkdtemp(join(tmpdir(), 'aelf-bench-'))
  const node = await startNodeProcess({ directory, slotMs })
  const { port, url } = node
  const senders = Array.from({ length: SENDERS }, (_, index) => accountOf(`sender ${index}`))
  await fund(url, port, senders)
  const client = createRpcClient({ url })
  return {
    process: node.process,
    port,
    submits: 'aelf_sendTransaction',
    submitsTogether: 'aelf_sendTransactions',
    accepted: '"id":"0x',
    account: senders[0]?.address ?? '',
    async sign({ count }) {
      const signed: string[] = []
      // In parts, so that the marks of all are fresh.
      while (signed.length < count)
        signed.push(
          ...(await signEnvelopes(client, senders, { count: Math.min(SIGNED_TOGETHER, count - signed.length) })),
        )
      return signed
    },
    async transactionsIn(height) {
      return (await client.request('aelf_getBlock', [String(height), { transactions: 'ids' }])).transactions.length
    },
    async stop() {
      await stopNodeProcess(node)
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** The program of this repository: one delegate, every accepted transaction and every block synced to disk. */
export const aelfPeer: RpcPeer = {
  name: 'aelf',
  transfers: 40_000,
  start(mining) {
    if (mining === 'manual') throw new Error('it makes its blocks by the clock')
    return start(mining.slotMs)
  },
}
