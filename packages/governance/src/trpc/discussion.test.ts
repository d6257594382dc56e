import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { addSession, type Database } from '#db'
import { type Address, COMMENT_MAX_BYTES, type Hash } from '#domain'
import { createIndexer } from '#indexer'
import { createFakeChain, startTestServer, type TestServer } from '#testing'
import type { TrpcContext } from './context.ts'
import { createLiveFeed } from './feed.ts'
import { createCallerFactory } from './init.ts'
import { createLimiter } from './limits.ts'
import { createMemory } from './memory.ts'
import { appRouter } from './router.ts'
import { hashToken } from './signIn.ts'

const NOBODY = `0x${'99'.repeat(20)}` as Address
const MINUTE_MS = 60_000
const logger = { info: () => undefined, warn: () => undefined }
let server: TestServer
let database: Database
let context: TrpcContext
let proposals: readonly Hash[]
let producer: Address
let holder: Address
let member: Address
let nowMs = Date.now()

beforeAll(async () => {
  server = await startTestServer()
  database = await server.createDatabase()
  const chain = createFakeChain({ seed: 11 })
  chain.grow(400)
  const indexer = createIndexer({ database, source: chain, logger })
  for (let result = await indexer.step(); result.kind !== 'idle'; ) result = await indexer.step()
  const one = async (sql: string): Promise<Address> => {
    const { rows } = await database.pool.query<{ address: Address }>(sql)
    if (rows[0] === undefined) throw new Error(`nobody: ${sql}`)
    return rows[0].address
  }
  producer = await one(
    'SELECT address FROM term_producers WHERE term = (SELECT max(term) FROM terms) ORDER BY rank LIMIT 1',
  )
  holder = await one(
    `SELECT address FROM balances WHERE opening + available > 0 AND address NOT IN (SELECT address FROM delegates)
     AND address NOT IN (SELECT address FROM term_producers) ORDER BY address LIMIT 1`,
  )
  member =
    await one(`SELECT address FROM balances WHERE opening + available > 0 AND address <> '${holder}' AND address NOT IN
     (SELECT address FROM delegates) AND address NOT IN (SELECT address FROM term_producers) ORDER BY address LIMIT 1`)
  const found = await database.pool.query<{ id: Hash }>(
    'SELECT proposal_id AS id FROM proposals ORDER BY submitted_order DESC LIMIT 3',
  )
  proposals = found.rows.map(({ id }) => id)
  context = {
    database,
    node: {
      info: async () => ({ nowMs, height: '400' }) as never,
      health: async () => ({ state: 'unreachable', detail: 'test' }),
      round: async () => undefined,
      transaction: async () => undefined,
      contracts: async () => undefined,
      call: async (contract, view) =>
        `${contract}.${view}` === 'foundation.members' ? { members: [member] } : undefined,
    },
    feed: createLiveFeed({ databaseUrl: database.url }),
    memory: createMemory(Date.now),
    nodes: async () => ({ nodes: [], agreement: { state: 'alone', detail: '' }, askedAtMs: 0 }),
    queues: async () => [],
    limits: createLimiter(() => nowMs),
    site: { portalUrl: undefined, email: false },
    now: () => nowMs,
  }
}, 60_000)
beforeEach(async () => {
  nowMs += MINUTE_MS
  await database.pool.query('DELETE FROM comments')
})
afterAll(async () => {
  await context.feed.close()
  await server.stop()
}, 60_000)

type Discussion = ReturnType<ReturnType<typeof createCallerFactory<(typeof appRouter)['_def']['record']>>>['discussion']

const callerOf = (request: TrpcContext['request']) => createCallerFactory(appRouter)({ ...context, request }).discussion
const visitor = (): Discussion => callerOf(undefined)

let tokens = 0
async function as(address: Address, isOwnPage = true): Promise<Discussion> {
  tokens += 1
  const sessionToken = `token ${tokens}`
  await addSession(database, { tokenHash: hashToken(sessionToken), address, nowMs })
  return callerOf({ sessionToken, isOwnPage, site: undefined, setSession: () => undefined })
}

const about = (index = 0): Hash => proposals[index] as Hash
const reason = (code: string): object => ({ cause: { reason: code } })

