import { cp, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ChaosNode, type Cluster, sleep } from './cluster.ts'
import type { FaultContext } from './faultContext.ts'
import { configOf } from './folders.ts'
import { awaitEnd, EndedEarly, end, launch } from './process.ts'

const END_MS = 60_000

/** A producer that signs; when nobody has since the last fault, somebody will within a few rounds. */
async function signer({ cluster, prng, slotMs }: FaultContext): Promise<ChaosNode | undefined> {
  for (const patience = cluster.patience(END_MS); !patience.isOver(); await sleep(slotMs)) {
    const signers = cluster.signers()
    if (signers.length > 0) return prng.pick(signers)
  }
  return undefined
}

/**
 * A second process with the key of a signing producer and a data folder of its own: it must notice, and never sign. Of two that watch
 * for their key either may go on, so the first one is not chosen before it has made a block.
 */
export async function twinKey(context: FaultContext): Promise<string> {
  const { cluster } = context
  const node = await signer(context)
  if (node === undefined) return 'nobody signs'
  const folder = join(cluster.folders.plan.folder, 'twin')
  await rm(folder, { recursive: true, force: true })
  await mkdir(join(folder, 'data'), { recursive: true, mode: 0o700 })
  for (const file of ['genesis.json', 'keystore.json', 'password'])
    await cp(join(node.member.folder, file), join(folder, file))
  const twin = {
    ...node.member,
    name: 'twin',
    folder,
    dataDir: join(folder, 'data'),
    config: join(folder, 'aelf.yaml'),
  }
  const peers = cluster.nodes.flatMap((other) =>
    other.running === undefined ? [] : [`/ip4/127.0.0.1/tcp/${other.running.p2pPort}/p2p/${other.member.peerId}`],
  )
  await writeFile(twin.config, configOf(twin, peers))
  return `twin of ${node.name} ended with ${await codeOf(() => launch(twin), cluster, 7)}`
}

/** A second process on the folder of a running node: it must end with 6. */
export async function twinFolder(context: FaultContext): Promise<string> {
  const { cluster, prng } = context
  const node = prng.pick(cluster.up())
  return `second process of ${node.name} ended with ${await codeOf(() => launch(node.member), cluster, 6)}`
}

async function codeOf(
  start: () => ReturnType<typeof launch>,
  cluster: Cluster,
  expected: number,
): Promise<number | null | 'runs'> {
  let code: number | null | 'runs'
  try {
    const running = await start()
    code = await awaitEnd(running, cluster.patience(END_MS, running.child.pid))
    await end(running, 'SIGKILL')
  } catch (error) {
    if (!(error instanceof EndedEarly)) throw error
    code = error.ended.code
  }
  if (code !== expected) cluster.ledger.breach('ended', `a second process: ${code}, expected to end with ${expected}`)
  return code
}
