import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  type Actor,
  addChannel,
  type Database,
  listDeliveries,
  putSubscription,
  reviveDelivery,
  stopChannel,
} from '#db'
import { type AlertKind, newsPath } from '#domain'
import { EgressError, type Mail, type PostOptions } from '#egress'
import { type ChainSource, createIndexer } from '#indexer'
import { createFakeChain, startTestServer, type TestServer } from '#testing'
import { type JobContext, type Outbox, runJob } from './handlers/index.ts'

const owner: Actor = { address: `0x${'11'.repeat(20)}` }
const logger = { info: () => undefined, warn: () => undefined }
let server: TestServer
let database: Database
let source: ChainSource
let delegate: `0x${string}`
let nowMs = 1_000_000

interface Sent {
  readonly posts: PostOptions[]
  readonly mails: Mail[]
  readonly queue: { item: string; key: string }[]
}
let sent: Sent
let answer: () => Promise<{ status: number }>

const outbox: Outbox = {
  mailer: { send: async (mail) => void sent.mails.push(mail), close: () => undefined },
  portalUrl: 'https://portal.example',
  post: async (options) => {
    sent.posts.push(options)
    return answer()
  },
  allowLoopback: async () => true,
  enqueue: async (_, ticket) => void sent.queue.push(ticket),
}
const context = (): JobContext => ({ database, source, now: () => nowMs, outbox })

beforeAll(async () => {
  server = await startTestServer()
}, 60_000)
afterAll(() => server.stop(), 60_000)
beforeEach(async () => {
  database = await server.createDatabase()
  const chain = createFakeChain({ seed: 3 })
  chain.grow(80)
  const indexer = createIndexer({ database, source: chain, logger })
  for (let result = await indexer.step(); result.kind !== 'idle'; ) result = await indexer.step()
  source = chain
  delegate = chain.producers[0] as `0x${string}`
  sent = { posts: [], mails: [], queue: [] }
  answer = async () => ({ status: 200 })
  nowMs = 1_000_000
}, 60_000)

async function subscribe(kinds: readonly AlertKind[], kind: 'webhook' | 'email' = 'webhook'): Promise<string> {
  const id = crypto.randomUUID()
  const target = kind === 'webhook' ? 'http://127.0.0.1:9/' : 'delegate@mail.example'
  await addChannel(database, owner, { id, kind, target, secret: 'whsec_x', confirmNonce: null, nowMs, max: 10 })
  await putSubscription(database, owner, {
    id: crypto.randomUUID(),
    channelId: id,
    delegate,
    kinds,
    missedInRow: 1,
    fromSlot: 0n,
    fromHeight: 0n,
    nowMs,
    max: 50,
  })
  return id
}

/** The last slots of the delegate, all missed: one piece of news, since a run is told once. */
const missLastSlots = (): Promise<unknown> =>
  database.pool.query(
    `UPDATE "round_slots" SET state = CASE WHEN slot > (SELECT max(slot) - 40 FROM "round_slots") THEN 'missed' ELSE 'produced' END, reason = 'offline' WHERE producer = $1`,
    [delegate],
  )
const deliveries = () => listDeliveries(database, owner, 100)
const runQueue = async (): Promise<string[]> => {
  const outcomes: string[] = []
  for (const { item } of sent.queue.splice(0)) outcomes.push(await runJob('deliverAlert', context(), item))
  return outcomes
}

