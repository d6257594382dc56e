import { scheduleAt } from '#consensus/dpos'
import { createSerialExecutor } from '#executor'
import { type SignedTransaction, sealHeader } from '#kernel'
import { createAuthenticator, createNode, createRecoverPool, createSystemClock, type RunningNode } from '#node'
import { createMemoryNetwork, type MemoryNetwork } from '#p2p'
import { bytesToHex, hexToBytes, type Logger, signDigest } from '#primitives'
import { createMemoryStore } from '#store'
import { signTransfers, type World } from './fixtures.ts'
import { type Candidate, interleave, rateRow, type Section } from './harness.ts'

const FULL_BLOCKS = 10
const FULL = 2000
const quiet = (): void => undefined
const SILENT: Logger = { debug: quiet, info: quiet, warn: quiet, error: quiet }

/** Blocks that peers have and a node that comes late has not. */
export interface Written {
  readonly world: World
  readonly giver: RunningNode
  readonly network: MemoryNetwork
}

/** A peer with a chain: `full` blocks of transfers, then empty ones. It and its namesakes serve whoever joins. */
export async function writeChain(
  world: World,
  blocks: { readonly full: number; readonly empty: number; readonly transfers?: number },
): Promise<Written> {
  const clock = createSystemClock()
  const network = createMemoryNetwork({ clock })
  const ports = { chain: world.chain, clock, store: createMemoryStore(), logger: SILENT }
  const giver = await createNode(
    { name: 'giver 0', keepStates: 80, relay: false },
    { ...ports, net: network.join('giver 0') },
  )
  const { ledger } = giver
  const { address, privateKey, reveals } = world.producer
  let left = blocks.full
  for (let slot = 1n; ledger.head().header.height < BigInt(blocks.full + blocks.empty); slot += 1n) {
    if (scheduleAt(ledger.headState(), slot)?.producer !== address) continue
    const candidates: SignedTransaction[] = left > 0 ? signTransfers(world, blocks.transfers ?? FULL) : []
    left -= 1
    const { height } = ledger.head().header
    const built = await ledger.buildBlock({
      slot,
      producer: address,
      candidates,
      propose: (summary) => ({
        slot,
        producer: address,
        summary,
        generatedHeight: height,
        preimageOf: (anchor) => reveals.preimageOf(anchor),
      }),
    })
    if (built === undefined) throw new Error(`no block in slot ${slot}`)
    const signature = bytesToHex(signDigest(hexToBytes(built.hash), privateKey))
    await ledger.importBlock({ header: sealHeader(built.header, signature), transactions: built.transactions })
  }
  giver.start()
  return { world, giver, network }
}

let joined = 0

/** A new node joins with an empty memory store and catches up; resolves when its head is the giver's. */
export async function catchUp({ world, giver, network }: Written, progress?: (height: bigint) => void): Promise<void> {
  joined += 1
  const name = `late ${joined}`
  const { chain } = world
  const pool = createRecoverPool()
  const executor = createSerialExecutor(chain.registry)
  const method = (tx: Parameters<typeof executor.methodOf>[0]): ReturnType<typeof executor.methodOf> =>
    executor.methodOf(tx)
  const authenticator = createAuthenticator({ exec: pool, network: chain.network, method })
  const ports = {
    chain,
    clock: createSystemClock(),
    net: network.join(name),
    store: createMemoryStore(),
    logger: SILENT,
  }
  const late = await createNode({ name, keepStates: 80, relay: false }, { ...ports, authenticator })
  const target = giver.ledger.head().header
  const done = new Promise<void>((resolve) => {
    late.api.subscribe((event) => {
      if (event.kind !== 'head') return
      progress?.(event.header.height)
      if (event.header.hash === target.hash) resolve()
    })
  })
  late.start()
  await done
  await late.stop()
  network.leave(name)
  await pool.close()
}

/** A late joiner importing a chain over the memory network, its peer in the same process: headers first, bodies in parallel. */
export async function measureSync(
  world: World,
  limit: { readonly name: string; readonly value: number },
  { rounds, blocks }: { readonly rounds: number; readonly blocks: number },
): Promise<Section> {
  const empty = await writeChain(world, { full: 0, empty: blocks })
  const full = await writeChain(world, { full: FULL_BLOCKS, empty: 80 })
  const candidates: Candidate[] = [
    {
      name: `blocks imported, ${blocks} empty ones`,
      async run() {
        await catchUp(empty)
        return blocks
      },
    },
    {
      name: `transfers imported, ${FULL_BLOCKS} blocks of ${FULL}`,
      async run() {
        await catchUp(full)
        return FULL_BLOCKS * FULL
      },
    },
  ]
  const [emptyRates, fullRates] = await interleave(candidates, rounds)
  await empty.giver.stop()
  await full.giver.stop()
  const rows = [
    ...(emptyRates === undefined ? [] : [rateRow(emptyRates, 'blocks/s', limit)]),
    ...(fullRates === undefined ? [] : [rateRow(fullRates, 'tx/s', limit)]),
  ]
  return { title: 'A late joiner, memory store, memory network, giver and joiner in one process', rows }
}