describe('what is said about a proposal', () => {
  test('default: shows who says it and what they are on the chain, answers below, the newest first', async () => {
    const [one, two, three] = [await as(producer), await as(holder), await as(member)]
    const first = await one.write({ proposalId: about(), text: 'Why **now**?\n' })
    nowMs += MINUTE_MS
    await two.write({ proposalId: about(), text: 'Because.', replyTo: first.id })
    const second = await three.write({ proposalId: about(), text: 'I am for it.' })
    await two.write({ proposalId: about(1), text: 'Elsewhere.' })
    const list = await visitor().list({ proposalId: about() })
    expect(list.total).toBe(3)
    expect(list.items).toMatchObject([
      { id: second.id, author: member, roles: ['member'], text: 'I am for it.', withdrawn: false, replies: [] },
      {
        id: first.id,
        author: producer,
        roles: ['producer'],
        text: 'Why **now**?',
        replies: [{ author: holder, roles: ['holder'], text: 'Because.', createdAtMs: nowMs }],
      },
    ])
    const board = await createCallerFactory(appRouter)(context).proposal.list({ limit: 100 })
    const talk = new Map(board.items.map((item) => [item.id, item.talk]))
    expect(talk.get(about())).toEqual({ comments: 3, newestAtMs: nowMs })
    expect(talk.get(about(1))).toEqual({ comments: 1, newestAtMs: nowMs })
    expect(talk.get(about(2))).toBeUndefined()
  })

  test('behavior: comes page by page, and a comment is found on the page that begins with its thread', async () => {
    const ids: number[] = []
    for (let count = 0; count < 23; count++) {
      if (count % 8 === 0) nowMs += 70 * MINUTE_MS
      ids.push((await (await as(holder)).write({ proposalId: about(), text: `Number ${count}` })).id)
    }
    const reply = await (await as(producer)).write({
      proposalId: about(),
      text: 'To an old one',
      replyTo: ids[4] as number,
    })
    const seen: number[] = []
    for (let cursor: string | undefined, pages = 0; pages < 9; pages++) {
      const page = await visitor().list({ proposalId: about(), cursor })
      seen.push(...page.items.map(({ id }) => id))
      cursor = page.nextCursor
      if (cursor === undefined) break
    }
    expect(seen).toEqual([...ids].reverse())
    const linked = await visitor().list({ proposalId: about(), comment: reply.id })
    expect(linked.items[0]).toMatchObject({ id: ids[4], replies: [{ id: reply.id }] })
    // One that is not there leads to the newest.
    expect((await visitor().list({ proposalId: about(1), comment: reply.id })).items).toEqual([])
    expect((await visitor().list({ proposalId: about(), comment: 1_000_000 })).items[0]).toMatchObject({ id: ids[22] })
  })

  test('behavior: its author changes it, and takes it back: the text is gone, and its place with the last answer', async () => {
    const [author, other] = [await as(holder), await as(producer)]
    const { id } = await author.write({ proposalId: about(), text: 'A secret by mistake' })
    const reply = await other.write({ proposalId: about(), text: 'Careful', replyTo: id })
    nowMs += MINUTE_MS
    await author.edit({ id, text: 'Less of it' })
    expect((await visitor().list({ proposalId: about() })).items[0]).toMatchObject({
      text: 'Less of it',
      editedAtMs: nowMs,
    })
    await author.withdraw({ id })
    const { rows } = await database.pool.query('SELECT text FROM comments')
    expect(JSON.stringify(rows)).not.toMatch(/secret|Less/)
    const { items, total } = await visitor().list({ proposalId: about() })
    expect(items).toMatchObject([{ id, withdrawn: true, text: '', replies: [{ id: reply.id }] }])
    expect(total).toBe(1)
    for (const late of [() => author.edit({ id, text: 'Again' }), () => author.withdraw({ id })])
      await expect(late()).rejects.toMatchObject(reason('comment.notFound'))
    await expect(other.write({ proposalId: about(), text: 'To nothing', replyTo: id })).rejects.toMatchObject(
      reason('comment.notFound'),
    )
    await other.withdraw({ id: reply.id })
    expect(await visitor().list({ proposalId: about() })).toMatchObject({ items: [], total: 0 })
  })
})

