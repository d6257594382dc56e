import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Header, SignedHeader } from '#kernel'
import { headerHash, signHeader } from '#kernel'
import { bytesToHex, hexToBytes, privateKeyToAddress, ZERO_HASH } from '#primitives'
import { createMemoryStore, type MemoryStore } from '#store'
import { quiet } from '../daemon/testing/network.ts'
import { installEngines } from '../index.ts'
import { KeyWatch, type KeyWatchOptions, type KeyWatchView } from './keyWatch.ts'
import { type BlockSigner, openSigner } from './signer.ts'

installEngines(quiet)

const privateKey = new Uint8Array(32).fill(5)
const address = privateKeyToAddress(privateKey)
const ROUND = 4n

function headerAt(slot: bigint, height: bigint, salt = 0): Header {
  const base = { version: 1, chainId: 1, parentHash: ZERO_HASH, producer: address, transactionRoot: ZERO_HASH } as const
  const roots = { receiptRoot: ZERO_HASH, stateRoot: ZERO_HASH, indexRoot: ZERO_HASH, signal: ZERO_HASH }
  const consensus = Uint8Array.of(salt)
  return { ...base, ...roots, slot, height, consensus, extension: hexToBytes(ZERO_HASH) }
}
const blockAt = (slot: bigint, height: bigint, salt = 0): SignedHeader =>
  signHeader(headerAt(slot, height, salt), privateKey)

interface Node {
  readonly watch: KeyWatch
  readonly signer: BlockSigner
  readonly view: {
    slot: bigint
    headSlot: bigint | undefined
    height: bigint
    target: bigint | undefined
    since: bigint | undefined
    first: bigint | undefined
  }
  readonly accusations: boolean[]
  /** Tries to make a block in the present slot, as production does. */
  produce(height: bigint, salt?: number): Promise<SignedHeader | undefined>
}

async function node(
  slot: bigint,
  options: Partial<KeyWatchOptions> & {
    store?: MemoryStore
    height?: bigint
    own?: SignedHeader
    isNear?: boolean
    producers?: number
  } = {},
): Promise<Node> {
  const signer = await openSigner({ privateKey, store: options.store ?? createMemoryStore() })
  const view = {
    slot,
    headSlot: undefined as bigint | undefined,
    height: options.height ?? 50n,
    target: (options.height ?? 50n) as bigint | undefined,
    since: undefined as bigint | undefined,
    first: 1n as bigint | undefined,
  }
  const port: KeyWatchView = {
    nowSlot: () => view.slot,
    roundSlots: () => ROUND,
    height: () => view.height,
    headSlot: () => view.headSlot ?? view.slot,
    targetHeight: () => view.target,
    firstSlot: async () => view.first,
    syncing: () => options.isNear !== true && (view.target ?? 0n) > view.height,
    connectedSince: () => view.since,
    producers: () => options.producers ?? 3,
    slotMs: () => 1000,
    newestOwn: async () => options.own,
  }
  const accusations: boolean[] = []
  const { watchSlots = 0, sameHome = false, doubtful = false } = options
  const watch = new KeyWatch(
    { watchSlots, sameHome, doubtful },
    { signer, view: port, logger: quiet, inUse: (_error, watching) => accusations.push(watching) },
  )
  watch.start()
  const guarded = watch.guarded()
  return {
    watch,
    signer,
    view,
    accusations,
    async produce(height, salt = 0) {
      if (!(await watch.mayProduce())) return undefined
      const header = headerAt(view.slot, height, salt)
      const digest = hexToBytes(headerHash(header))
      const signature = await guarded.signBlock({ slot: view.slot, height, digest })
      return signature === undefined
        ? undefined
        : { ...signHeader(header, privateKey), signature: bytesToHex(signature) }
    },
  }
}

