import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeArgs, encodeTransaction, parseSignature, type SignedTransaction, systemAddress } from '#kernel'
import { type Address, asAddress, asHash, bytesToHex, type Hex, writer } from '#primitives'
import { plainDecoder } from './decoder.ts'
import { Standing } from './standing.ts'
import { Suspicion } from './suspicion.ts'

const SLOT_MS = 4000
const quiet = (): void => undefined
const abi = parseSignature('function transfer(address to, string symbol, uint256 amount)')
const method = { contractAddress: systemAddress(1), number: 1, abi } as never
const accountAt = (index: number): Address =>
  asAddress(`0x${bytesToHex(writer().u32(index).finish()).slice(2).padStart(40, '1')}`)
const ours = (height: bigint): Hex => `0x${height.toString(16).padStart(16, '0')}`
const theirs = (height: bigint): Hex => `0x${height.toString(16).padStart(16, 'f')}`

function transactionOf(sender: number, refHash: Hex, refHeight = 95n): SignedTransaction {
  return {
    version: 1,
    walletChainId: 1n,
    from: accountAt(sender),
    contract: systemAddress(1),
    method: 1,
    args: encodeArgs(abi, { to: accountAt(1), symbol: 'ELF', amount: 1n }),
    refHeight,
    refHash,
    feeLimit: 10n,
    nonce: '0x0000000000000001',
    authorization: { kind: 0, signature: `0x${'11'.repeat(32)}${'01'.repeat(32)}1b` },
  }
}

function setup() {
  const world = {
    now: 1_000_000,
    height: 100n,
    mark: ours,
    peers: ['a', 'b', 'c', 'd'],
    signed: true,
    funded: true,
    behind: false,
    checked: 0,
  }
  const suspicion = new Suspicion({
    clock: { now: () => world.now },
    logger: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    decoder: plainDecoder,
    slotMs: SLOT_MS,
    chain: {
      height: () => world.height,
      markAt: (height) => (height <= world.height && height + 64n > world.height ? world.mark(height) : undefined),
      balance: () => (world.funded ? 100n : 1n),
      fee: () => 10n,
      method: () => method,
    },
    authenticate: async ({ from }) => {
      world.checked += 1
      return world.signed ? from : accountAt(9999)
    },
    peers: () => world.peers,
    isBehind: () => world.behind,
  })
  const settled = async (): Promise<void> => {
    for (let turn = 0; turn < 4; turn += 1) await Promise.resolve()
  }
  return {
    world,
    suspicion,
    /** Unknown marks of so many senders, each through the next of some peers. */
    async unknown(senders: number, through: readonly string[] = world.peers, from = 0, height = 95n): Promise<void> {
      for (let index = 0; index < senders; index += 1) {
        const peer = through[index % through.length] as string
        suspicion.unknownMark(peer, encodeTransaction(transactionOf(from + index, theirs(height), height)))
        await settled()
      }
    },
    good(senders: number, from = 500): void {
      for (let index = 0; index < senders; index += 1) suspicion.goodMark('a', transactionOf(from + index, ours(95n)))
    },
  }
}

