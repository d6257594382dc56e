import { type Block, decodeBlock, encodeBlock } from '#kernel'
import { type Authenticator, createNode, createRecoverPool, createSystemClock, type RunningNode } from '#node'
import { createMemoryNetwork } from '#p2p'
import type { Bytes } from '#primitives'
import { SILENT, signTransfers, type World } from './fixtures.ts'
import { type Candidate, interleave, limitRow, type Section } from './harness.ts'
import { openLimit } from './limit.ts'
import { createPooledAuthenticator, type Disk, nextBlock, openDisk } from './sync.ts'

const TRANSFERS = 10_000

interface Opened {
  readonly node: RunningNode
  readonly disk: Disk
}

/** A node at genesis. */
async function openNode(world: World, authenticator: Authenticator): Promise<Opened> {
  const clock = createSystemClock()
  const disk = await openDisk()
  const net = createMemoryNetwork({ clock }).join('node')
  const ports = { chain: world.chain, clock, net, store: disk.store, logger: SILENT, authenticator }
  return { node: await createNode({ name: 'node', keepStates: 64, relay: false }, ports), disk }
}

/** The first block of a chain, full of transfers, as bytes. */
export async function writeBlock(world: World, authenticator: Authenticator, transfers: number): Promise<Bytes> {
  const { node, disk } = await openNode(world, authenticator)
  const candidates = signTransfers(world, transfers)
  let block: Block | undefined
  for (let slot = 1n; block === undefined; slot += 1n) block = await nextBlock(world, node, { slot, candidates })
  await node.stop()
  await disk.remove()
  return encodeBlock(block)
}

/** Imports a block of so many transfers into an empty node; `authenticatorOf` says whose signers it knows. */
export function importing(
  world: World,
  block: { readonly name: string; readonly bytes: Bytes; readonly transfers: number },
  authenticatorOf: () => Authenticator,
): Candidate {
  const { name, bytes, transfers } = block
  let opened: Opened | undefined
  return {
    name,
    async before() {
      opened = await openNode(world, authenticatorOf())
    },
    async run() {
      await opened?.node.ledger.importBlock(decodeBlock(bytes))
      return transfers
    },
    async after() {
      await opened?.node.stop()
      await opened?.disk.remove()
    },
  }
}

/** Importing one full block of strangers, from bytes to the synced disk. */
export async function measureForeignBlock(world: World, rounds: number): Promise<Section> {
  const pool = createRecoverPool()
  const machine = openLimit()
  const knowing = createPooledAuthenticator(world, pool)
  try {
    const bytes = await writeBlock(world, knowing, TRANSFERS)
    await knowing.authenticate(decodeBlock(bytes).transactions)
    const [limit, unknown, known] = await interleave(
      [
        machine.candidate,
        importing(world, { name: 'from bytes to disk, signers unknown', bytes, transfers: TRANSFERS }, () =>
          createPooledAuthenticator(world, pool),
        ),
        importing(
          world,
          { name: 'from bytes to disk, signers known from the pool', bytes, transfers: TRANSFERS },
          () => knowing,
        ),
      ],
      rounds,
    )
    if (limit === undefined || unknown === undefined || known === undefined) throw new Error('no samples')
    return {
      title: `Import of a foreign block of ${TRANSFERS} transfers, ${bytes.length} bytes, synced LevelDB`,
      rows: [limitRow(limit, '/s', limit), limitRow(unknown, 'tx/s', limit), limitRow(known, 'tx/s', limit)],
    }
  } finally {
    await Promise.all([pool.close(), machine.close()])
  }
}
