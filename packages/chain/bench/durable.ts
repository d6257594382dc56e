import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { ClassicLevel } from 'classic-level'
import { createNode, createSystemClock, type RunningNode } from '#node'
import { createMemoryNetwork } from '#p2p'
import type { KeyValue, KvOp } from '#primitives'
import { createWorld, SILENT, signTransfers, type World } from './fixtures.ts'
import { median, type Section } from './harness.ts'
import { nextBlock, openDisk } from './sync.ts'

/** From as many accounts to as many others: two values for each transfer. */
const TRANSFERS = 10_000

interface Recorded extends KeyValue {
  /** What was written since it was last asked. */
  take(): KvOp[]
}

function recording(store: KeyValue): Recorded {
  let written: KvOp[] = []
  return {
    get: (key) => store.get(key),
    getMany: (keys) => store.getMany(keys),
    range: (options) => store.range(options),
    close: () => store.close(),
    write(ops, options) {
      written.push(...ops)
      return store.write(ops, options)
    },
    take() {
      const taken = written
      written = []
      return taken
    },
  }
}

/** One synced batch, as the store's package takes it. */
async function writeRaw(level: ClassicLevel<Uint8Array, Uint8Array>, ops: readonly KvOp[]): Promise<number> {
  const batch = ops.map((op) =>
    'put' in op ? { type: 'put' as const, key: op.put[0], value: op.put[1] } : { type: 'del' as const, key: op.del },
  )
  const start = performance.now()
  await level.batch(batch, { sync: true })
  return performance.now() - start
}

/** Builds the next full block and adopts it. Answers how long its commit took and what it wrote. */
async function commit(
  world: World,
  node: RunningNode,
  store: Recorded,
  from: bigint,
): Promise<{ readonly ms: number; readonly ops: KvOp[]; readonly slot: bigint }> {
  const candidates = signTransfers(world, TRANSFERS)
  for (let slot = from; ; slot += 1n) {
    const block = await nextBlock(world, node, { slot, candidates })
    if (block === undefined) continue
    store.take()
    node.trace.start()
    await node.ledger.importBlock(block)
    const span = node.trace.stop().spans.find(({ step }) => step === 'commit')
    if (span === undefined) throw new Error('the commit was not seen')
    return { ms: span.endMs - span.startMs, ops: store.take(), slot: slot + 1n }
  }
}

const bytesOf = (ops: readonly KvOp[]): number =>
  ops.reduce((sum, op) => sum + ('put' in op ? op.put[0].length + op.put[1].length : op.del.length), 0)

/** What it takes to make a block durable that is checked and executed, against LevelDB writing the same bytes. By the clock. */
export async function measureDurable(rounds: number): Promise<Section> {
  const world = createWorld(TRANSFERS)
  const directory = await mkdtemp(join(tmpdir(), 'aelf-bench-'))
  const level = new ClassicLevel<Uint8Array, Uint8Array>(directory, { keyEncoding: 'view', valueEncoding: 'view' })
  const disk = await openDisk()
  const clock = createSystemClock()
  const store = recording(disk.store)
  const net = createMemoryNetwork({ clock }).join('node')
  const node = await createNode(
    { name: 'node', keepStates: 64, relay: false },
    { chain: world.chain, clock, net, store, logger: SILENT },
  )
  try {
    const own: number[] = []
    const raw: number[] = []
    let slot = 1n
    let ops: KvOp[] = []
    // The first two warm up: from the third on, each write also makes an earlier block irreversible.
    for (let round = -2; round < rounds; round += 1) {
      const done = await commit(world, node, store, slot)
      const rawMs = await writeRaw(level, done.ops)
      ;({ slot, ops } = done)
      if (round < 0) continue
      own.push(done.ms)
      raw.push(rawMs)
    }
    const base = 'times the raw write'
    const ratio = median(own.map((ms, round) => ms / (raw[round] ?? Number.NaN)))
    const size = `${ops.length.toLocaleString('en')} entries, ${bytesOf(ops).toLocaleString('en')} bytes`
    return {
      title: `Making a block of ${TRANSFERS} transfers durable, which changes ${(2 * TRANSFERS).toLocaleString('en')} values`,
      rows: [
        { name: `LevelDB alone, one synced batch (${size})`, value: median(raw), unit: 'ms' },
        {
          name: 'commit: entries made, written, synced, adopted',
          value: median(own),
          unit: 'ms',
          ratio,
          base,
          isCost: true,
        },
      ],
    }
  } finally {
    await node.stop()
    await Promise.all([disk.remove(), level.close()])
    await rm(directory, { recursive: true, force: true })
  }
}