describe('finding', () => {
  test('default: news is written once, however often and by however many it is looked for', async () => {
    await subscribe(['missed'])
    await missLastSlots()
    await Promise.all(Array.from({ length: 8 }, () => runJob('findAlerts', context())))
    await runJob('findAlerts', context())
    const found = await deliveries()
    expect(found).toHaveLength(1)
    expect(found[0]).toMatchObject({ kind: 'missed', state: 'pending', owner: owner.address })
  })

  test('behavior: a turn at the cut-line is told once, and one that nobody watched is not told later', async () => {
    const channel = await subscribe(['cutLine'])
    await runJob('findAlerts', context())
    expect(await deliveries()).toHaveLength(0)
    await database.pool.query(`UPDATE "delegates" SET standing = 'quit' WHERE address = $1`, [delegate])
    nowMs += 1_000
    // A run that ends before it remembers the turn finds it again under the same key.
    const before = await database.pool.query('SELECT * FROM "alert_watches"')
    await runJob('findAlerts', context())
    for (const row of before.rows)
      await database.pool.query('UPDATE "alert_watches" SET value = $2, since_ms = $3 WHERE name = $1', [
        row.name,
        row.value,
        row.since_ms,
      ])
    nowMs += 1_000
    await runJob('findAlerts', context())
    expect(await deliveries()).toMatchObject([{ kind: 'cutLine' }])
    await database.pool.query('DELETE FROM "alert_subscriptions" WHERE channel_id = $1', [channel])
    await subscribe(['missed'])
    await database.pool.query('UPDATE "alert_subscriptions" SET delegate = $1', [`0x${'99'.repeat(20)}`])
    await runJob('findAlerts', context())
    const { rows } = await database.pool.query(`SELECT name FROM "alert_watches" WHERE name = $1`, [`line ${delegate}`])
    expect(rows).toEqual([])
  })

  test('behavior: finality that stands still is told, unless the node is just away', async () => {
    await subscribe(['finality'])
    await runJob('findAlerts', context())
    nowMs += 10 * 60_000
    const silent: ChainSource = { ...source, info: () => Promise.reject(new Error('away')) }
    await runJob('findAlerts', { ...context(), source: silent })
    expect(await deliveries()).toHaveLength(0)
    await runJob('findAlerts', context())
    await runJob('findAlerts', context())
    expect(await deliveries()).toMatchObject([{ kind: 'finality', delegate: null }])
  })

  test('behavior: steps of proposals and collections are told once, when they can not be taken back any more', async () => {
    const chain = createFakeChain({ seed: 5 })
    const own = await server.createDatabase()
    const indexer = createIndexer({ database: own, source: chain, logger })
    const catchUp = async (): Promise<void> => {
      for (let result = await indexer.step(); result.kind !== 'idle'; ) result = await indexer.step()
    }
    chain.grow(100)
    await catchUp()
    database = own
    source = chain
    delegate = chain.producers[0] as `0x${string}`
    await subscribe(['proposal', 'lockedIn', 'support', 'activated'])
    await runJob('findAlerts', context())
    // What was before the first look is no news.
    expect(await deliveries()).toHaveLength(0)
    for (let blocks = 0; blocks < 30; blocks++) {
      chain.grow(5)
      chain.reorganise(3)
      await catchUp()
      await runJob('findAlerts', context())
      nowMs += 3_600_000
    }
    const settled = (await chain.info()).finalizedHeight
    const { rows } = await own.pool.query<{ count: string }>(
      `SELECT (SELECT count(*) FROM "collection_events" WHERE height > $1 AND height <= $2)
            + (SELECT count(*) FROM "proposal_events" WHERE kind IN ('submitted', 'approved', 'rejected', 'withdrawn') AND height > $1 AND height <= $2) AS count`,
      [100n - 8n, settled],
    )
    const told = await listDeliveries(own, owner, 500)
    expect(new Set(told.map(({ kind }) => kind))).toEqual(new Set(['proposal', 'lockedIn', 'support', 'activated']))
    expect(told.length).toBe(Number(rows[0]?.count))
    expect(told.every((row) => row.delegate === null)).toBe(true)
    // Each leads to the very proposal or collection it is about.
    expect(told.every((row) => /^\/(?:proposals|upgrades)\/0x[0-9a-f]{64}$/.test(newsPath(row.eventKey) ?? ''))).toBe(
      true,
    )
  }, 120_000)

  test('behavior: a flood ends at the hourly limit', async () => {
    const channel = await subscribe(['missed'])
    await database.pool.query(
      `INSERT INTO alert_deliveries (id, channel_id, owner, event_key, kind, title, detail, height, state, attempts, created_at_ms, claimed_until_ms)
       SELECT 'x' || n, $1, $2, 'x' || n, 'missed', '', '', 0, 'delivered', 1, $3, 0 FROM generate_series(1, 60) n`,
      [channel, owner.address, nowMs],
    )
    await missLastSlots()
    await runJob('findAlerts', context())
    expect((await deliveries()).filter(({ state }) => state === 'pending')).toHaveLength(0)
  })
})

