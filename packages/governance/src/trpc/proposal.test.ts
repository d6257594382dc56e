import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, putContent, settleCheck } from '#db'
import { type Hash, proposalStatuses } from '#domain'
import { createIndexer } from '#indexer'
import { createFakeChain, type FakeChain, startTestServer, type TestServer } from '#testing'
import type { TrpcContext } from './context.ts'
import { createLiveFeed } from './feed.ts'
import { createCallerFactory } from './init.ts'
import { createLimiter } from './limits.ts'
import { createMemory } from './memory.ts'
import { currentRelease } from './release.ts'
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
      contracts: async () => undefined,
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

const BUNDLE: Hash = `0x${'bb'.repeat(32)}`

test('behavior: what is kept of a proposal, and what the server made of its archive', async () => {
  const { items } = await caller().list()
  const id = items[0]?.id ?? ''
  const { archiveHash, textHash } = await caller().get({ id })
  const ownPage = { isOwnPage: true, sessionToken: undefined, site: undefined, setSession: () => undefined }
  const page = createCallerFactory(appRouter)({ ...context, request: ownPage }).proposal
  expect(await caller().content({ id })).toEqual({ kept: [] })
  await expect(page.askForCheck({ archiveHash })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  for (const hash of [archiveHash, textHash])
    await putContent(database, { hash, bytes: new Uint8Array([1]), nowMs: Date.now() })
  await expect(caller().askForCheck({ archiveHash })).rejects.toMatchObject({ code: 'FORBIDDEN' })
  expect(await caller().check({ archiveHash })).toEqual({ check: null })
  await page.askForCheck({ archiveHash })
  expect((await caller().check({ archiveHash })).check).toMatchObject({ state: 'waiting' })
  const outcome = { kind: 'built', bundleHash: BUNDLE, bundleBytes: 1, name: 'a', version: '1', params: {} } as const
  const report = { files: 1, unpackedBytes: 1, warnings: [], warned: 0, outcome }
  const bundle = { hash: BUNDLE, bytes: new Uint8Array([2]) }
  await settleCheck(database, { archiveHash, report, bundle, nowMs: Date.now() })
  const { kept, check } = await caller().content({ id })
  expect(new Set(kept)).toEqual(new Set([archiveHash, textHash, BUNDLE]))
  expect(check).toMatchObject({ state: 'done', report })
})

test('behavior: archives are compared with the source of the collection in force, wherever it is', async () => {
  await expect(caller().base()).rejects.toMatchObject({ message: expect.stringContaining('in force') })
  const inForce = async (hash: Hash) => {
    answers = { 'collection.status': { current: { hash, since: '0' } } }
    return caller().base()
  }
  const { bundleHash } = await currentRelease()
  expect(await inForce(bundleHash)).toEqual({ collection: bundleHash, source: 'release' })
  const [first] = (await caller().list()).items
  const { archiveHash } = await caller().get({ id: first?.id ?? '' })
  expect(await inForce(BUNDLE)).toEqual({ collection: BUNDLE, source: 'archive', archiveHash })
  const other: Hash = `0x${'cc'.repeat(32)}`
  expect(await inForce(other)).toEqual({ collection: other, source: 'unknown' })
})
