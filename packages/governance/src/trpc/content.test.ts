import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Database, inTransaction, isNamed, keptOf, pruneContents, putContent, wipe } from '#db'
import type { Hash } from '#domain'
import { createIndexer } from '#indexer'
import { createFakeChain, startTestServer, type TestServer } from '#testing'
import { answerContent } from './contentRoute.ts'
import type { TrpcContext } from './context.ts'
import { createLimiter } from './limits.ts'

const logger = { info: () => undefined, warn: () => undefined }
const SITE = 'http://localhost:3000'
const DAY_MS = 86_400_000
let server: TestServer
let database: Database
let nowMs = 1_800_000_000_000
let context: TrpcContext

beforeAll(async () => {
  server = await startTestServer()
  database = await server.createDatabase()
  const chain = createFakeChain({ seed: 3 })
  chain.grow(120)
  const indexer = createIndexer({ database, source: chain, logger })
  for (let result = await indexer.step(); result.kind !== 'idle'; ) result = await indexer.step()
}, 60_000)
afterAll(() => server.stop(), 60_000)
beforeEach(() => {
  context = {
    database,
    limits: createLimiter(() => nowMs),
    site: { portalUrl: SITE, email: false },
    now: () => nowMs,
  } as unknown as TrpcContext
})

const sha256 = (bytes: Uint8Array): Hash => `0x${createHash('sha256').update(bytes).digest('hex')}`
const text = (words: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(words))
const urlOf = (hash: string): string => `${SITE}/api/content/${hash}`

const put = (hash: string, body: BodyInit, headers: Record<string, string> = { origin: SITE }): Promise<Response> =>
  answerContent(
    context,
    new Request(urlOf(hash), { method: 'PUT', body, headers, duplex: 'half' } as RequestInit),
    hash,
  )
const get = (hash: string): Promise<Response> => answerContent(context, new Request(urlOf(hash)), hash)
const codeOf = async (response: Response): Promise<[number, string]> => [
  response.status,
  ((await response.json()) as { code: string }).code,
]

/** Has a proposal name the hash, as when it was submitted. */
async function name(hash: Hash): Promise<void> {
  await database.pool.query(
    `UPDATE "proposals" SET archive_hash = $1 WHERE proposal_id = (SELECT min(proposal_id) FROM "proposals")`,
    [hash],
  )
}

test('default: what the chain names is given to anybody, sealed; what it does not name to nobody', async () => {
  const bytes = text('<script>alert(1)</script>')
  const hash = sha256(bytes)
  expect((await put(hash, bytes)).status).toBe(201)
  expect((await put(hash, bytes)).status).toBe(200)
  expect(await codeOf(await get(hash))).toEqual([404, 'content.notFound'])
  await name(hash)
  const given = await get(hash)
  expect(new Uint8Array(await given.arrayBuffer())).toEqual(bytes)
  expect(Object.fromEntries(given.headers)).toMatchObject({
    'content-type': 'application/octet-stream',
    'x-content-type-options': 'nosniff',
    'content-disposition': `attachment; filename="${hash}"`,
    'content-security-policy': expect.stringContaining('sandbox'),
    'cross-origin-resource-policy': 'same-origin',
  })
})

test('error: bytes of another hash, too many, from elsewhere, under no hash', async () => {
  const hash = sha256(text('mine'))
  expect(await codeOf(await put(hash, text('other')))).toEqual([422, 'content.otherHash'])
  for (const headers of [{}, { origin: 'https://elsewhere.example' }, { origin: SITE, 'sec-fetch-site': 'cross-site' }])
    expect(await codeOf(await put(hash, text('mine'), headers))).toEqual([403, 'request.foreign'])
  expect(await codeOf(await put('../x', text('x')))).toEqual([400, 'content.badHash'])
  expect(await codeOf(await get(hash.toUpperCase()))).toEqual([400, 'content.badHash'])
  // A body that does not say how long it is.
  let sent = 0
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      sent += 1
      controller.enqueue(new Uint8Array(1024 * 1024))
    },
  })
  expect(await codeOf(await put(hash, endless))).toEqual([413, 'content.tooLarge'])
  expect(sent).toBeLessThan(20)
  expect(await keptOf(database, [hash])).toEqual([])
})

test('behavior: strangers cannot use up the share of what the chain names', async () => {
  for (let index = 0; index < 30; index++) await put(sha256(text(`file ${index}`)), text(`file ${index}`))
  expect(await codeOf(await put(sha256(text('one more')), text('one more')))).toEqual([429, 'rate.limited'])
  const named = text('named while others are busy')
  await name(sha256(named))
  expect((await put(sha256(named), named)).status).toBe(201)
})

test('behavior: room for what nothing names is bounded, the oldest goes; what is named stays', async () => {
  const bytes = (seed: number): Uint8Array => new Uint8Array(1000).fill(seed)
  const named = bytes(0)
  await name(sha256(named))
  await putContent(database, { hash: sha256(named), bytes: named, nowMs: nowMs - 10 })
  const others = [1, 2, 3, 4].map(bytes)
  for (const [index, other] of others.entries())
    await putContent(database, { hash: sha256(other), bytes: other, nowMs: nowMs + index + 1, unnamedMax: 2500 })
  const kept = await keptOf(database, [named, ...others].map(sha256))
  expect(new Set(kept)).toEqual(new Set([named, bytes(3), bytes(4)].map(sha256)))
})

test('behavior: what nothing has named for a day goes; an index built anew forgets nothing', async () => {
  const [named, other] = [text('kept for long'), text('kept for a day')]
  await name(sha256(named))
  for (const bytes of [named, other]) await putContent(database, { hash: sha256(bytes), bytes, nowMs })
  nowMs += DAY_MS - 1
  await pruneContents(database, nowMs)
  expect(await keptOf(database, [sha256(named), sha256(other)])).toHaveLength(2)
  nowMs += 2
  await pruneContents(database, nowMs)
  expect(await keptOf(database, [sha256(named), sha256(other)])).toEqual([sha256(named)])
  // The index is emptied, and filled again within the day.
  await inTransaction(database.pool, wipe)
  nowMs += DAY_MS - 1
  await pruneContents(database, nowMs)
  expect(await isNamed(database, sha256(named), nowMs)).toBe(true)
  expect((await get(sha256(named))).status).toBe(200)
})
