import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Database, latestAudits, type StandingRecord, writeAudit } from '#db'
import { createIndexer } from '#indexer'
import { createFakeChain, startTestServer, type TestServer } from '#testing'
import { type JobId, jobDefinitions } from './definitions/index.ts'
import { compareStandings } from './handlers/auditStandings.ts'
import { runJob } from './handlers/index.ts'
import { createBullQueue, createMemoryQueue, type JobQueue } from './queue/index.ts'

let server: TestServer
let database: Database

beforeAll(async () => {
  server = await startTestServer()
  database = await server.createDatabase()
}, 60_000)
afterAll(() => server.stop(), 60_000)

const standing = (address: string, weight: bigint): StandingRecord => ({
  address: address as `0x${string}`,
  name: '',
  url: '',
  commissionBps: 0,
  standing: 'registered',
  registeredHeight: 0n,
  weight,
  staked: 0n,
  voters: 0,
  produced: 0,
  missed: 0,
})

/** What every queue must do. */
function conformance(name: string, open: () => JobQueue): void {
  test(`${name} runs an enqueued job and counts it`, async () => {
    const ran: JobId[] = []
    const queue = open()
    const done = new Promise<void>((resolve) => {
      void queue
        .start(jobDefinitions, async (id) => {
          ran.push(id)
          if (id === 'retention' && ran.filter((other) => other === 'retention').length >= 1) resolve()
          return 'done'
        })
        .then(() => queue.enqueue('retention'))
    })
    await done
    expect(ran).toContain('retention')
    expect((await queue.counts())[0]).toMatchObject({ name: expect.any(String), failed: 0 })
    await queue.close()
  })
}

describe('queues', () => {
  conformance('memory', createMemoryQueue)
  conformance('postgresql', () => createBullQueue({ databaseUrl: database.url }))

  test('behavior: starting again keeps one schedule for each job', async () => {
    for (let starts = 0; starts < 2; starts++) {
      const queue = createBullQueue({ databaseUrl: database.url })
      await queue.start(jobDefinitions, async () => 'done')
      await queue.close()
    }
    const { rows } = await database.pool.query<{ count: string }>('SELECT count(*) FROM bullmq.scheduler')
    expect(Number(rows[0]?.count)).toBe(jobDefinitions.filter(({ everyMs }) => everyMs !== undefined).length)
  })
})

describe('audits', () => {
  test('default: comparison names each difference', () => {
    const index = [standing('0xaa', 30n), standing('0xbb', 20n)]
    expect(
      compareStandings(
        [
          { delegate: '0xaa', weight: 30n, rank: 1 },
          { delegate: '0xbb', weight: 20n, rank: 2 },
        ],
        index,
      ),
    ).toEqual([])
    expect(
      compareStandings(
        [
          { delegate: '0xaa', weight: 31n, rank: 1 },
          { delegate: '0xbb', weight: 20n, rank: 2 },
        ],
        index,
      ),
    ).toHaveLength(1)
    expect(
      compareStandings(
        [
          { delegate: '0xbb', weight: 20n, rank: 1 },
          { delegate: '0xaa', weight: 30n, rank: 2 },
        ],
        index,
      ),
    ).toHaveLength(2)
    expect(compareStandings([{ delegate: '0xcc', weight: 1n, rank: 1 }], index)).toHaveLength(3)
  })

  test('behavior: counters are recounted, and a wrong one is found', async () => {
    const own = await server.createDatabase()
    const chain = createFakeChain({ seed: 3 })
    chain.grow(80)
    const indexer = createIndexer({
      database: own,
      source: chain,
      logger: { info: () => undefined, warn: () => undefined },
    })
    for (let result = await indexer.step(); result.kind !== 'idle'; ) result = await indexer.step()
    const context = { database: own, source: chain, now: () => 1 }
    await runJob('auditPerformance', context)
    expect(await latestAudits(own)).toMatchObject([{ name: 'performance', ok: true }])
    await own.pool.query('UPDATE "delegates" SET missed = missed + 1 WHERE address = $1', [chain.producers[0]])
    await runJob('auditPerformance', context)
    expect(await latestAudits(own)).toMatchObject([
      { name: 'performance', ok: false, detail: expect.stringContaining(chain.producers[0] ?? '') },
    ])
  })

  test('behavior: index and chain are compared at one block', async () => {
    const own = await server.createDatabase()
    const chain = createFakeChain({ seed: 4 })
    chain.grow(60)
    const logger = { info: () => undefined, warn: () => undefined }
    const indexer = createIndexer({ database: own, source: chain, logger })
    for (let result = await indexer.step(); result.kind !== 'idle'; ) result = await indexer.step()
    const context = { database: own, source: chain, now: () => 1 }
    await runJob('auditStandings', context)
    expect(await latestAudits(own)).toMatchObject([{ name: 'standings', ok: true, height: 60n }])
    await own.pool.query('UPDATE "delegates" SET weight = weight + 1 WHERE address = $1', [chain.producers[1]])
    await runJob('auditStandings', context)
    expect(await latestAudits(own)).toMatchObject([
      { ok: false, detail: expect.stringContaining(chain.producers[1] ?? '') },
    ])
    const moved = { ...context, source: { ...chain, ranking: async () => ({ hash: '0x00' as const, entries: [] }) } }
    expect(await runJob('auditStandings', moved)).toContain('the head moved')
  })

  test('behavior: what follows from headers is what the contract says, and a difference is named', async () => {
    const own = await server.createDatabase()
    const chain = createFakeChain({ seed: 6 })
    chain.grow(150)
    const logger = { info: () => undefined, warn: () => undefined }
    const indexer = createIndexer({ database: own, source: chain, logger })
    for (let result = await indexer.step(); result.kind !== 'idle'; ) result = await indexer.step()
    const context = { database: own, source: chain, now: () => 1 }
    await runJob('auditCollection', context)
    expect(await latestAudits(own)).toMatchObject([{ name: 'collection', ok: true, height: 150n }])
    await own.pool.query(`INSERT INTO "collection_counts" VALUES ('0xff', 3, 1, '0x')`)
    await own.pool.query('UPDATE "collection_rule" SET upgrades = upgrades + 1')
    await runJob('auditCollection', context)
    const [audit] = await latestAudits(own)
    expect(audit?.ok).toBe(false)
    expect(audit?.detail).toMatch(
      /^the upgrades: \d+ on the chain and \d+ in the index; the signals of 0xff: 0 on the chain and 3 in the index$/,
    )
    const away = { ...context, source: { ...chain, collection: async () => undefined } }
    expect(await runJob('auditCollection', away)).toContain('the head moved')
  })

  test('default: retention keeps the newest outcomes', async () => {
    const own = await server.createDatabase()
    for (let at = 0; at < 505; at++)
      await writeAudit(own, { name: 'x', height: 1n, checkedAtMs: at, ok: true, detail: '' })
    expect(await runJob('retention', { database: own, source: createFakeChain({ seed: 1 }), now: () => 1 })).toBe(
      '5 old audits deleted',
    )
    expect(await latestAudits(own)).toMatchObject([{ checkedAtMs: 504 }])
  })
})
