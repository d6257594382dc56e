import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Database, readCheckpoint } from '#db'
import { createFakeChain, dumpIndex, type FakeChain, startTestServer, type TestServer } from '#testing'
import { createIndexer, type Indexer } from './indexer.ts'

const logger = { info: () => undefined, warn: () => undefined }
let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
}, 60_000)
afterAll(() => server.stop(), 60_000)

async function open(chain: FakeChain, batchBlocks = 100): Promise<{ database: Database; indexer: Indexer }> {
  const database = await server.createDatabase()
  return { database, indexer: createIndexer({ database, source: chain, logger, batchBlocks }) }
}

async function catchUp(indexer: Indexer): Promise<void> {
  for (let steps = 0; steps < 1_000; steps++) if ((await indexer.step()).kind === 'idle') return
  throw new Error('the indexer does not come to rest')
}

async function expectRuleOfChain(database: Database, chain: FakeChain): Promise<void> {
  const expected = await chain.collection('head')
  const [rule] = await database.prisma.collectionRule.findMany()
  expect(rule).toMatchObject({
    hash: expected?.current.hash,
    since: expected?.current.since,
    former: expected?.current.former,
    candidate: expected?.candidate?.hash ?? null,
    lockedAt: expected?.candidate?.lockedAt ?? null,
    confirmed: expected?.candidate?.confirmed ?? 0,
    resetAt: expected?.candidate?.resetAt ?? null,
    windowBlocks: expected?.window,
    lockInBlocks: expected?.lockIn,
    confirmBlocks: expected?.confirm,
    upgrades: expected?.upgrades,
  })
  const counts = await database.prisma.collectionCount.findMany()
  expect(new Map(counts.map(({ hash, blocks }) => [hash, blocks]))).toEqual(
    new Map(expected?.signals.map(({ hash, blocks }) => [hash, blocks])),
  )
}

/** What people see must be what the chain holds. */
async function expectEqualToChain(database: Database, chain: FakeChain): Promise<void> {
  const checkpoint = await readCheckpoint(database.pool)
  expect(checkpoint?.hash).toBe(chain.head().hash)
  const balances = await database.prisma.balance.findMany()
  for (const row of balances) {
    const expected = chain.balanceOf(row.address as `0x${string}`, row.symbol)
    const sum = (opening: typeof row.opening, moved: typeof row.available): bigint =>
      BigInt(opening.plus(moved).toFixed(0))
    expect(sum(row.opening, row.available)).toBe(expected.available)
    expect(sum(row.openingLocked, row.locked)).toBe(expected.locked)
  }
  const native = await database.prisma.token.findUnique({ where: { symbol: 'ELF' } })
  expect(BigInt(native?.supply.toFixed(0) ?? 0)).toBe(chain.supply())
  const weights = chain.weights()
  for (const row of await database.prisma.delegate.findMany())
    expect(BigInt(row.weight.toFixed(0))).toBe(weights.get(row.address as `0x${string}`) ?? 0n)
  const backed = await database.pool.query<{ delegate: string; weight: string }>(
    'SELECT delegate, sum(weight) AS weight FROM backers GROUP BY 1',
  )
  expect(new Map(backed.rows.map((row) => [row.delegate, BigInt(row.weight)]))).toEqual(weights)
  await expectRuleOfChain(database, chain)
}

