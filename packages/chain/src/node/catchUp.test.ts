import { expect, test } from 'vitest'
import { createDevnetChain } from '#chains'
import { scheduleAt } from '#consensus/dpos'
import { sealHeader } from '#kernel'
import { createMemoryNetwork } from '#p2p'
import { bytesToHex, hexToBytes, type Logger, signDigest } from '#primitives'
import { createMemoryStore } from '#store'
import { createSystemClock } from './clock.ts'
import { createNode, type RunningNode } from './compose.ts'

const quiet = (): void => undefined
const logger: Logger = { debug: quiet, info: quiet, warn: quiet, error: quiet }
/** More than are imported together. */
const BLOCKS = 300
const world = createDevnetChain({
  genesisTimeMs: 1_700_000_000_000,
  slotMs: 1000,
  delegates: 1,
  backups: 0,
  seed: 'late',
})

async function produce({ ledger }: RunningNode, slot: bigint): Promise<void> {
  const delegate = world.delegates[0]
  if (delegate === undefined || scheduleAt(ledger.headState(), slot)?.producer !== delegate.address) return
  const generatedHeight = ledger.head().header.height
  const built = await ledger.buildBlock({
    slot,
    producer: delegate.address,
    candidates: [],
    propose: (summary) => ({
      ...{ slot, producer: delegate.address, summary, generatedHeight },
      preimageOf: (anchor) => delegate.reveals.preimageOf(anchor),
    }),
  })
  if (built === undefined) throw new Error('no block')
  const signature = bytesToHex(signDigest(hexToBytes(built.hash), delegate.privateKey))
  await ledger.importBlock({ header: sealHeader(built.header, signature), transactions: built.transactions })
}

test('behavior: a node that keeps few blocks in memory imports each block once when it catches up', async () => {
  const clock = createSystemClock()
  const network = createMemoryNetwork({ clock })
  const open = (name: string): Promise<RunningNode> =>
    createNode(
      { name, keepStates: 8, relay: false, farBlocks: 4n },
      { chain: world.chain, clock, net: network.join(name), store: createMemoryStore(), logger },
    )
  const giver = await open('giver')
  for (let slot = 1n; giver.ledger.head().header.height < BLOCKS; slot += 1n) await produce(giver, slot)
  giver.start()
  const late = await open('late')
  const handed: bigint[] = []
  const importBlocks = late.ledger.importBlocks.bind(late.ledger)
  late.ledger.importBlocks = (blocks, options) => {
    handed.push(...blocks.map(({ header }) => header.height))
    return importBlocks(blocks, options)
  }
  const there = new Promise<void>((resolve) => {
    late.api.subscribe((event) => {
      if (event.kind === 'head' && event.header.hash === giver.ledger.head().header.hash) resolve()
    })
  })
  late.start()
  await there
  await Promise.all([giver.stop(), late.stop()])
  expect(handed.length).toBeGreaterThan(BLOCKS / 2)
  expect(new Set(handed).size).toBe(handed.length)
}, 60_000)
