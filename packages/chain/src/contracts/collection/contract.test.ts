import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { pathOf } from '#contracts/runtime'
import {
  COLLECTION_CONTRACT,
  CURRENT_COLLECTION_ITEM,
  collectionAt,
  currentCollectionPath,
  encodeCurrentCollection,
  readCurrentCollection,
} from '#kernel'
import { type Hash, taggedHash, ZERO_HASH } from '#primitives'
import {
  createSandbox,
  SANDBOX_COLLECTION,
  type Sandbox,
  sandboxAccount,
  sandboxCommitment,
} from '../../testing/sandbox/index.ts'
import { current } from './state.ts'

const successor = (n: number): Hash => taggedHash(`aelf/successor/${n + 1}`)
const [one, two] = [successor(0), successor(1)]

/** A chain whose only producer signals what the test says. */
const start = (params: Record<string, bigint> = {}): Sandbox =>
  createSandbox({
    balances: [{ account: sandboxAccount(0), amount: 10n ** 12n }],
    producers: [{ address: sandboxAccount(0), commitment: sandboxCommitment(0) }],
    params,
  })

interface Status {
  current: { hash: Hash; since: bigint; former: Hash }
  candidate: {
    hash: Hash
    lockedAt: bigint
    confirmed: number
    resetAt: bigint
    signals: number
    activatesAt: bigint
  } | null
  signals: { hash: Hash; blocks: number }[]
  upgrades: number
}
const statusOf = (box: Sandbox): Status => box.view('collection', 'status') as unknown as Status

/** So many blocks with one signal; the events of the collection in them. */
function signal(box: Sandbox, hash: Hash, blocks: number): string[] {
  box.signal(hash)
  const said: string[] = []
  for (let count = 0; count < blocks; count++) {
    const { blockEvents } = box.block([])
    said.push(...blockEvents.filter(({ contract }) => contract.endsWith('0005')).map((event) => `${event.number}`))
  }
  expect(box.violations()).toEqual([])
  return said
}
const [LOCKED, RESET, ACTIVATED] = ['1', '2', '3']

describe('lock-in [COLLECTION-LOCKIN-1]', () => {
  test('takes 80 of the last 100 blocks, wherever among them', () => {
    const box = start()
    signal(box, ZERO_HASH, 30)
    expect(signal(box, one, 40)).toEqual([])
    signal(box, ZERO_HASH, 20)
    expect(signal(box, one, 39)).toEqual([])
    expect(statusOf(box)).toMatchObject({ candidate: null, signals: [{ hash: one, blocks: 79 }] })
    expect(signal(box, one, 1)).toEqual([LOCKED])
    expect(statusOf(box).candidate).toEqual({
      hash: one, lockedAt: 130n, confirmed: 0, resetAt: 0n, signals: 80, activatesAt: 130n + 2_000n + 1n,
    }) // biome-ignore format: one row
  })

  test('never comes from 79, however long it lasts', () => {
    const box = start()
    for (let round = 0; round < 5; round++) {
      expect(signal(box, one, 79)).toEqual([])
      expect(signal(box, round % 2 === 0 ? two : ZERO_HASH, 21)).toEqual([])
    }
    expect(statusOf(box)).toMatchObject({ candidate: null })
    expect(box.view('collection', 'signalsOf', { hash: one })).toBe(79)
  })

  test('is not reached by what is in force, which is no signal [COLLECTION-SIGNAL-1] [COLL-SIGNAL-1]', () => {
    const box = start()
    const before = box.state().root
    expect(signal(box, SANDBOX_COLLECTION, 100)).toEqual([])
    expect(statusOf(box)).toMatchObject({ candidate: null, signals: [] })
    expect(before).not.toBe(box.state().root)
    // Blocks of before the collection's first one stand for blocks without a signal.
    expect(signal(start(), one, 80)).toEqual([LOCKED])
  })
})

describe('confirmation [COLLECTION-CONFIRM-1]', () => {
  const quick = { 'collection.window': 10n, 'collection.lockIn': 8n, 'collection.confirm': 20n }

  test('begins anew when support falls below, and the lock-in stays', () => {
    const box = start(quick)
    expect(signal(box, one, 8)).toEqual([LOCKED])
    expect(signal(box, one, 15)).toEqual([])
    expect(statusOf(box).candidate).toMatchObject({ confirmed: 15 })
    // Ten of ten: two may be missing, the third is too many; it is said once.
    expect(signal(box, ZERO_HASH, 6)).toEqual([RESET])
    expect(statusOf(box).candidate).toMatchObject({ hash: one, lockedAt: 8n, confirmed: 0, resetAt: 29n })
    expect(signal(box, one, 7)).toEqual([])
    expect(statusOf(box).candidate).toMatchObject({ confirmed: 0, signals: 7 })
    expect(signal(box, one, 1)).toEqual([])
    expect(statusOf(box).candidate).toMatchObject({ confirmed: 1 })
    expect(signal(box, one, 19)).toEqual([ACTIVATED])
  })

  test('counts from the block after the lock-in and ends in an activation [COLLECTION-ACTIVATE-1] [COLLECTION-SUM-1] [COLL-ACTIVATE-1]', () => {
    const box = start(quick)
    signal(box, one, 8 + 19)
    expect(statusOf(box)).toMatchObject({ current: { hash: SANDBOX_COLLECTION }, candidate: { activatesAt: 29n } })
    expect(signal(box, one, 1)).toEqual([ACTIVATED])
    expect(statusOf(box)).toMatchObject({
      current: { hash: one, since: 29n, former: SANDBOX_COLLECTION },
      candidate: null,
      signals: [],
      upgrades: 1,
    })
    expect(box.view('collection', 'upgrades', { before: 0, limit: 5 })).toEqual([
      { number: 1, hash: one, since: 29n, lockedAt: 8n },
    ])
  })

  test('goes to another hash that reaches the threshold [COLLECTION-REPLACE-1]', () => {
    const box = start(quick)
    signal(box, one, 20)
    expect(signal(box, two, 7)).toEqual([RESET])
    expect(statusOf(box).candidate).toMatchObject({ hash: one })
    expect(signal(box, two, 1)).toEqual([LOCKED])
    expect(statusOf(box).candidate).toMatchObject({ hash: two, lockedAt: 28n, confirmed: 0 })
    expect(signal(box, two, 20)).toEqual([ACTIVATED])
    // And back to what there was at first.
    expect(signal(box, SANDBOX_COLLECTION, 28)).toEqual([LOCKED, ACTIVATED])
    expect(statusOf(box)).toMatchObject({ current: { hash: SANDBOX_COLLECTION, former: two }, upgrades: 2 })
  })

  test('error: a threshold that two could reach at once, or a window without end', () => {
    expect(() => start({ 'collection.lockIn': 50n })).toThrow('more than half')
    expect(() => start({ 'collection.lockIn': 101n })).toThrow('more than half')
    expect(() => start({ 'collection.window': 1_001n, 'collection.lockIn': 900n })).toThrow('1,000')
  })
})

