import { describe, expect, test, vi } from 'vitest'
import { createDevnetChain } from '#chains'
import { createMemoryNetwork } from '#p2p'
import { type Clock, type KeyValue, type KvOp, type Logger, recoverAddress, sha256, utf8ToBytes } from '#primitives'
import { BUCKETS, createMemoryStore, type MemoryStore } from '#store'
import { createNode, NodeError, openShiftingClock, openSigner, type RunningNode, readDevnetConfig } from './index.ts'

const quiet = (): void => undefined
const logger: Logger = { debug: quiet, info: quiet, warn: quiet, error: quiet }
const privateKey = sha256(utf8ToBytes('signer test'))
const digest = (n: number): Uint8Array => sha256(Uint8Array.of(n))

describe('signer', () => {
  test('default: signs rising slots, the same digest again, never another one for a slot', async () => {
    const signer = await openSigner({ privateKey, store: createMemoryStore() })
    const first = await signer.signBlock({ slot: 5n, height: 3n, digest: digest(1) })
    expect(recoverAddress(digest(1), first ?? new Uint8Array(65))).toBe(signer.address)
    expect(await signer.signBlock({ slot: 5n, height: 3n, digest: digest(1) })).toEqual(first)
    expect(await signer.signBlock({ slot: 5n, height: 3n, digest: digest(2) })).toBeUndefined()
    expect(await signer.sign('header', 4n, digest(3))).toBeUndefined()
    expect(await signer.sign('header', 6n, digest(3))).toBeDefined()
    expect(signer.generatedHeight()).toBe(3n)
  })

  test('behavior: the record is durable before the signature exists, and outlives a crash', async () => {
    const store = createMemoryStore()
    const signer = await openSigner({ privateKey, store })
    await signer.signBlock({ slot: 9n, height: 7n, digest: digest(1) })
    expect(store.unsynced()).toBe(0)
    store.crash()
    const again = await openSigner({ privateKey, store })
    expect(again.generatedHeight()).toBe(7n)
    expect(await again.signBlock({ slot: 9n, height: 7n, digest: digest(2) })).toBeUndefined()
  })

  test('error: no record, no signature; and concurrent requests get one', async () => {
    const inner = createMemoryStore()
    const broken: KeyValue = { ...inner, write: () => Promise.reject(new Error('disk full')) }
    const signer = await openSigner({ privateKey, store: broken })
    await expect(signer.signBlock({ slot: 1n, height: 1n, digest: digest(1) })).rejects.toThrow('disk full')
    expect(signer.generatedHeight()).toBe(0n)
    const sound = await openSigner({ privateKey, store: inner })
    const results = await Promise.all(
      [1, 2, 3].map((n) => sound.signBlock({ slot: 1n, height: 1n, digest: digest(n) })),
    )
    expect(results.filter((signature) => signature !== undefined)).toHaveLength(1)
  })
})

describe('clock', () => {
  test('behavior: oversleeping is told before anything runs, and may be taken back', async () => {
    vi.useFakeTimers()
    try {
      const clock = await openShiftingClock(createMemoryStore())
      const heard: number[] = []
      clock.onOversleep(1000, (late) => {
        heard.push(late)
        clock.setBack(-late)
      })
      const ran: number[] = []
      const start = clock.now()
      for (const ms of [500, 3000, 6000]) clock.after(ms, () => ran.push(clock.now() - start))
      await clock.shift(400)
      await vi.advanceTimersByTimeAsync(100)
      expect([heard, ran]).toEqual([[], [500]])
      // The machine is stopped: time goes on, timers do not.
      vi.setSystemTime(Date.now() + 4000)
      await vi.advanceTimersByTimeAsync(2500)
      expect(heard).toEqual([4000])
      expect(ran).toEqual([500, 3000])
      await vi.advanceTimersByTimeAsync(3000)
      expect([heard, ran]).toEqual([[4000], [500, 3000, 6000]])
    } finally {
      vi.useRealTimers()
    }
  })

  test('behavior: a shift runs what became due, in order, and is remembered', async () => {
    vi.useFakeTimers()
    try {
      const store = createMemoryStore()
      const clock = await openShiftingClock(store)
      const start = clock.now()
      const ran: string[] = []
      clock.after(5000, () => ran.push('b'))
      clock.after(1000, () => ran.push('a'))
      clock.after(60_000, () => ran.push('late'))
      const cancel = clock.after(2000, () => ran.push('never'))
      cancel()
      await clock.shift(10_000)
      expect(store.unsynced()).toBe(0)
      await vi.advanceTimersByTimeAsync(1)
      expect(ran).toEqual(['a', 'b'])
      const again = await openShiftingClock(store)
      expect(again.now() - start).toBeGreaterThanOrEqual(10_000)
      await vi.advanceTimersByTimeAsync(50_000)
      expect(ran).toEqual(['a', 'b', 'late'])
    } finally {
      vi.useRealTimers()
    }
  })
})