describe('sending', () => {
  const prepare = async (kind: 'webhook' | 'email' = 'webhook'): Promise<string> => {
    const channel = await subscribe(['missed'], kind)
    await missLastSlots()
    await runJob('findAlerts', context())
    return channel
  }

  test('default: one message arrives once, also when its job runs many times at once', async () => {
    await prepare()
    const item = sent.queue[0]?.item ?? ''
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => runJob('deliverAlert', context(), item)))
    expect(outcomes.filter((outcome) => outcome === 'sent')).toHaveLength(1)
    expect(await runJob('deliverAlert', context(), item)).toBe('nothing to do')
    expect(sent.posts).toHaveLength(1)
    const url = `https://portal.example/delegates/${delegate}`
    expect(JSON.parse(sent.posts[0]?.body ?? '')).toMatchObject({ kind: 'missed', delegate, id: item, url })
    expect(sent.posts[0]?.headers).toMatchObject({
      'aelf-delivery': item,
      'aelf-signature': expect.stringMatching(/^t=\d+,v1=[0-9a-f]{64}$/),
    })
    expect(await deliveries()).toMatchObject([{ state: 'delivered', attempts: 1 }])
  })

  test('behavior: a refusal that may pass is tried again with growing pauses, then given up where its owner sees it', async () => {
    await prepare()
    answer = () => Promise.reject(new EgressError('egress.status', 'It answered 503', { retryable: true }))
    for (const seconds of [10, 40, 160, 640, 2_560]) {
      expect(await runQueue()).toEqual(['later: egress.status'])
      nowMs += seconds * 1_000 - 1
      await runJob('findAlerts', context())
      expect(sent.queue).toEqual([])
      nowMs += 1
      await runJob('findAlerts', context())
    }
    expect(await runQueue()).toEqual(['given up: egress.status'])
    expect(await deliveries()).toMatchObject([{ state: 'dead', attempts: 6, lastError: 'It answered 503' }])
    const [row] = await deliveries()
    expect(await reviveDelivery(database, { address: `0x${'22'.repeat(20)}` }, row?.id ?? '')).toBe(false)
    expect(await reviveDelivery(database, owner, row?.id ?? '')).toBe(true)
    answer = async () => ({ status: 200 })
    await runJob('findAlerts', context())
    expect(await runQueue()).toEqual(['sent'])
  })

  test('behavior: a refusal that stays is given up at once', async () => {
    await prepare()
    answer = () => Promise.reject(new EgressError('egress.address', 'The host name leads inside'))
    expect(await runQueue()).toEqual(['given up: egress.address'])
  })

  test('behavior: what a dead worker held is taken over, and a broken run is not counted as sent', async () => {
    await prepare()
    answer = () => Promise.reject(new Error('the process ended'))
    await expect(runQueue()).rejects.toThrow('the process ended')
    await runJob('findAlerts', context())
    expect(sent.queue).toEqual([])
    nowMs += 61_000
    answer = async () => ({ status: 200 })
    await runJob('findAlerts', context())
    expect(await runQueue()).toEqual(['sent'])
  })

  test('default: a letter names the block, the page and the way out', async () => {
    const channel = await prepare('email')
    expect(await runQueue()).toEqual(['sent'])
    expect(sent.mails[0]).toMatchObject({
      to: 'delegate@mail.example',
      unsubscribeUrl: expect.stringMatching(
        /^https:\/\/portal\.example\/api\/alerts\/unsubscribe\?channel=.+&token=.{43}$/,
      ),
    })
    expect(sent.mails[0]?.text).toContain(`https://portal.example/delegates/${delegate}`)
    await stopChannel(database, channel)
    await database.pool.query(`UPDATE "alert_deliveries" SET state = 'pending', claimed_until_ms = 0`)
    await runJob('findAlerts', context())
    expect(await runQueue()).toEqual(['given up: egress.address'])
    expect(sent.mails).toHaveLength(1)
  })

  test('behavior: an address that is not confirmed gets the question and nothing else', async () => {
    await prepare('email')
    await database.pool.query(`UPDATE "alert_channels" SET state = 'unconfirmed', confirm_nonce = 'n1'`)
    expect(await runQueue()).toEqual(['given up: egress.address'])
    await database.pool.query(`UPDATE "alert_deliveries" SET state = 'pending', kind = 'confirm', claimed_until_ms = 0`)
    await runJob('findAlerts', context())
    expect(await runQueue()).toEqual(['sent'])
    expect(sent.mails).toMatchObject([
      { subject: 'Confirm alerts from aelf governance', text: expect.stringContaining('token=n1') },
    ])
  })

  test('behavior: nothing of a secret is put into the queue', async () => {
    await prepare()
    expect(JSON.stringify(sent.queue)).not.toContain('whsec_')
    expect(Object.keys(sent.queue[0] ?? {}).sort()).toEqual(['item', 'key'])
  })
})
