import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { scheduleAt } from '#consensus/dpos'
import { createSerialExecutor } from '#executor'
import { type Block, type SignedTransaction, sealHeader } from '#kernel'
import {
  type Authenticator,
  createAuthenticator,
  createNode,
  createRecoverPool,
  createSystemClock,
  type RecoverPool,
  type RunningNode,
} from '#node'
import { createMemoryNetwork, type MemoryNetwork } from '#p2p'
import { bytesToHex, hexToBytes, type KeyValue, type Net, signDigest } from '#primitives'
import { createGroupCommit, openLevelStore } from '#store'
import { SILENT, signTransfers, type World } from './fixtures.ts'
import { type Candidate, interleave, limitRow, type Section } from './harness.ts'
import { openLimit } from './limit.ts'

const FULL_BLOCKS = 5
const FULL = 2000
/** On top of the full ones, so that these are irreversible when headers are compared. */
const LAST_BLOCKS = 16
/** The late joiner goes by headers from here on, also where the chain is short. */
const FAR_BLOCKS = 4n
const KEEP_STATES = 80

/** A synced LevelDB in a directory of its own. */
export interface Disk {
  readonly store: KeyValue
  remove(): Promise<void>
}

export async function openDisk(): Promise<Disk> {
  const directory = await mkdtemp(join(tmpdir(), 'aelf-bench-'))
  const store = createGroupCommit(await openLevelStore(join(directory, 'db')))
  return {
    store,
    async remove() {
      await store.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

export function createPooledAuthenticator({ chain }: World, pool: RecoverPool): Authenticator {
  const executor = createSerialExecutor(chain.registry)
  return createAuthenticator({ exec: pool, network: chain.network, method: (tx) => executor.methodOf(tx) })
}

/** Builds and seals the next block of the chain's one producer; undefined when the slot is not its own. */
export async function nextBlock(
  { producer }: World,
  { ledger }: Pick<RunningNode, 'ledger'>,
  at: { readonly slot: bigint; readonly candidates: readonly SignedTransaction[] },
): Promise<Block | undefined> {
  const { slot, candidates } = at
  if (scheduleAt(ledger.headState(), slot)?.producer !== producer.address) return undefined
  const { height } = ledger.head().header
  const built = await ledger.buildBlock({
    slot,
    producer: producer.address,
    candidates,
    propose: (summary) => ({
      slot,
      producer: producer.address,
      summary,
      generatedHeight: height,
      preimageOf: (anchor) => producer.reveals.preimageOf(anchor),
    }),
  })
  if (built === undefined || built.transactions.length !== candidates.length)
    throw new Error(`no block in slot ${slot}`)
  const signature = bytesToHex(signDigest(hexToBytes(built.hash), producer.privateKey))
  return { header: sealHeader(built.header, signature), transactions: built.transactions }
}

/** Blocks that a peer has and a node that comes late has not. */
export interface Written {
  readonly world: World
  readonly giver: RunningNode
  readonly network: MemoryNetwork
  close(): Promise<void>
}

/** A peer with a chain on disk: `full` blocks of transfers, then empty ones. It serves whoever joins. */
export async function writeChain(
  world: World,
  blocks: { readonly full: number; readonly empty: number; readonly transfers?: number },
): Promise<Written> {
  const clock = createSystemClock()
  const network = createMemoryNetwork({ clock })
  const disk = await openDisk()
  const ports = { chain: world.chain, clock, store: disk.store, logger: SILENT }
  const giver = await createNode(
    { name: 'giver', keepStates: KEEP_STATES, relay: false },
    { ...ports, net: network.join('giver') },
  )
  const { ledger } = giver
  let left = blocks.full
  for (let slot = 1n; ledger.head().header.height < BigInt(blocks.full + blocks.empty); slot += 1n) {
    const candidates = left > 0 ? signTransfers(world, blocks.transfers ?? FULL) : []
    const block = await nextBlock(world, giver, { slot, candidates })
    if (block === undefined) continue
    left -= 1
    await ledger.importBlock(block)
  }
  giver.start()
  return {
    world,
    giver,
    network,
    async close() {
      await giver.stop()
      await disk.remove()
    },
  }
}

let joined = 0

/** Joins the network when its node begins to listen, so that it hears its peers greet it. */
function joinLater(network: MemoryNetwork, name: string): Net {
  let joined: Net | undefined
  const net = (): Net => {
    joined ??= network.join(name)
    return joined
  }
  return {
    broadcast: (message) => net().broadcast(message),
    send: (peer, message) => net().send(peer, message),
    onMessage: (handler) => net().onMessage(handler),
    onPeer: (handler) => net().onPeer(handler),
    judge: (peer, conduct) => net().judge(peer, conduct),
    peers: () => net().peers(),
  }
}

/** An empty disk for a node that comes late. */
export interface Late {
  /** Starts a node, joins and catches up; resolves when its head is the giver's, on disk. */
  catchUp(progress?: (height: bigint) => void): Promise<void>
  close(): Promise<void>
}

export async function openLate({ world, giver, network }: Written, pool: RecoverPool): Promise<Late> {
  joined += 1
  const name = `late ${joined}`
  const disk = await openDisk()
  const options = { name, keepStates: KEEP_STATES, relay: false, farBlocks: FAR_BLOCKS }
  let late: RunningNode | undefined
  return {
    async catchUp(progress) {
      const node = await createNode(options, {
        chain: world.chain,
        clock: createSystemClock(),
        net: joinLater(network, name),
        store: disk.store,
        logger: SILENT,
        authenticator: createPooledAuthenticator(world, pool),
      })
      late = node
      const target = giver.ledger.head().header.hash
      const done = new Promise<void>((resolve) => {
        node.api.subscribe((event) => {
          if (event.kind !== 'head') return
          progress?.(event.header.height)
          if (event.header.hash === target) resolve()
        })
      })
      node.start()
      await done
    },
    async close() {
      await late?.stop()
      network.leave(name)
      await disk.remove()
    },
  }
}

function joining(
  written: Written,
  pool: RecoverPool,
  row: { readonly name: string; readonly units: number },
): Candidate {
  let late: Late | undefined
  return {
    name: row.name,
    async before() {
      late = await openLate(written, pool)
    },
    async run() {
      await late?.catchUp()
      return row.units
    },
    async after() {
      await late?.close()
    },
  }
}

/** A late joiner importing a chain over the memory network, its peer in the same process: headers first, bodies in parallel. */
export async function measureSync(
  world: World,
  { rounds, blocks }: { readonly rounds: number; readonly blocks: number },
): Promise<Section> {
  const pool = createRecoverPool()
  const machine = openLimit()
  const empty = await writeChain(world, { full: 0, empty: blocks })
  const full = await writeChain(world, { full: FULL_BLOCKS, empty: LAST_BLOCKS })
  try {
    const [limit, emptyRates, fullRates] = await interleave(
      [
        machine.candidate,
        joining(empty, pool, { name: `blocks imported, ${blocks} empty ones`, units: blocks }),
        joining(full, pool, {
          name: `transfers imported, ${FULL_BLOCKS} blocks of ${FULL}`,
          units: FULL_BLOCKS * FULL,
        }),
      ],
      rounds,
    )
    if (limit === undefined || emptyRates === undefined || fullRates === undefined) throw new Error('no samples')
    return {
      title: 'A late joiner, synced LevelDB, memory network, giver and joiner in one process',
      rows: [limitRow(limit, '/s', limit), limitRow(emptyRates, 'blocks/s', limit), limitRow(fullRates, 'tx/s', limit)],
    }
  } finally {
    await Promise.all([empty.close(), full.close(), pool.close(), machine.close()])
  }
}