test('error: settings are refused by name', () => {
  expect(readDevnetConfig({})).toMatchObject({
    slotMs: 1000,
    delegates: 17,
    backups: 3,
    logLevel: 'info',
    dataDir: undefined,
  })
  for (const env of [{ AELF_SLOT_MS: '5' }, { AELF_DELEGATES: 'many' }, { AELF_LOG_LEVEL: 'loud' }]) {
    expect(() => readDevnetConfig(env)).toThrow(NodeError)
  }
})

/** A clock that moves only when told, and lets promises settle at every step. */
function steppedClock(startMs: number): Clock & { run(ms: number): Promise<void> } {
  let now = startMs
  let tasks: { at: number; run: () => void }[] = []
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 40; turn += 1) await Promise.resolve()
  }
  return {
    now: () => now,
    after(ms, run) {
      const task = { at: now + ms, run }
      tasks.push(task)
      return () => {
        tasks = tasks.filter((other) => other !== task)
      }
    },
    async run(ms) {
      const end = now + ms
      for (;;) {
        const due = tasks.filter((task) => task.at <= end).sort((a, b) => a.at - b.at)[0]
        if (due === undefined) break
        tasks = tasks.filter((task) => task !== due)
        now = Math.max(now, due.at)
        due.run()
        await settle()
      }
      now = end
      await settle()
    },
  }
}

