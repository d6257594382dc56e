import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '#db'
import { proposalStatuses } from '#domain'
import { createIndexer } from '#indexer'
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
let context: TrpcContext
let answers: Record<string, unknown>
const caller = () => createCallerFactory(appRouter)(context).proposal

beforeAll(async () => {
  server = await startTestServer()
  database = await server.createDatabase()
  chain = createFakeChain({ seed: 11 })
  chain.grow(400)
  const indexer = createIndexer({ database, source: chain, logger })
  for (let result = await indexer.step(); result.kind !== 'idle'; ) result = await indexer.step()
  answers = {}
  context = {
    database,
    node: {
      info: async () => undefined,
      health: async () => ({ state: 'unreachable', detail: 'test' }),
      round: async () => undefined,
      transaction: async () => undefined,
      call: async (contract, view) => answers[`${contract}.${view}`],
    },
    feed: createLiveFeed({ databaseUrl: database.url }),
    memory: createMemory(Date.now),
    nodes: async () => ({ nodes: [], agreement: { state: 'alone', detail: '' }, askedAtMs: 0 }),
    queues: async () => [],
    limits: createLimiter(Date.now),
    site: { portalUrl: undefined, email: false },
    now: Date.now,
  }
}, 60_000)
afterAll(async () => {
  await context.feed.close()
  await server.stop()
}, 60_000)

test('default: the list has every proposal once, by status and page by page', async () => {
  const all = await caller().list({ limit: 100 })
  expect(all.items.length).toBeGreaterThan(20)
  expect(new Set(all.items.map(({ status }) => status)).size).toBe(5)
  const seen: string[] = []
  for (let cursor: string | undefined, pages = 0; pages < 100; pages++) {
    const page = await caller().list({ limit: 7, cursor })
    seen.push(...page.items.map(({ id }) => id))
    cursor = page.nextCursor
    if (cursor === undefined) break
  }
  const sum = proposalStatuses.reduce((total, status) => total + all.counts[status], 0)
  expect(seen.length).toBe(sum)
  expect(new Set(seen).size).toBe(sum)
  for (const status of proposalStatuses) {
    const { items } = await caller().list({ status, limit: 100 })
    expect(items.length).toBe(Math.min(100, all.counts[status]))
    expect(items.every((item) => item.status === status)).toBe(true)
  }
})

test('behavior: a proposal has its log, newest first, and the last review of each delegate', async () => {
  const { items } = await caller().list({ limit: 100 })
  let reviewed = 0
  for (const { id, status, adopted, declined, reviews } of items) {
    const found = await caller().get({ id })
    expect(found).toMatchObject({ id, status, adopted, declined })
    expect(found.log.at(-1)?.kind).toBe('submitted')
    if (status !== 'open') expect(found.log[0]?.kind).toBe(status)
    expect(found.reviewed.length).toBe(reviews)
    expect(new Set(found.reviewed.map(({ reviewer }) => reviewer)).size).toBe(reviews)
    // Choices of the log, the last of each, are what is counted.
    const chosen = new Map<string, string>()
    for (const { kind, actor } of found.log)
      if ((kind === 'adopted' || kind === 'declined') && !chosen.has(actor)) chosen.set(actor, kind)
    expect([...chosen.values()].filter((kind) => kind === 'adopted').length).toBe(adopted)
    expect(found.voters).toBeUndefined()
    reviewed += reviews
  }
  expect(reviewed).toBeGreaterThan(5)
  await expect(caller().get({ id: `0x${'00'.repeat(32)}` })).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('behavior: who may choose, and what submitting asks for, come from the chain', async () => {
  const [producer] = chain.producers
  answers = {
    'proposal.electorate': [
      { producer, choice: 1, chosenAt: '5' },
      { producer: `0x${'ee'.repeat(20)}`, choice: 0, chosenAt: '0' },
    ],
    'proposal.rules': { deposit: '100000000000', periodSeconds: '1209600', openMax: '3' },
    'foundation.members': { members: [producer], threshold: 1 },
  }
  const { items } = await caller().list()
  const { voters } = await caller().get({ id: items[0]?.id ?? '' })
  expect(voters).toEqual([
    { producer, name: expect.any(String), choice: 'adopt', chosenAtMs: 5 },
    { producer: `0x${'ee'.repeat(20)}`, choice: 'none' },
  ])
  expect(await caller().rules()).toEqual({
    deposit: 100_000_000_000n,
    periodMs: 1_209_600_000,
    openMax: 3,
    members: [producer],
  })
  answers = {}
  await expect(caller().rules()).rejects.toMatchObject({ message: expect.stringContaining('does not answer') })
})