describe('indexer', () => {
  test('default: backfills and equals the chain', async () => {
    const chain = createFakeChain({ seed: 7 })
    chain.grow(250)
    const { database, indexer } = await open(chain)
    await catchUp(indexer)
    await expectEqualToChain(database, chain)
    expect(await database.prisma.block.count()).toBe(251)
    expect(await database.prisma.round.count()).toBeGreaterThan(30)
    expect((await database.prisma.delegate.findMany()).every((row) => row.name !== '')).toBe(true)
    expect(await database.prisma.position.count({ where: { lockedHeight: 0n } })).toBe(chain.producers.length)
    expect(await database.prisma.undoEntry.count()).toBeGreaterThan(0)
    expect(await database.prisma.rewardTerm.count()).toBeGreaterThan(3)
    expect(await database.prisma.rewardPoint.count()).toBeGreaterThan(3 * 4)
    expect(await database.prisma.rewardClaim.count()).toBeGreaterThan(3)
  })

  test('behavior: an index built anew has the same rows', async () => {
    const chain = createFakeChain({ seed: 11 })
    const live = await open(chain)
    for (let blocks = 0; blocks < 40; blocks++) {
      chain.grow(1)
      await catchUp(live.indexer)
    }
    chain.grow(100)
    await catchUp(live.indexer)
    const rebuilt = await open(chain, 17)
    await catchUp(rebuilt.indexer)
    expect(await dumpIndex(rebuilt.database)).toEqual(await dumpIndex(live.database))
  })

  test('behavior: a node that no longer has a state settles the newest activation by what holds now', async () => {
    const chain = createFakeChain({ seed: 19 })
    const now = async () => chain.collection('head')
    for (let status = await now(); status?.upgrades === 0 || status?.current.since === chain.head().height + 1n; ) {
      chain.grow(1)
      status = await now()
    }
    const collection: FakeChain['collection'] = async (at) =>
      at === 0n || at === 'head' ? chain.collection(at) : undefined
    const { database, indexer } = await open({ ...chain, collection })
    await catchUp(indexer)
    await expectEqualToChain(database, chain)
    // It was called off, which no header tells.
    expect(await database.prisma.collectionEvent.count({ where: { kind: 'calledOff' } })).toBe(1)
  })

  test('behavior: a stopped indexer goes on where its last transaction ended', async () => {
    const chain = createFakeChain({ seed: 13 })
    chain.grow(120)
    const first = await open(chain, 50)
    await first.indexer.step()
    chain.grow(30)
    const second = createIndexer({ database: first.database, source: chain, logger })
    await catchUp(second)
    const rebuilt = await open(chain)
    await catchUp(rebuilt.indexer)
    expect(await dumpIndex(first.database)).toEqual(await dumpIndex(rebuilt.database))
  })

  test('behavior: a node with another genesis empties the index', async () => {
    const chain = createFakeChain({ seed: 17 })
    chain.grow(20)
    const { database, indexer } = await open(chain)
    await catchUp(indexer)
    const other = createFakeChain({ seed: 18 })
    other.grow(5)
    const next = createIndexer({ database, source: other, logger })
    expect(await next.step()).toMatchObject({ kind: 'wiped' })
    await catchUp(next)
    await expectEqualToChain(database, other)
  })

  test('behavior: after random reorganisations the index equals one of the final chain', async () => {
    const operation = fc.oneof(
      fc.record({ kind: fc.constant('grow' as const), blocks: fc.integer({ min: 1, max: 12 }) }),
      fc.record({ kind: fc.constant('reorganise' as const), blocks: fc.integer({ min: 1, max: 8 }) }),
      fc.record({ kind: fc.constant('step' as const), blocks: fc.integer({ min: 1, max: 3 }) }),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.integer(),
        fc.integer({ min: 1, max: 20 }),
        fc.array(operation, { minLength: 4, maxLength: 25 }),
        async (seed, batch, operations) => {
          const chain = createFakeChain({ seed })
          const { database, indexer } = await open(chain, batch)
          for (const { kind, blocks } of operations) {
            if (kind === 'grow') chain.grow(blocks)
            else if (kind === 'reorganise') chain.reorganise(blocks)
            else for (let steps = 0; steps < blocks; steps++) await indexer.step()
          }
          await catchUp(indexer)
          await expectEqualToChain(database, chain)
          const rebuilt = await open(chain)
          await catchUp(rebuilt.indexer)
          expect(await dumpIndex(database)).toEqual(await dumpIndex(rebuilt.database))
        },
      ),
      { numRuns: 12 },
    )
  }, 120_000)
})