describe('nodes over a network', () => {
  const genesisTimeMs = 1_800_000_000_000
  const world = createDevnetChain({ genesisTimeMs, slotMs: 1000, delegates: 4, backups: 0, seed: 'net' })

  async function network(
    policy: (from: string, to: string) => readonly number[],
    kept: (store: KeyValue) => KeyValue = (store) => store,
  ): Promise<{
    nodes: RunningNode[]
    clock: ReturnType<typeof steppedClock>
    stores: MemoryStore[]
    open(index: number): Promise<RunningNode>
  }> {
    const clock = steppedClock(genesisTimeMs)
    const net = createMemoryNetwork({ clock, policy })
    const stores = world.delegates.map(() => createMemoryStore())
    const open = async (index: number): Promise<RunningNode> => {
      const delegate = world.delegates[index] as (typeof world.delegates)[number]
      net.leave(delegate.name)
      return createNode(
        {
          name: delegate.name,
          keepStates: 64,
          relay: true,
          producer: { privateKey: delegate.privateKey, reveals: delegate.reveals },
        },
        { chain: world.chain, clock, net: net.join(delegate.name), store: kept(stores[index] as MemoryStore), logger },
      )
    }
    const nodes: RunningNode[] = []
    for (const index of world.delegates.keys()) nodes.push(await open(index))
    return { nodes, clock, stores, open }
  }

  test('behavior: after a partition heals, all nodes are on one chain and finality goes on', async () => {
    let cut = false
    const left = new Set(world.delegates.slice(0, 3).map(({ name }) => name))
    const { nodes, clock } = await network((from, to) => (cut && left.has(from) !== left.has(to) ? [] : [20]))
    for (const node of nodes) node.start()
    await clock.run(10_500)
    const before = nodes.map((node) => node.ledger.head().header.hash)
    expect(new Set(before).size).toBe(1)
    cut = true
    await clock.run(12_000)
    expect(new Set(nodes.map((node) => node.ledger.head().header.hash)).size).toBe(2)
    const finalizedAlone = nodes[3]?.ledger.finalized().header.height ?? 0n
    cut = false
    await clock.run(20_000)
    expect(new Set(nodes.map((node) => node.ledger.head().header.hash)).size).toBe(1)
    for (const node of nodes) expect(node.ledger.finalized().header.height).toBeGreaterThan(finalizedAlone)
    for (const node of nodes) await node.stop()
  })

  test('behavior: a slot whose block came too late is told from one nobody heard of', async () => {
    const [slow, silent] = [world.delegates[3], world.delegates[2]] as (typeof world.delegates)[number][]
    const { nodes, clock } = await network((from) => (from === slow?.name ? [2500] : [20]))
    for (const node of nodes) if (node.name !== silent?.name) node.start()
    await clock.run(40_000)
    const rounds = await Promise.all([1n, 2n, 3n, 4n, 5n, 6n].map((number) => nodes[0]?.api.round(number)))
    const missed = rounds.flatMap((round) => round?.slots.filter(({ state }) => state === 'missed') ?? [])
    const reasons = (address: string | undefined): unknown => [
      ...new Set(missed.filter(({ producer }) => producer === address).map(({ reason }) => reason)),
    ]
    expect(reasons(slow?.address)).toEqual(['late'])
    expect(reasons(silent?.address)).toEqual(['offline'])
    for (const node of nodes) await node.stop()
  })

  test('behavior: a node has stopped when it asks nothing more of its store', async () => {
    let [asked, isHeld] = [0, false]
    let release: () => void = () => undefined
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const slow = (store: KeyValue): KeyValue => ({
      ...store,
      async range(options) {
        asked += 1
        if (isHeld) await held
        return store.range(options).finally(() => {
          asked -= 1
        })
      },
    })
    const { nodes, clock } = await network(() => [20], slow)
    isHeld = true
    for (const node of nodes) node.start()
    // Long enough that transactions of old blocks are looked for, to forget them.
    await clock.run(110_000)
    expect(asked).toBe(nodes.length)
    let stopped = 0
    const ends = nodes.map((node) => node.stop().then(() => (stopped += 1)))
    await new Promise((resolve) => setImmediate(resolve))
    expect(stopped).toBe(0)
    release()
    await Promise.all(ends)
    expect(asked).toBe(0)
  })

  test('behavior: a node that stops finishes the block in hand and tells the others of it', async () => {
    let [isHeld, isSigning] = [false, false]
    let release: () => void = () => undefined
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const isSigned = (op: KvOp): boolean => 'put' in op && op.put[0][0] === BUCKETS.signer
    const { nodes, clock } = await network(
      () => [20],
      (store) => ({
        ...store,
        async write(ops, options) {
          if (isHeld && ops.some(isSigned)) {
            isSigning = true
            await held
          }
          return store.write(ops, options)
        },
      }),
    )
    const [first, second] = nodes as [RunningNode, RunningNode]
    for (const node of nodes) node.start()
    await clock.run(8500)
    isHeld = true
    for (const node of nodes.slice(1)) node.producer?.pause()
    for (let slots = 0; slots < 10 && !isSigning; slots++) await clock.run(1000)
    expect(isSigning).toBe(true)
    const stopped = first.stop()
    release()
    await stopped
    await clock.run(500)
    const { header } = first.ledger.head()
    expect(header.producer).toBe(first.signer?.address)
    expect(second.ledger.head().header.hash).toBe(header.hash)
    for (const node of nodes.slice(1)) await node.stop()
  })

  test('behavior: a node that crashed and was away catches up by asking', async () => {
    const { nodes, clock, stores, open } = await network(() => [20])
    for (const node of nodes) node.start()
    await clock.run(8000)
    await nodes[3]?.stop()
    stores[3]?.crash()
    await clock.run(150_000)
    const late = await open(3)
    late.start()
    expect(late.ledger.head().header.height).toBeLessThan(12n)
    await clock.run(8500)
    expect(late.ledger.head().header.height).toBeGreaterThan(80n)
    expect(late.ledger.head().header.hash).toBe(nodes[0]?.ledger.head().header.hash)
    for (const node of [...nodes.slice(0, 3), late]) await node.stop()
  })
})
