import { expect, test } from 'vitest'
import { createDevnetChain } from '#chains'
import { scheduleAt } from '#consensus/dpos'
import { findMethod } from '#contracts/metadata'
import { createEraExecutor, singleEra } from '#executor'
import { encodeArgs, markPrefix, type SignedTransaction, sealHeader, signTransaction } from '#kernel'
import { createMemoryNetwork } from '#p2p'
import { bytesToHex, type Exec, hexToBytes, type Logger, privateKeyToAddress, signDigest } from '#primitives'
import { createMemoryStore } from '#store'
import { createAuthenticator, inlineExec } from './authenticator.ts'
import { createSystemClock } from './clock.ts'
import { createNode, type RunningNode } from './compose.ts'
import { createTraceRing } from './traceRing.ts'

const quiet = (): void => undefined
const logger: Logger = { debug: quiet, info: quiet, warn: quiet, error: quiet }

test('default: nothing is noted while nobody looks, and a look sees what began in it', () => {
  let now = 0
  const ring = createTraceRing(() => now)
  expect(ring.step('verify', 1n)).toBeUndefined()
  expect(ring.stop()).toEqual({ spans: [], dropped: 0 })
  now = 100
  ring.start()
  const outer = ring.step('execute', 7n)
  now = 103
  const inner = ring.step('verify', 8n)
  now = 104
  inner?.()
  now = 106
  outer?.()
  ring.step('root', 9n)
  expect(ring.stop()).toEqual({
    spans: [
      { step: 'verify', height: 8n, startMs: 3, endMs: 4 },
      { step: 'execute', height: 7n, startMs: 0, endMs: 6 },
    ],
    dropped: 0,
  })
  expect(ring.step('verify', 1n)).toBeUndefined()
})

test('bounds: the newest steps are kept, and a look that nobody ends is over by itself', () => {
  let now = 0
  const ring = createTraceRing(() => now)
  ring.start()
  for (let height = 0n; height < 8200n; height += 1n) ring.step('commit', height)?.()
  const { spans, dropped } = ring.stop()
  expect([spans.length, dropped, spans[0]?.height, spans.at(-1)?.height]).toEqual([8192, 8, 8n, 8199n])
  ring.start()
  now = 600_001
  expect(ring.step('commit', 1n)).toBeUndefined()
  expect(ring.stop()).toEqual({ spans: [], dropped: 0 })
})

const FULL = 6
/** Behind the full blocks, so that headers prove these irreversible. */
const EMPTY = 16
const world = createDevnetChain({
  genesisTimeMs: 1_700_000_000_000,
  slotMs: 1000,
  delegates: 1,
  backups: 0,
  seed: 'trace',
})

function transfer(index: number): SignedTransaction {
  const method = findMethod('token', 'transfer')
  const account = world.accounts[index % world.accounts.length]
  if (method === undefined || account === undefined) throw new Error('nobody can transfer')
  const to = privateKeyToAddress(new Uint8Array(32).fill(index + 1))
  return signTransaction(
    {
      version: 1,
      walletChainId: BigInt(world.chain.genesis.chainId),
      from: account.address,
      contract: method.contractAddress,
      method: method.number,
      args: encodeArgs(method.abi, { to, symbol: 'ELF', amount: 1n }),
      refHeight: 0n,
      refHash: markPrefix(world.chain.network.genesisHash),
      feeLimit: 100_000_000n,
      nonce: `0x${index.toString(16).padStart(16, '0')}`,
    },
    { method, network: world.chain.network, privateKey: hexToBytes(account.privateKey) },
  )
}

async function produce({ ledger }: RunningNode, slot: bigint, candidates: SignedTransaction[]): Promise<boolean> {
  const delegate = world.delegates[0]
  if (delegate === undefined || scheduleAt(ledger.headState(), slot)?.producer !== delegate.address) return false
  const generatedHeight = ledger.head().header.height
  const built = await ledger.buildBlock({
    slot,
    producer: delegate.address,
    candidates,
    propose: (summary) => ({
      ...{ slot, producer: delegate.address, summary, generatedHeight },
      preimageOf: (anchor) => delegate.reveals.preimageOf(anchor),
    }),
  })
  if (built === undefined || built.transactions.length !== candidates.length) throw new Error('the block is not full')
  const signature = bytesToHex(signDigest(hexToBytes(built.hash), delegate.privateKey))
  await ledger.importBlock({ header: sealHeader(built.header, signature), transactions: built.transactions })
  return true
}

/** An executor, and threads that are as far with later blocks as real ones: not before the block in hand is executed. */
function slowThreads() {
  const waiting: (() => void)[] = []
  const release = (): void => {
    for (const go of waiting.splice(0)) go()
  }
  const plain = createEraExecutor(singleEra(world.chain.first))
  const executor = Object.assign(Object.create(plain) as typeof plain, {
    execute: (...input: Parameters<typeof plain.execute>) => {
      const result = plain.execute(...input)
      release()
      return result
    },
  })
  const exec: Exec = {
    async recoverBatch(jobs, options) {
      if (options?.ahead === true) {
        await new Promise<void>((resolve) => {
          waiting.push(resolve)
          setTimeout(resolve, 1000)
        })
      }
      return inlineExec.recoverBatch(jobs)
    },
  }
  const network = world.chain.network
  return { executor, authenticator: createAuthenticator({ exec, network, method: (tx) => plain.methodOf(tx) }) }
}

test('behavior: a node that catches up verifies the next block while it executes one', async () => {
  const clock = createSystemClock()
  const network = createMemoryNetwork({ clock })
  const open = (name: string, parts = {}): Promise<RunningNode> =>
    createNode(
      { name, keepStates: 64, relay: false, farBlocks: 4n },
      { chain: world.chain, clock, net: network.join(name), store: createMemoryStore(), logger, ...parts },
    )
  const giver = await open('giver')
  let full = 0
  for (let slot = 1n; giver.ledger.head().header.height < FULL + EMPTY; slot += 1n) {
    const candidates = full < FULL ? [0, 1, 2, 3].map((index) => transfer(full * 4 + index)) : []
    if (await produce(giver, slot, candidates)) full += 1
  }
  giver.start()
  const late = await open('late', slowThreads())
  late.trace.start()
  const there = new Promise<void>((resolve) => {
    late.api.subscribe((event) => {
      if (event.kind === 'head' && event.header.hash === giver.ledger.head().header.hash) resolve()
    })
  })
  late.start()
  await there
  const { spans } = late.trace.stop()
  await Promise.all([giver.stop(), late.stop()])
  for (const step of ['verify', 'execute', 'root', 'commit']) expect(spans.map((span) => span.step)).toContain(step)
  const overlapping = spans.filter(
    (verify) =>
      verify.step === 'verify' &&
      spans.some(
        (execute) =>
          execute.step === 'execute' &&
          execute.height === verify.height - 1n &&
          verify.startMs <= execute.startMs &&
          verify.endMs >= execute.endMs,
      ),
  )
  expect(overlapping.map(({ height }) => height)).toContain(2n)
})