describe('a node that may be on a fork', () => {
  test('default: most senders through most peers suspend it, and it goes on when their marks are good again', async () => {
    const { world, suspicion, unknown, good } = setup()
    good(2)
    await unknown(7)
    expect(suspicion.isSuspended()).toBe(false)
    await unknown(8)
    expect(suspicion.isSuspended()).toBe(true)
    // The node has rejoined: the same marks name blocks of its chain.
    world.mark = theirs
    expect(suspicion.isSuspended()).toBe(false)
  })

  test('behavior: marks of a fork that lost suspend nobody who stands where most peers stand', async () => {
    const { world, suspicion, unknown } = setup()
    await unknown(20)
    expect(suspicion.isSuspended()).toBe(true)
    const headHere = asHash(`${ours(100n)}${'0'.repeat(48)}`)
    suspicion.heardHead('a', 100n, headHere)
    expect(suspicion.isSuspended()).toBe(true)
    suspicion.heardHead('b', 100n, headHere)
    expect(suspicion.isSuspended()).toBe(false)
    await unknown(20, world.peers, 100)
    expect(suspicion.isSuspended()).toBe(false)
    // One of them moves to a block that is not here.
    suspicion.heardHead('b', 101n, asHash(`${theirs(101n)}${'0'.repeat(48)}`))
    await unknown(1, world.peers, 200)
    expect(suspicion.isSuspended()).toBe(true)
  })

  test('behavior: says so, stops producing, and refuses submissions with an error that may be tried again', async () => {
    const { suspicion, unknown, world } = setup()
    const standing = new Standing(suspicion)
    standing.follow({
      progress: () => ({ state: 'synced', height: 100n, targetHeight: 100n }),
      isBehind: () => false,
      isFollowing: () => false,
      isLed: () => false,
    })
    expect(standing.mayProduce()).toBe(true)
    expect(standing.warning()).toBeUndefined()
    await unknown(8)
    expect(standing.status()).toMatchObject({ state: 'suspended', reason: expect.any(String), height: 100n })
    expect(standing.mayProduce()).toBe(false)
    expect(standing.warning()).toMatchObject({ code: 'fork.suspected' })
    expect(() => standing.assertAccepting()).toThrow(
      expect.objectContaining({ code: 'node.suspended', retryable: true }),
    )
    world.now += 61 * SLOT_MS
    expect(standing.status().state).toBe('synced')
    expect(() => standing.assertAccepting()).not.toThrow()
  })

  test.each<[string, (s: ReturnType<typeof setup>) => Promise<void>]>([
    [
      'one sender with many transactions',
      async ({ unknown }) => {
        for (let n = 0; n < 40; n += 1) await unknown(1)
      },
    ],
    ['half of the peers', ({ unknown }) => unknown(20, ['a', 'b'])],
    ['peers that have left', ({ unknown }) => unknown(20, ['x', 'y', 'z'])],
    [
      'fewer than two thirds of the senders',
      async ({ unknown, good }) => {
        good(20)
        await unknown(20)
      },
    ],
    [
      'forged signatures',
      async ({ unknown, world }) => {
        world.signed = false
        await unknown(20)
      },
    ],
    [
      'accounts that cannot pay',
      async ({ unknown, world }) => {
        world.funded = false
        await unknown(20)
      },
    ],
    [
      'two peers in all',
      async ({ unknown, world }) => {
        world.peers = ['a', 'b']
        await unknown(20)
      },
    ],
    ['blocks that are only late', ({ unknown }) => unknown(20, undefined, 0, 105n)],
    [
      'a node that knows it is behind',
      async ({ unknown, world }) => {
        world.behind = true
        await unknown(20)
      },
    ],
    [
      'marks spread over more time than counts',
      async ({ unknown, world }) => {
        for (let n = 0; n < 30; n += 1) {
          await unknown(1, world.peers, n)
          world.now += 10 * SLOT_MS
        }
      },
    ],
  ])('behavior: is not suspended by %s', async (_name, act) => {
    const all = setup()
    await act(all)
    expect(all.suspicion.isSuspended()).toBe(false)
  })

  test('behavior: checks a bounded number of signatures in a window', async () => {
    const { world, unknown } = setup()
    world.signed = false
    await unknown(400)
    expect(world.checked).toBeLessThanOrEqual(256)
    world.now += 61 * SLOT_MS
    await unknown(1)
    expect(world.checked).toBeGreaterThan(200)
  })

  test('behavior: it never suspends below the thresholds, whatever comes in whatever order', async () => {
    const step = fc.record({
      sender: fc.nat(30),
      peer: fc.constantFrom('a', 'b', 'c', 'd', 'x'),
      good: fc.boolean(),
      pass: fc.nat(20),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const { world, suspicion } = setup()
        const newest = new Map<number, { good: boolean; peer: string; at: number }>()
        for (const { sender, peer, good, pass } of steps) {
          world.now += pass * SLOT_MS
          const transaction = transactionOf(sender, good ? ours(95n) : theirs(95n))
          if (good) suspicion.goodMark(peer, transaction)
          else suspicion.unknownMark(peer, encodeTransaction(transaction))
          for (let turn = 0; turn < 4; turn += 1) await Promise.resolve()
          newest.set(sender, { good, peer, at: world.now })
          const live = [...newest.values()].filter(({ at }) => at >= world.now - 60 * SLOT_MS)
          const bad = live.filter((one) => !one.good)
          const through = new Set(bad.map((one) => one.peer).filter((name) => world.peers.includes(name)))
          const may = bad.length >= 8 && bad.length * 100 >= live.length * 66 && through.size > 2
          const stays = bad.length >= 4 && bad.length * 100 >= live.length * 33
          if (suspicion.isSuspended()) {
            expect(may || stays).toBe(true)
          } else if (!good) expect(may).toBe(false)
        }
      }),
      { numRuns: 100 },
    )
  })
})