describe('the entry that names the collection [COLLECTION-CURRENT-1]', () => {
  test('is read without the contract [COLL-CURRENT-1]', () => {
    const box = start({ 'collection.window': 2n, 'collection.lockIn': 2n, 'collection.confirm': 1n })
    expect([COLLECTION_CONTRACT, CURRENT_COLLECTION_ITEM]).toEqual([current.contract.number, current.number])
    expect(pathOf(current, {})).toBe(currentCollectionPath)
    const first = { hash: SANDBOX_COLLECTION, since: 0n, former: ZERO_HASH }
    expect(readCurrentCollection(box.state())).toEqual(first)
    signal(box, one, 3)
    const second = { hash: one, since: 4n, former: SANDBOX_COLLECTION }
    expect(readCurrentCollection(box.state())).toEqual(second)
    expect(box.state().get(currentCollectionPath)).toEqual(encodeCurrentCollection(second))
    expect([0n, 100n].map((height) => collectionAt(first, height))).toEqual([SANDBOX_COLLECTION, SANDBOX_COLLECTION])
    expect([3n, 4n, 5n].map((height) => collectionAt(second, height))).toEqual([SANDBOX_COLLECTION, one, one])
    expect(readCurrentCollection({ get: () => undefined })).toBeUndefined()
  })
})

/** The rule once more, from all signals so far, without a window that moves. */
class Model {
  readonly current: Hash[] = [SANDBOX_COLLECTION]
  locked: { hash: Hash; confirmed: number } | undefined
  private heard: Hash[] = []
  private readonly rule: { window: number; lockIn: number; confirm: number }

  constructor(rule: { window: number; lockIn: number; confirm: number }) {
    this.rule = rule
  }

  block(signalled: Hash): void {
    const { window, lockIn, confirm } = this.rule
    this.heard.push(signalled)
    const recent = this.heard.slice(-window)
    const support = (hash: Hash): number => recent.filter((each) => each === hash).length
    const winner = recent.find(
      (hash) => hash !== ZERO_HASH && hash !== this.current[0] && hash !== this.locked?.hash && support(hash) >= lockIn,
    )
    if (winner !== undefined) this.locked = { hash: winner, confirmed: 0 }
    else if (this.locked !== undefined) {
      this.locked.confirmed = support(this.locked.hash) >= lockIn ? this.locked.confirmed + 1 : 0
      if (this.locked.confirmed < confirm) return
      this.current.unshift(this.locked.hash)
      this.locked = undefined
      this.heard = []
    }
  }
}

describe('the rule', () => {
  test('property: is that of an independent model, over any signals [COLL-RULE-1]', () => {
    const hashes = [ZERO_HASH, SANDBOX_COLLECTION, one, two]
    const runs = fc.array(fc.tuple(fc.nat(hashes.length - 1), fc.integer({ min: 1, max: 14 })), { maxLength: 30 })
    const rules = fc.integer({ min: 2, max: 12 }).chain((window) =>
      fc.record({
        window: fc.constant(window),
        lockIn: fc.integer({ min: Math.floor(window / 2) + 1, max: window }),
        confirm: fc.integer({ min: 1, max: 20 }),
      }),
    )
    let activations = 0
    fc.assert(
      fc.property(rules, runs, (rule, sequence) => {
        const box = start(
          Object.fromEntries(Object.entries(rule).map(([name, value]) => [`collection.${name}`, BigInt(value)])),
        )
        const model = new Model(rule)
        for (const hash of sequence.flatMap(([which, times]) => Array<Hash>(times).fill(hashes[which] as Hash))) {
          box.signal(hash)
          box.block([])
          model.block(hash)
          const { current: now, candidate } = statusOf(box)
          expect(now.hash).toBe(model.current[0])
          expect(candidate === null ? undefined : { hash: candidate.hash, confirmed: candidate.confirmed }).toEqual(
            model.locked,
          )
        }
        expect(box.violations()).toEqual([])
        activations += model.current.length - 1
      }),
      { numRuns: 60 },
    )
    expect(activations).toBeGreaterThan(5)
  })
})
