import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '#db'
import type { NodePointView } from '#domain'
import { createIndexer, type Indexer } from '#indexer'
import { createFakeChain, type FakeChain, startTestServer, type TestServer } from '#testing'
import type { TrpcContext } from './context.ts'
import { createLiveFeed } from './feed.ts'
import { createCallerFactory } from './init.ts'
import { createLimiter } from './limits.ts'
import { createMemory } from './memory.ts'
import { appRouter } from './router.ts'

const logger = { info: () => undefined, warn: () => undefined }
let server: TestServer
let database: Database
let chain: FakeChain
let indexer: Indexer
let context: TrpcContext
let nodes: readonly NodePointView[] = []
const caller = () => createCallerFactory(appRouter)(context).upgrade

async function catchUp(): Promise<void> {
  for (let result = await indexer.step(); result.kind !== 'idle'; ) result = await indexer.step()
}

const locked = async () => {
  const { candidate } = await caller().overview()
  return candidate === undefined ? [] : [candidate.hash]
}

beforeAll(async () => {
  server = await startTestServer()
  database = await server.createDatabase()
  chain = createFakeChain({ seed: 5 })
  indexer = createIndexer({ database, source: chain, logger })
  chain.grow(600)
  await catchUp()
  context = {
    database,
    node: {
      info: async () => undefined,
      health: async () => ({ state: 'unreachable', detail: 'test' }),
      round: async () => undefined,
      transaction: async () => undefined,
      contracts: async () => undefined,
      call: async () => undefined,
    },
    feed: createLiveFeed({ databaseUrl: database.url }),
    memory: createMemory(Date.now),
    nodes: async () => ({ nodes, agreement: { state: 'alone', detail: '' }, askedAtMs: 0 }),
    queues: async () => [],
    limits: createLimiter(Date.now),
    site: { portalUrl: undefined, email: false },
    now: Date.now,
  }
}, 90_000)
afterAll(async () => {
  await context.feed.close()
  await server.stop()
}, 60_000)

test('default: the pages say what the chain says, block after block', async () => {
  const stages = new Set<string>()
  for (let blocks = 0; blocks < 15; blocks++) {
    chain.grow(1)
    await catchUp()
    const expected = await chain.collection('head')
    const view = await caller().overview()
    expect(view.current.hash).toBe(expected?.current.hash)
    expect(view.rule).toEqual({ window: expected?.window, lockIn: expected?.lockIn, confirm: expected?.confirm })
    expect(view.candidate?.hash).toBe(expected?.candidate?.hash)
    expect(view.candidate?.confirmed).toBe(expected?.candidate?.confirmed)
    expect(new Map(view.signalled.map((one) => [one.hash, one.blocks]))).toEqual(
      new Map(expected?.signals.map((one) => [one.hash, one.blocks])),
    )
    // What a strip counts is what the chain counts.
    for (const { hash, blocks: count } of view.signalled) {
      const one = await caller().get({ id: hash })
      expect(one.blocks).toBe(count)
      expect(one.strip.blocks.at(-1)?.support).toBe(count)
      expect(one.stage).toBe(hash === expected?.candidate?.hash ? 'lockedIn' : 'signalled')
      stages.add(one.stage)
    }
  }
  expect(stages).toEqual(new Set(['lockedIn', 'signalled']))
}, 120_000)

test('behavior: every kind of step was indexed, and what was called off is among what ran but not in force', async () => {
  const { rows } = await database.pool.query<{ kind: string }>('SELECT DISTINCT kind FROM "collection_events"')
  expect(new Set(rows.map(({ kind }) => kind))).toEqual(
    new Set(['began', 'lockedIn', 'replaced', 'reset', 'resumed', 'activated', 'calledOff']),
  )
  const { eras, current } = await caller().overview()
  const failed = eras.filter(({ calledOff }) => calledOff)
  expect(failed.length).toBeGreaterThan(0)
  expect(failed.some(({ hash, since }) => hash === current.hash && since === current.since)).toBe(false)
  expect(eras.at(-1)?.since).toBe(0n)
  for (const { hash } of eras.slice(0, 5)) {
    const { log, stage } = await caller().get({ id: hash })
    expect(log.length).toBeGreaterThan(0)
    expect(stage === 'inForce').toBe(hash === current.hash)
  }
})

test('behavior: of nodes that are not asked, nothing is said', async () => {
  const { signalled, current } = await caller().overview()
  const hash = signalled[0]?.hash ?? current.hash
  const [first, second] = chain.producers
  nodes = [
    {
      name: 'own:1',
      state: 'ok',
      detail: '',
      version: '1.0.0',
      ...(first === undefined ? {} : { delegate: first }),
      collection: { running: current.hash, installed: [hash], signal: hash },
    },
    { name: 'old:1', state: 'ok', detail: '', version: '0.9.0', ...(second === undefined ? {} : { delegate: second }) },
    { name: 'seen:1', state: 'ok', detail: '', collection: { running: current.hash, installed: [] } },
    { name: 'gone:1', state: 'unreachable', detail: '' },
  ]
  const view = await caller().get({ id: hash })
  const byProducer = new Map(view.producers.map((row) => [row.producer, row]))
  expect(view.producers.length).toBe(chain.producers.length)
  expect(byProducer.get(first ?? '0x')?.node).toMatchObject({ installed: true, version: '1.0.0', signal: hash })
  expect(byProducer.get(second ?? '0x')?.node?.installed).toBeUndefined()
  expect([...byProducer.values()].filter(({ node }) => node === undefined).length).toBe(chain.producers.length - 2)
  expect(view.nodes).toEqual([{ name: 'seen:1', running: current.hash, installed: hash === current.hash }])
  for (const { lastBlock } of view.producers) expect(lastBlock?.height).toBeGreaterThan(0n)
})

test('behavior: a node that runs something else is marked with the reason', async () => {
  const { current } = await caller().overview()
  const foreign = { running: `0x${'34'.repeat(32)}` as const, installed: [] }
  const at = { state: 'ok', detail: '', height: chain.head().height } as const
  nodes = [
    { name: 'same:1', ...at, collection: { running: current.hash, installed: [current.hash, ...(await locked())] } },
    { name: 'other:1', ...at, collection: foreign },
    { name: 'silent:1', ...at },
  ]
  const health = await createCallerFactory(appRouter)(context).network.health()
  expect(health.nodes.nodes.map(({ concern }) => concern?.level)).toEqual([undefined, 'bad', undefined])
})

test('error: a hash nobody signals or proposes has no page', async () => {
  await expect(caller().get({ id: `0x${'12'.repeat(32)}` })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(caller().get({ id: 'x' })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
})