describe('who may say what', () => {
  test('error: nobody, strangers and foreign pages change nothing', async () => {
    const author = await as(holder)
    const { id } = await author.write({ proposalId: about(), text: 'Mine' })
    const before = await visitor().list({ proposalId: about() })
    const inputs = { write: { proposalId: about(), text: 'x' }, edit: { id, text: 'x' }, withdraw: { id } }
    const [stranger, foreign] = [await as(producer), await as(holder, false)]
    const unsigned = callerOf({
      sessionToken: undefined,
      isOwnPage: true,
      site: undefined,
      setSession: () => undefined,
    })
    const tried = (caller: Discussion) => [
      () => caller.edit(inputs.edit),
      () => caller.withdraw(inputs.withdraw),
      ...(caller === stranger ? [] : [() => caller.write(inputs.write)]),
    ]
    for (const work of tried(unsigned)) await expect(work()).rejects.toMatchObject(reason('session.required'))
    for (const work of tried(foreign)) await expect(work()).rejects.toMatchObject(reason('request.foreign'))
    for (const work of tried(stranger)) await expect(work()).rejects.toMatchObject(reason('comment.notFound'))
    expect(await visitor().list({ proposalId: about() })).toEqual(before)
  })

  test('error: who has nothing on the chain does not write', async () => {
    await expect((await as(NOBODY)).write({ proposalId: about(), text: 'Buy now' })).rejects.toMatchObject(
      reason('comment.noHolder'),
    )
  })

  test('error: answers go to a comment of this proposal that is no answer', async () => {
    const author = await as(holder)
    const { id } = await author.write({ proposalId: about(), text: 'One' })
    const reply = await author.write({ proposalId: about(), text: 'Two', replyTo: id })
    for (const input of [
      { proposalId: about(), text: 'x', replyTo: reply.id },
      { proposalId: about(1), text: 'x', replyTo: id },
      { proposalId: about(), text: 'x', replyTo: 999_999 },
    ])
      await expect(author.write(input)).rejects.toMatchObject(reason('comment.notFound'))
    const elsewhere = { proposalId: `0x${'00'.repeat(32)}`, text: 'x' }
    await expect(author.write(elsewhere)).rejects.toMatchObject(reason('proposal.notFound'))
  })

  test('error: nothing, too much and unknown fields are refused', async () => {
    const author = await as(holder)
    const good = { proposalId: about(), text: 'é'.repeat(COMMENT_MAX_BYTES / 2) }
    for (const input of [
      { ...good, text: '' },
      { ...good, text: ' \n\t' },
      { ...good, text: `${good.text}é` },
      { ...good, text: 'a\0b' },
      { ...good, replyTo: -1 },
      { ...good, author: producer },
      { ...good, proposalId: 'x' },
    ])
      await expect(author.write(input)).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    await author.write(good)
  })

  test('error: an account writes ten in an hour, also with many sessions at once, and later again', async () => {
    const sessions = await Promise.all(Array.from({ length: 14 }, () => as(holder)))
    const tried = await Promise.allSettled(
      sessions.map((one, index) => one.write({ proposalId: about(index % 3), text: 'x' })),
    )
    expect(tried.filter(({ status }) => status === 'fulfilled')).toHaveLength(10)
    expect(tried.find(({ status }) => status === 'rejected')).toMatchObject({ reason: reason('rate.limited') })
    // Taking back does not make room.
    const { items } = await visitor().list({ proposalId: about() })
    await sessions[0]?.withdraw({ id: items[0]?.id as number })
    await expect((await as(holder)).write({ proposalId: about(), text: 'x' })).rejects.toMatchObject(
      reason('rate.limited'),
    )
    nowMs += 61 * MINUTE_MS
    await (await as(holder)).write({ proposalId: about(), text: 'x' })
  })

  test('error: a proposal and a comment take only so much', async () => {
    const author = await as(holder)
    const { id } = await author.write({ proposalId: about(), text: 'x' })
    const fill = (parent: number | null, count: number) =>
      database.pool.query(
        `INSERT INTO comments (proposal_id, parent_id, author, text, created_at_ms) SELECT $1, $2, $3, 'x', 0 FROM generate_series(1, $4::int)`,
        [about(), parent, producer, count],
      )
    await fill(id, 30)
    await expect(author.write({ proposalId: about(), text: 'x', replyTo: id })).rejects.toMatchObject(
      reason('comment.full'),
    )
    await author.write({ proposalId: about(), text: 'x' })
    await fill(null, 968)
    await expect(author.write({ proposalId: about(), text: 'x' })).rejects.toMatchObject(reason('comment.full'))
  })
})
