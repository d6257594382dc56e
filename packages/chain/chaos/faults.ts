import { type ChildProcess, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Prng } from '#primitives'
import { type ChaosNode, type Cluster, sleep } from './cluster.ts'
import { type FaultContext, lasting, names } from './faultContext.ts'
import { badLinks, flapping, oneWay, partition } from './linkFaults.ts'
import { awaitEnd, EndedEarly, end, launch } from './process.ts'
import { twinFolder, twinKey } from './twinFaults.ts'

/** One kind of fault: makes it, lets it last, and takes it away again. */
export interface Fault {
  readonly name: string
  /** How often it is drawn, against the others. */
  readonly weight: number
  /** What of this machine it needs; left out: nothing. */
  possible?(): boolean
  run(context: FaultContext): Promise<string>
}

const FAKE_CLOCK = [
  '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1',
  '/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1',
]
const clockLibrary = (): string | undefined => FAKE_CLOCK.find((path) => existsSync(path))
const can = (command: string, args: readonly string[]): boolean =>
  spawnSync(command, args, { stdio: 'ignore' }).status === 0
const isRoot = (): boolean => process.getuid?.() === 0

async function killSome(context: FaultContext, count: number): Promise<string> {
  const { cluster, prng } = context
  const chosen = prng.shuffle(cluster.nodes).slice(0, count)
  await Promise.all(chosen.map((node) => cluster.end(node, 'SIGKILL')))
  await sleep(prng.int(context.slotMs * 8))
  await Promise.all(chosen.map((node) => cluster.start(node)))
  return names(chosen)
}

/** A start takes about so long. */
const STARTING_MS = 2_500

/** A start that is killed several times before it is let through. */
async function killStarting(context: FaultContext): Promise<string> {
  const { cluster, prng } = context
  const node = prng.pick(cluster.nodes)
  await cluster.end(node, 'SIGKILL')
  for (let count = 0; count < 3; count += 1) {
    let child: ChildProcess | undefined
    const starting = launch(node.member, {
      spawned: (one) => {
        child = one
      },
    }).then(
      (running) => end(running, 'SIGKILL'),
      () => undefined,
    )
    await sleep(prng.int(STARTING_MS))
    child?.kill('SIGKILL')
    await starting
  }
  await cluster.start(node)
  return node.name
}

async function freeze(context: FaultContext): Promise<string> {
  const { cluster, prng } = context
  const chosen = prng.shuffle(cluster.up()).slice(0, 1 + prng.int(2))
  for (const node of chosen) cluster.freeze(node)
  await lasting(context, 16)
  for (const node of chosen) cluster.thaw(node)
  return names(chosen)
}

async function stopOne(context: FaultContext): Promise<string> {
  const { cluster, prng } = context
  const node = prng.pick(cluster.nodes)
  const ms = await cluster.end(node, 'SIGTERM')
  await cluster.start(node)
  return `${node.name} stopped in ${ms} ms`
}

async function skew(context: FaultContext): Promise<string> {
  const { cluster, prng, slotMs } = context
  const node = prng.pick(cluster.producers())
  const offset = (prng.bool() ? 1 : -1) * slotMs * (1 + prng.int(6))
  const env = {
    LD_PRELOAD: clockLibrary() ?? '',
    FAKETIME: `${offset < 0 ? '-' : '+'}${(Math.abs(offset) / 1000).toFixed(3)}`,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  }
  await cluster.end(node, 'SIGKILL')
  await cluster.start(node, { env })
  await lasting(context, 14)
  await cluster.end(node, 'SIGKILL')
  await cluster.start(node)
  return `${node.name} by ${offset} ms`
}

/** What a process that cannot write must end with. */
const STORAGE_CODE = 5
const END_MS = 60_000

async function endOf(cluster: Cluster, { running }: ChaosNode): Promise<number | null | 'runs'> {
  return running === undefined ? null : awaitEnd(running, cluster.patience(END_MS))
}

async function diskFull(context: FaultContext): Promise<string> {
  const { cluster, prng } = context
  const node = prng.pick(cluster.nodes)
  const { dataDir } = node.member
  const kept = await cluster.end(node, 'SIGKILL').then(() => cluster.backup(node, 'aside'))
  await rm(dataDir, { recursive: true })
  await mkdir(dataDir, { mode: 0o700 })
  if (
    !can('mount', ['-t', 'tmpfs', '-o', `size=${(await sizeOf(kept)) + 6 * 1024 * 1024},mode=700`, 'tmpfs', dataDir])
  ) {
    await cluster.restore(node, kept)
    await cluster.start(node)
    return 'not possible here'
  }
  let code: number | null | 'runs' = null
  try {
    await cp(kept, dataDir, { recursive: true })
    node.expected = true
    await cluster.start(node)
    await fill(join(dataDir, 'ballast'))
    code = await endOf(cluster, node)
    await cluster.end(node, 'SIGKILL')
    await rm(join(dataDir, 'ballast'), { force: true })
    await rm(kept, { recursive: true })
    await cp(dataDir, kept, { recursive: true })
  } finally {
    node.expected = false
    can('umount', ['-l', dataDir])
  }
  await cluster.restore(node, kept)
  await cluster.start(node)
  if (code !== STORAGE_CODE)
    cluster.ledger.breach('ended', `${node.name} on a full disk: ${code}, expected to end with ${STORAGE_CODE}`)
  return `${node.name} ended with ${code}`
}

