import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '#db'
import { createIndexer, type Indexer } from '#indexer'
import {
  childText,
  createFakeChain,
  type FakeChain,
  readCalendar,
  readXml,
  startTestServer,
  type TestServer,
} from '#testing'
import type { TrpcContext } from './context.ts'
import { createLimiter } from './limits.ts'
import { createMemory } from './memory.ts'
import { answerUpgradeFeed, type FeedForm } from './upgradeFeeds.ts'

const logger = { info: () => undefined, warn: () => undefined }
let server: TestServer
let database: Database
let chain: FakeChain
let indexer: Indexer
let portalUrl: string | undefined

const context = (): Parameters<typeof answerUpgradeFeed>[0] => ({
  database,
  memory: createMemory(() => 0),
  limits: createLimiter(() => 0),
  site: { portalUrl, email: false },
})
const ask = (form: FeedForm, headers: Record<string, string> = {}, ctx: Pick<TrpcContext, 'limits'> = context()) =>
  answerUpgradeFeed({ ...context(), ...ctx }, new Request('http://127.0.0.1:3000/feeds/x', { headers }), form)

async function catchUp(): Promise<void> {
  for (let result = await indexer.step(); result.kind !== 'idle'; ) result = await indexer.step()
}

beforeAll(async () => {
  server = await startTestServer()
  database = await server.createDatabase()
  chain = createFakeChain({ seed: 5 })
  indexer = createIndexer({ database, source: chain, logger })
}, 60_000)
afterAll(() => server.stop(), 60_000)

test('error: an empty index is no empty feed', async () => {
  expect((await ask('rss')).status).toBe(503)
})

test('default: every step that can not be taken back is one item, newest first', async () => {
  chain.grow(600)
  await catchUp()
  const response = await ask('rss')
  expect(response.headers.get('content-type')).toBe('application/rss+xml; charset=utf-8')
  const items = readXml(await response.text()).children[0]?.children.filter(({ name }) => name === 'item') ?? []
  expect(items).toHaveLength(100)
  const kinds = new Set(items.map((item) => childText(item, 'category')))
  for (const kind of ['submitted', 'approved', 'lockedIn', 'reset', 'activated']) expect(kinds).toContain(kind)
  const guids = items.map((item) => childText(item, 'guid'))
  expect(new Set(guids).size).toBe(guids.length)
  const times = items.map((item) => Date.parse(childText(item, 'pubDate')))
  expect(times).toEqual(times.toSorted((a, b) => b - a))
  expect(items.every((item) => childText(item, 'link').startsWith('http://127.0.0.1:3000/'))).toBe(true)
})

test('behavior: a reorganisation of what may still change changes no feed', async () => {
  const before = await Promise.all((['rss', 'ics'] as const).map(async (form) => (await ask(form)).text()))
  chain.reorganise(6)
  chain.reorganise(7)
  // Only the newest irreversible block decides.
  await database.pool.query('UPDATE "checkpoints" SET finalized_height = finalized_height')
  const { rows } = await database.pool.query<{ finalized_height: string }>('SELECT finalized_height FROM "checkpoints"')
  await catchUp()
  await database.pool.query('UPDATE "checkpoints" SET finalized_height = $1', [rows[0]?.finalized_height])
  expect(await Promise.all((['rss', 'ics'] as const).map(async (form) => (await ask(form)).text()))).toEqual(before)
})

test('behavior: whoever has the newest bytes is told so, and nobody is asked to come back at once', async () => {
  for (const form of ['rss', 'ics'] as const) {
    const first = await ask(form)
    const etag = first.headers.get('etag') ?? ''
    expect(etag).toMatch(/^"[\w-]{27}"$/)
    expect(first.headers.get('cache-control')).toBe('public, max-age=60')
    const again = await ask(form, { 'if-none-match': `"other", W/${etag}` })
    expect(again.status).toBe(304)
    expect(await again.text()).toBe('')
    expect((await ask(form, { 'if-none-match': '"other"' })).status).toBe(200)
  }
})

test('default: a calendar has one entry for each lock-in, whose number rises whenever it changes', async () => {
  const seen = new Map<string, { sequence: number; text: string; stamp: string }>()
  let revisions = 0
  for (let steps = 0; steps < 60; steps++) {
    chain.grow(2)
    await catchUp()
    const { events } = readCalendar(await (await ask('ics')).text())
    expect(new Set(events.map((event) => event['UID'])).size).toBe(events.length)
    for (const event of events) {
      const { SEQUENCE = '', DTSTAMP = '', UID = '', ...rest } = event
      const found = { sequence: Number(SEQUENCE), stamp: DTSTAMP, text: JSON.stringify(rest) }
      const before = seen.get(UID)
      if (before !== undefined && before.text !== found.text) {
        revisions += 1
        expect(found.sequence).toBeGreaterThan(before.sequence)
        expect(found.stamp >= before.stamp).toBe(true)
      }
      if (before?.text === found.text) expect(found.stamp).toBe(before.stamp)
      seen.set(UID, found)
    }
  }
  expect(revisions).toBeGreaterThan(10)
}, 120_000)

test('args: links lead to where people see the portal', async () => {
  portalUrl = 'https://portal.example'
  const { events, head } = readCalendar(await (await ask('ics')).text())
  expect(head['URL']).toBe('https://portal.example/upgrades')
  expect(events.every((event) => event['URL']?.startsWith('https://portal.example/'))).toBe(true)
})

test('error: a flood is turned away', async () => {
  const limits = { take: () => false }
  expect((await ask('rss', {}, { limits })).status).toBe(429)
})