describe('watch over a key', () => {
  test('default: a node is silent for two rounds, then produces', async () => {
    const one = await node(100n)
    for (let slot = 100n; slot <= 108n; slot += 1n) {
      one.view.slot = slot
      expect(await one.produce(51n)).toBeUndefined()
    }
    one.view.slot = 109n
    expect(await one.produce(51n)).toBeDefined()
    expect(one.accusations).toEqual([])
  })

  test('behavior: it does not end while the chain is still fetched', async () => {
    const one = await node(100n)
    Object.assign(one.view, { slot: 200n, target: 500n })
    expect(await one.produce(51n)).toBeUndefined()
    one.view.height = 500n
    expect(await one.produce(501n)).toBeUndefined()
    one.view.slot = 204n
    expect(await one.produce(501n)).toBeDefined()
  })

  test('behavior: silence while the key had no turn proves nothing: its first turn passes, and whoever has the key is heard', async () => {
    // Excluded until slot 160: nobody asks before, and nobody with this key may sign.
    const one = await node(100n)
    one.view.slot = 160n
    expect(await one.produce(51n)).toBeUndefined()
    one.watch.saw(blockAt(160n, 51n))
    expect(one.accusations).toEqual([true])

    const alone = await node(100n)
    alone.view.slot = 160n
    expect(await alone.produce(51n)).toBeUndefined()
    // What was made in that turn may still be on its way.
    alone.view.slot = 161n
    expect(await alone.produce(51n)).toBeUndefined()
    alone.view.slot = 164n
    expect(await alone.produce(52n)).toBeDefined()
  })

  test('behavior: turns by a head that is behind do not count, unless nobody makes blocks', async () => {
    const at = async (one: Node, slot: bigint, headSlot: bigint): Promise<SignedHeader | undefined> => {
      Object.assign(one.view, { slot, headSlot })
      return one.produce(51n)
    }
    // A few blocks behind is not syncing, and still another schedule.
    const late = await node(100n, { isNear: true })
    late.view.target = 60n
    expect(await at(late, 112n, 103n)).toBeUndefined()
    expect(await at(late, 116n, 115n)).toBeUndefined()
    expect(await at(late, 120n, 119n)).toBeDefined()

    const halted = await node(100n)
    expect(await at(halted, 104n, 90n)).toBeUndefined()
    expect(await at(halted, 109n, 90n)).toBeDefined()

    const liedTo = await node(100n, { isNear: true })
    liedTo.view.target = 1_000_000n
    for (const slot of [112n, 140n, 144n]) expect(await at(liedTo, slot, 90n)).toBeUndefined()
    expect(await at(liedTo, 148n, 90n)).toBeDefined()
  })

  test('behavior: an old head that nobody has told anything of may be far behind: turns by it do not count', async () => {
    const silent = async (producers: number): Promise<Node> => {
      const one = await node(100n, { producers })
      Object.assign(one.view, { target: undefined, headSlot: 90n })
      one.view.slot = 104n
      expect(await one.produce(51n)).toBeUndefined()
      one.view.slot = 112n
      return one
    }
    const several = await silent(3)
    expect(await several.produce(51n)).toBeUndefined()
    several.view.target = 50n
    several.view.slot = 116n
    expect(await several.produce(51n)).toBeUndefined()
    several.view.slot = 120n
    expect(await several.produce(51n)).toBeDefined()
    // Where there is one producer, there may be nobody to tell.
    const alone = await silent(1)
    expect(await alone.produce(51n)).toBeDefined()
  })

  test('behavior: a node whose clock stood back at its start does not take its own older blocks for another node’s', async () => {
    const store = createMemoryStore()
    await (await openSigner({ privateKey, store })).signBlock({ slot: 95n, height: 40n, digest: new Uint8Array(32) })
    const one = await node(60n, { store, sameHome: true })
    one.watch.saw(blockAt(90n, 39n))
    expect(one.accusations).toEqual([])
    one.watch.saw(blockAt(96n, 41n))
    expect(one.accusations).toEqual([false])
  })

  test('behavior: a quick restart waits when the chain ends below what the key signed: it is not the chain that was followed', async () => {
    const restart = async (height: bigint): Promise<unknown> => {
      const store = createMemoryStore()
      await (await openSigner({ privateKey, store })).signBlock({ slot: 95n, height: 40n, digest: new Uint8Array(32) })
      return (await node(100n, { store, sameHome: true, height })).produce(height + 1n)
    }
    expect(await restart(40n)).toBeDefined()
    // Power may go between the record and the block.
    expect(await restart(39n)).toBeDefined()
    expect(await restart(38n)).toBeUndefined()
    expect(await restart(0n)).toBeUndefined()
  })

  test('behavior: a quick restart in the same folder does not wait; a copy, a long stop and a damaged record do', async () => {
    const store = createMemoryStore()
    await (await openSigner({ privateKey, store })).signBlock({ slot: 95n, height: 40n, digest: new Uint8Array(32) })
    expect(await (await node(100n, { store, sameHome: true })).produce(51n)).toBeDefined()
    const later = async (options: Partial<KeyWatchOptions>, slot: bigint): Promise<unknown> => {
      const copy = createMemoryStore()
      await (await openSigner({ privateKey, store: copy })).signBlock({
        slot: 95n,
        height: 40n,
        digest: new Uint8Array(32),
      })
      return (await node(slot, { store: copy, ...options })).produce(51n)
    }
    expect(await later({ sameHome: false }, 100n)).toBeUndefined()
    expect(await later({ sameHome: true, doubtful: true }, 100n)).toBeUndefined()
    expect(await later({ sameHome: true }, 125n)).toBeDefined()
    expect(await later({ sameHome: true }, 126n)).toBeUndefined()
  })

  test('behavior: a whole new network does not wait, an empty node of an old one does', async () => {
    const fresh = await node(3n, { height: 0n })
    fresh.view.target = undefined
    expect(await fresh.produce(1n)).toBeUndefined()
    fresh.view.since = 3n
    fresh.view.target = 0n
    fresh.view.slot = 4n
    // Of those who have just connected some may not have said how far they are.
    expect(await fresh.produce(1n)).toBeUndefined()
    fresh.view.slot = 5n
    expect(await fresh.produce(1n)).toBeDefined()
    // Nobody has said anything, however long ago they connected.
    const untold = await node(3n, { height: 0n })
    Object.assign(untold.view, { target: undefined, since: 3n, slot: 7n })
    expect(await untold.produce(1n)).toBeUndefined()
    untold.view.target = 0n
    expect(await untold.produce(1n)).toBeDefined()

    const behind = await node(3n, { height: 0n })
    Object.assign(behind.view, { since: 0n, slot: 5n, target: 2n })
    expect(await behind.produce(1n)).toBeUndefined()

    const old = await node(200_000n, { height: 0n })
    Object.assign(old.view, { since: 200_000n, slot: 200_005n })
    expect(await old.produce(1n)).toBeUndefined()

    // Who comes a little late to a network that has just begun misses no slots for it.
    const late = await node(12n, { height: 5n })
    Object.assign(late.view, { since: 12n, slot: 14n, first: 6n })
    expect(await late.produce(6n)).toBeDefined()
    const tooLate = await node(50n, { height: 5n })
    Object.assign(tooLate.view, { since: 50n, slot: 52n, first: 6n })
    expect(await tooLate.produce(6n)).toBeUndefined()
  })

  test('error: a block of the key that this node did not make ends its production', async () => {
    const watching = await node(100n)
    watching.watch.saw(blockAt(103n, 60n))
    expect(watching.accusations).toEqual([true])
    watching.view.slot = 300n
    expect(await watching.produce(61n)).toBeUndefined()

    const running = await node(100n)
    await running.produce(51n)
    running.view.slot = 110n
    const own = await running.produce(51n)
    if (own === undefined) throw new Error('it should produce')
    running.watch.saw(own)
    expect(running.accusations).toEqual([])
    // The same slot with another content, and a later slot.
    running.watch.saw(blockAt(110n, 51n, 9))
    running.watch.saw(blockAt(112n, 53n))
    expect(running.accusations).toEqual([false])
    expect(running.watch.state).toBe('inUse')
    running.view.slot = 120n
    expect(await running.produce(54n)).toBeUndefined()
  })

  test('behavior: an old backup takes slot and height from the chain before it signs', async () => {
    const store = createMemoryStore()
    await (await openSigner({ privateKey, store })).signBlock({ slot: 94n, height: 40n, digest: new Uint8Array(32) })
    const one = await node(100n, { store, sameHome: true })
    expect(one.watch.state).toBe('clear')
    // The chain it fetches shows what was signed after the backup was made.
    one.watch.saw(blockAt(98n, 49n))
    expect(one.watch.state).toBe('watching')
    expect(await one.produce(51n)).toBeUndefined()
    expect(one.accusations).toEqual([])
    one.view.slot = 109n
    expect(await one.produce(51n)).toBeDefined()
    const again = await openSigner({ privateKey, store })
    expect(again.last()).toMatchObject({ slot: 109n, height: 51n })
    expect(await again.signBlock({ slot: 98n, height: 49n, digest: new Uint8Array(32).fill(1) })).toBeUndefined()
  })

  test('behavior: a record that is lost comes back from the node\u2019s own chain', async () => {
    const one = await node(100n, { sameHome: true, own: blockAt(99n, 50n) })
    await one.produce(51n)
    one.view.slot = 120n
    expect(await one.produce(51n)).toBeDefined()
    expect(one.signer.generatedHeight()).toBe(51n)
    const early = await node(99n, { own: blockAt(99n, 50n) })
    await early.watch.mayProduce()
    expect(early.signer.last()).toMatchObject({ slot: 99n, height: 50n })
  })

  test('invariant: whatever restarts, copies and delays do, no slot is signed with two contents when one node hears the other a slot later', async () => {
    const moves = fc.array(
      fc.record({
        restart: fc.boolean(),
        gap: fc.integer({ min: 1, max: 12 }),
        lost: fc.boolean(),
        copy: fc.boolean(),
      }),
      { minLength: 1, maxLength: 12 },
    )
    await fc.assert(
      fc.asyncProperty(moves, async (steps) => {
        const signed = new Map<bigint, string>()
        const blocks: SignedHeader[] = []
        let store = createMemoryStore()
        let slot = 100n
        let one = await node(slot, { store, sameHome: true })
        let copy: Node | undefined
        let salt = 0
        const act = async (who: Node): Promise<void> => {
          who.view.slot = slot
          salt += 1
          const made = await who.produce(slot / 2n, salt % 250)
          if (made === undefined) return
          expect(signed.get(made.slot) ?? made.hash, `slot ${made.slot}`).toBe(made.hash)
          signed.set(made.slot, made.hash)
          blocks.push(made)
        }
        // Nobody hears of a block before its slot is over.
        const tell = (): void => {
          for (const block of blocks.slice(-2)) for (const other of [one, copy]) other?.watch.saw(block)
        }
        for (const step of steps) {
          // Two that start at the same time hear nothing of each other: that is beyond any watch, and not tried here.
          const isAlone = copy === undefined || copy.watch.state === 'inUse'
          if (step.copy && isAlone && one.watch.state === 'clear') copy = await node(slot, {})
          if (step.restart) {
            // A lost record is one of a folder that cannot vouch for itself.
            const isLost = step.lost && (copy === undefined || copy.watch.state === 'inUse')
            if (isLost) store = createMemoryStore()
            one = await node(slot, { store, sameHome: !isLost, height: slot / 2n })
            for (const block of blocks) one.watch.saw(block)
          }
          for (let count = 0; count < step.gap; count += 1) {
            slot += 1n
            await act(one)
            if (copy !== undefined) await act(copy)
            tell()
          }
        }
      }),
      { numRuns: 40 },
    )
  })
})