async function sizeOf(place: string): Promise<number> {
  let bytes = 0
  for (const entry of await readdir(place, { recursive: true })) bytes += (await stat(join(place, entry))).size
  return bytes
}

async function fill(path: string): Promise<void> {
  for (const bytes of [1 << 20, 1 << 12, 1]) {
    for (let count = 0; count < 64; count += 1) {
      try {
        await writeFile(path, new Uint8Array(bytes), { flag: 'a' })
      } catch {
        break
      }
    }
  }
}

async function syncError(context: FaultContext): Promise<string> {
  const { cluster, prng } = context
  const node = prng.pick(cluster.producers())
  await cluster.end(node, 'SIGKILL')
  const at = 20 + prng.int(60)
  const wrapper = [
    'strace',
    '-f',
    '-qq',
    '-o',
    '/dev/null',
    '-e',
    'trace=fsync,fdatasync',
    '-e',
    `inject=fsync,fdatasync:error=EIO:when=${at}+`,
  ]
  node.expected = true
  let code: number | null | 'runs' = null
  try {
    await cluster.start(node, { wrapper, env: { UV_THREADPOOL_SIZE: '1' } })
    code = await endOf(cluster, node)
  } catch (error) {
    if (!(error instanceof EndedEarly)) throw error
    code = error.ended.code
  }
  await cluster.end(node, 'SIGKILL')
  node.expected = false
  await cluster.start(node)
  if (code !== STORAGE_CODE)
    cluster.ledger.breach('ended', `${node.name} with failing syncs: ${code}, expected to end with ${STORAGE_CODE}`)
  return `${node.name} from sync ${at} on, ended with ${code}`
}

/** The folder of some time ago comes back, as after a bad restore. */
async function oldBackup(context: FaultContext): Promise<string> {
  const { cluster, prng, slotMs } = context
  const node = prng.pick(cluster.producers())
  await cluster.end(node, 'SIGTERM')
  const place = await cluster.backup(node, 'old')
  await cluster.start(node)
  await sleep(slotMs * (8 + prng.int(20)))
  await cluster.end(node, prng.bool() ? 'SIGTERM' : 'SIGKILL')
  await cluster.restore(node, place)
  await cluster.start(node)
  return node.name
}

/** All kinds of faults. */
export const faults: readonly Fault[] = [
  { name: 'kill one', weight: 10, run: (context) => killSome(context, 1) },
  { name: 'kill two', weight: 4, run: (context) => killSome(context, 2) },
  { name: 'kill all', weight: 3, run: (context) => killSome(context, context.cluster.nodes.length) },
  { name: 'kill while starting', weight: 3, run: killStarting },
  { name: 'stop and start', weight: 5, run: stopOne },
  { name: 'freeze', weight: 6, run: freeze },
  { name: 'cut off a minority', weight: 6, run: (context) => partition(context, 1) },
  {
    name: 'cut in halves',
    weight: 6,
    run: (context) => partition(context, Math.floor(context.cluster.nodes.length / 2)),
  },
  { name: 'one way', weight: 5, run: oneWay },
  { name: 'flapping', weight: 4, run: flapping },
  {
    name: 'slow links',
    weight: 5,
    run: (context) => badLinks(context, { delayMs: 40 + context.prng.int(200), jitterMs: 40 }),
  },
  {
    name: 'narrow links',
    weight: 2,
    run: (context) => badLinks(context, { bytesPerSecond: 20_000 + context.prng.int(100_000) }),
  },
  {
    name: 'breaking links',
    weight: 3,
    run: (context) => badLinks(context, { breakChance: 20 + context.prng.int(100) }),
  },
  {
    name: 'damaged bytes',
    weight: 3,
    run: (context) => badLinks(context, { corruptChance: 30, duplicateChance: 30, reorderChance: 30 }),
  },
  {
    name: 'deaf links',
    weight: 3,
    run: (context) => badLinks(context, { deafAfter: 2_000 + context.prng.int(20_000) }),
  },
  {
    name: 'truncated links',
    weight: 2,
    run: (context) => badLinks(context, { truncateAfter: 2_000 + context.prng.int(20_000) }),
  },
  { name: 'stalling links', weight: 2, run: (context) => badLinks(context, { stallChance: 50, stallMs: 500 }) },
  { name: 'wrong clock', weight: 4, possible: () => clockLibrary() !== undefined, run: skew },
  { name: 'full disk', weight: 3, possible: isRoot, run: diskFull },
  { name: 'failing syncs', weight: 3, possible: () => can('strace', ['-V']), run: syncError },
  { name: 'one key twice', weight: 3, run: twinKey },
  { name: 'one folder twice', weight: 3, run: twinFolder },
  { name: 'old backup', weight: 3, run: oldBackup },
]

/** A kind of fault that this machine can make. */
export function drawFault(prng: Prng, only?: readonly string[]): Fault {
  const open = faults.filter(
    ({ name, possible }) => (only === undefined || only.includes(name)) && (possible?.() ?? true),
  )
  let at = prng.int(open.reduce((sum, { weight }) => sum + weight, 0))
  for (const fault of open) {
    at -= fault.weight
    if (at < 0) return fault
  }
  throw new Error('no fault is possible here')
}
