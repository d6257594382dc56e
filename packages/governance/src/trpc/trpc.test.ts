import { findContract, findMethod } from '@aelf/chain/metadata'
import { asHash } from '@aelf/chain/primitives'
import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '#db'
import { createIndexer, type Indexer } from '#indexer'
import { createFakeChain, type FakeChain, startTestServer, type TestServer } from '#testing'
import { createApi } from './api.ts'
import type { TrpcContext } from './context.ts'
import { createLiveFeed } from './feed.ts'
import { createCallerFactory } from './init.ts'
import { createLimiter } from './limits.ts'
import { createMemory } from './memory.ts'
import type { NodeGateway } from './node.ts'
import { appRouter } from './router.ts'

const logger = { info: () => undefined, warn: () => undefined }
/** A node that is away: everything must still come from the index. */
const silentNode: NodeGateway = {
  info: async () => undefined,
  health: async () => ({ state: 'unreachable', detail: 'The node does not answer: test' }),
  round: async () => undefined,
  transaction: async () => undefined,
  contracts: async () => undefined,
  call: async () => undefined,
}

let server: TestServer
let database: Database
let chain: FakeChain
let indexer: Indexer
let context: TrpcContext

const catchUp = async (): Promise<void> => {
  for (let result = await indexer.step(); result.kind !== 'idle'; ) result = await indexer.step()
}
const caller = () => createCallerFactory(appRouter)(context)

beforeAll(async () => {
  server = await startTestServer()
  database = await server.createDatabase()
  chain = createFakeChain({ seed: 5 })
  chain.grow(160)
  indexer = createIndexer({ database, source: chain, logger })
  const now = (): number => Date.now()
  context = {
    database,
    node: silentNode,
    feed: createLiveFeed({ databaseUrl: database.url }),
    memory: createMemory(now),
    nodes: async () => ({ nodes: [], agreement: { state: 'alone', detail: '' }, askedAtMs: 0 }),
    queues: async () => [],
    limits: createLimiter(now),
    site: { portalUrl: undefined, email: false },
    now,
  }
}, 60_000)
afterAll(async () => {
  await context.feed.close()
  await server.stop()
}, 60_000)

describe('trpc', () => {
  test('error: an empty index is a coded, retryable refusal, never zeros', async () => {
    await expect(caller().network.pulse()).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      cause: { reason: 'index.empty' },
    })
    expect(await caller().block.list()).toMatchObject({ items: [], asOf: { finalizedHeight: 0n } })
    await catchUp()
  })

  test('default: pulse and status come from the index while the node is away', async () => {
    const pulse = await caller().network.pulse()
    expect(pulse).toMatchObject({
      height: 160n,
      headHash: chain.head().hash,
      node: { state: 'unreachable' },
      producers: { total: 5 },
    })
    expect(pulse.throughput.blocks).toBe(100)
    expect(pulse.totalLocked).toBeGreaterThan(0n)
    expect(await caller().network.status()).toMatchObject({ indexer: { state: 'live', height: 160n } })
  })

  test('behavior: pages of blocks join without gap or repetition', async () => {
    const seen: bigint[] = []
    let cursor: string | undefined
    do {
      const page = await caller().block.list({ limit: 37, cursor })
      seen.push(...page.items.map((block) => block.height))
      cursor = page.nextCursor
    } while (cursor !== undefined)
    expect(seen).toEqual(Array.from({ length: 161 }, (_, index) => BigInt(160 - index)))
  })

  test('behavior: pages of transactions join without gap or repetition', async () => {
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await caller().transaction.list({ limit: 50, cursor })
      seen.push(...page.items.map((transaction) => transaction.id))
      cursor = page.nextCursor
    } while (cursor !== undefined)
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen.length).toBe((await caller().network.pulse()).totalTransactions)
  })

  test('default: a transaction with arguments, events and milestones', async () => {
    const { items } = await caller().transaction.list({ contract: 'election', method: 'vote', limit: 1 })
    const view = await caller().transaction.get({ id: items[0]?.id ?? '' })
    expect(view.status).toBe('success')
    expect(view.args.map((field) => field.name)).toEqual(['delegate', 'amount', 'lockDays'])
    expect(view.args[1]).toMatchObject({ type: 'uint256', value: expect.any(BigInt) })
    expect(view.events.map((event) => event.name)).toEqual(['Locked', 'Voted'])
    const block = await caller().block.get({ id: view.height ?? 0n })
    expect(block.transactions.some((transaction) => transaction.id === view.id)).toBe(true)
    expect(await caller().block.get({ id: block.hash })).toMatchObject({ height: block.height })
  })

  test('default: what terms brought a delegate, and what was paid to an account', async () => {
    const [address = '0x'] = chain.producers
    const terms = (await caller().reward.byDelegate({ address })).items
    expect(terms.length).toBeGreaterThan(1)
    expect(terms.map(({ term }) => term)).toEqual(terms.map(({ term }) => term).toSorted((a, b) => b - a))
    for (const { income, commission, weight, perThousand } of terms) {
      expect(commission).toBe(income / 10n)
      const each = ((income - commission) * 10n ** 18n) / weight
      expect(perThousand).toBe((each * 1000n * 100_000_000n) / 10n ** 18n)
    }
    const first = await caller().reward.byDelegate({ address, limit: 1 })
    const rest = await caller().reward.byDelegate({ address, cursor: first.nextCursor })
    expect([...first.items, ...rest.items]).toEqual(terms)
    let paid = 0
    for (const account of chain.accounts) {
      const seen: bigint[] = []
      let cursor: string | undefined
      let total = 0n
      do {
        const page = await caller().reward.claims({ account, limit: 2, cursor })
        seen.push(...page.items.map(({ amount }) => amount))
        total = page.total
        cursor = page.nextCursor
      } while (cursor !== undefined)
      expect(seen.reduce((sum, amount) => sum + amount, 0n)).toBe(total)
      paid += seen.length
    }
    expect(paid).toBeGreaterThan(2)
  })

  test('error: what can be claimed is the chain’s to say, so without a node there is no figure', async () => {
    await expect(caller().reward.claimable({ owner: chain.accounts[0] ?? '0x' })).rejects.toMatchObject({
      cause: { reason: 'node.unreachable' },
    })
  })

  test('default: an account equals the chain and lists what concerned it', async () => {
    for (const address of chain.accounts) {
      const account = await caller().account.get({ address })
      const expected = chain.balanceOf(address, 'ELF')
      expect(account.elf).toMatchObject(expected)
      expect(account.votingWeight).toBe(account.positions.reduce((sum, position) => sum + position.weight, 0n))
      const activity = await caller().transaction.byAccount({ address, limit: 100 })
      expect(activity.items.filter((item) => item.from === address).length).toBeGreaterThan(0)
      const positions = await caller().stake.positions({ owner: address })
      expect(positions.totalAmount).toBe(positions.items.reduce((sum, position) => sum + position.amount, 0n))
    }
  })

  test('default: open positions come before withdrawn ones, whatever the page', async () => {
    const lists = await Promise.all(
      chain.accounts.map((owner) => caller().stake.positions({ owner, state: 'all', limit: 100 })),
    )
    const flags = lists.map(({ items }) => items.map((position) => position.state === 'withdrawn'))
    expect(flags.some((own) => own.includes(true) && own.includes(false))).toBe(true)
    for (const own of flags) expect(own).toEqual([...own].sort((a, b) => Number(a) - Number(b)))
  })

  test('default: ranking, delegates and backers add up', async () => {
    const ranking = await caller().election.ranking()
    const weights = chain.weights()
    expect(ranking.entries.length).toBe(5)
    for (const entry of ranking.entries) expect(entry.weight).toBe(weights.get(entry.address) ?? 0n)
    expect(ranking.entries.map((entry) => entry.weight)).toEqual(
      [...ranking.entries.map((entry) => entry.weight)].sort((a, b) => (a > b ? -1 : 1)),
    )
    expect(ranking.totalWeight).toBe(ranking.entries.reduce((sum, entry) => sum + entry.weight, 0n))
    const first = ranking.entries[0]?.address ?? ''
    const delegate = await caller().delegate.get({ address: first })
    const backers = await caller().delegate.backers({ address: first, limit: 100 })
    expect(backers.items.length).toBe(delegate.voters)
    expect(backers.items.reduce((sum, backer) => sum + backer.weight, 0n)).toBe(delegate.weight)
    expect(delegate.weightHistory.at(-1)?.weight).toBe(delegate.weight)
    const list = await caller().delegate.list({ sort: 'name', limit: 2 })
    const rest = await caller().delegate.list({ sort: 'name', limit: 100, cursor: list.nextCursor })
    expect(list.items.length + rest.items.length).toBe(5)
  })

  test('default: what voters count for adds up to the delegate, also after locks ended', async () => {
    const open = await database.prisma.position.findFirst({ where: { withdrawn: false, weight: { gt: 0 } } })
    if (open === null) throw new Error('the test chain has no open position')
    const { lockId, delegate: address, unlocksAtMs } = open
    const fresh = createCallerFactory(appRouter)({ ...context, memory: createMemory(() => Date.now()) })
    await database.prisma.position.update({ where: { lockId }, data: { unlocksAtMs: 0n } })
    const delegate = await fresh.delegate.get({ address })
    const backers = await fresh.delegate.backers({ address, limit: 100 })
    await database.prisma.position.update({ where: { lockId }, data: { unlocksAtMs } })
    expect(delegate.hasEndedVotes).toBe(true)
    expect(backers.items.reduce((sum, backer) => sum + backer.weight, 0n)).toBe(delegate.weight)
    expect(delegate.topBackers).toEqual(backers.items.slice(0, delegate.topBackers.length))
  })

  test('default: rounds, terms and positions', async () => {
    const rounds = await caller().round.list({ limit: 100 })
    const round = await caller().round.get({ number: rounds.items[0]?.number ?? 0 })
    expect(round.slots.length).toBe(6)
    expect(round.produced + round.missed).toBe(6)
    expect((await caller().round.get({ number: 'latest' })).source).toBe('index')
    const terms = await caller().term.list()
    expect(terms.items[0]?.isCurrent).toBe(true)
    const term = await caller().term.get({ term: 'latest' })
    expect(term.producers.length).toBe(5)
    expect(term.income).toBeUndefined()
    const ended = await caller().term.get({ term: term.term - 1 })
    const sum = ended.producers.reduce((all, { income = 0n }) => all + income, 0n)
    expect(ended.income?.income).toBeGreaterThan(0n)
    expect(sum).toBeGreaterThan(0n)
    expect(sum).toBeLessThanOrEqual(ended.income?.income ?? 0n)
    const [first] = (await caller().reward.byDelegate({ address: ended.producers[0]?.address ?? '' })).items.filter(
      (one) => one.term === ended.term,
    )
    expect(ended.producers[0]?.income).toBe(first?.income ?? 0n)
    const { items } = await caller().transaction.list({ contract: 'election', method: 'vote', limit: 1 })
    const position = await caller().stake.position({ lockId: items[0]?.id ?? '' })
    expect(position.history[0]).toMatchObject({ kind: 'vote', transactionId: items[0]?.id })
  })

  test('default: search finds heights, hashes, addresses, names and contracts', async () => {
    const kinds = async (text: string): Promise<string[]> =>
      (await caller().search.query({ text })).hits.map((hit) => hit.kind)
    expect(await kinds('12')).toEqual(expect.arrayContaining(['block', 'round']))
    expect(await kinds(chain.head().hash)).toContain('block')
    expect(await kinds(chain.head().hash.slice(0, 12))).toContain('block')
    expect(await kinds(chain.accounts[0] ?? '')).toContain('account')
    expect(await kinds('delegate')).toContain('delegate')
    const { current } = await caller().upgrade.overview()
    expect(await kinds(current.hash)).toEqual(['collection'])
    expect(await kinds(current.hash.slice(0, 12))).toContain('collection')
    const [proposal] = (await caller().proposal.list({ limit: 1 })).items
    if (proposal !== undefined) expect(await kinds(proposal.id)).toContain('proposal')
    expect(await kinds('token')).toContain('contract')
    expect(await kinds('elf')).toContain('token')
    expect(await kinds("'; DROP TABLE blocks; --")).toEqual([])
  })

  test('behavior: contracts are those that the node runs, whatever this release was built with', async () => {
    const token = (await caller().contract.get({ id: 'token' })) satisfies object
    expect(token).toMatchObject({ source: 'release' })
    const method = { ...findMethod('token', 'transfer'), name: 'move', number: 99, intent: 'Move' }
    const running = [
      { ...findContract('token'), methods: [method] },
      { ...findContract('election'), name: 'successor', number: 700, address: `0x${'70'.repeat(20)}` },
    ] as Awaited<ReturnType<NodeGateway['contracts']>>
    const after = {
      ...context,
      memory: createMemory(Date.now),
      node: { ...silentNode, contracts: async () => running },
    }
    const now = createCallerFactory(appRouter)(after)
    expect(await now.contract.list()).toMatchObject({
      source: 'chain',
      items: [{ name: 'token', methods: 1 }, { name: 'successor' }],
    })
    expect((await now.contract.get({ id: 'token' })).methods).toMatchObject([{ name: 'move', intent: 'Move' }])
    await expect(now.contract.get({ id: 'election' })).rejects.toMatchObject({ cause: { reason: 'contract.notFound' } })
    const hits = (await now.search.query({ text: `0x${'70'.repeat(20)}` })).hits
    expect(hits[0]).toMatchObject({ kind: 'contract', id: 'successor' })
  })

  test('default: contracts with calls, tokens', async () => {
    const contract = await caller().contract.get({ id: 'election' })
    expect(contract.methods.find((method) => method.name === 'vote')?.calls).toBeGreaterThan(0)
    expect((await caller().contract.list()).items.map((item) => item.name)).toEqual([
      'token',
      'election',
      'consensus',
      'reward',
      'collection',
      'foundation',
      'proposal',
    ])
    expect((await caller().token.list()).items[0]).toMatchObject({ symbol: 'ELF', burned: 0n })
  })

  test('error: bad input and unknown things have codes', async () => {
    await expect(caller().account.get({ address: '0x12' })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    await expect(caller().block.list({ limit: 1_000 })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    await expect(caller().block.list({ cursor: 'x' })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      cause: { reason: 'cursor.invalid' },
    })
    await expect(caller().block.get({ id: '999999' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      cause: { reason: 'block.notFound' },
    })
    const response = await fetchRequestHandler({
      endpoint: '/api/trpc',
      req: new Request(
        `http://portal.test/api/trpc/block.get?input=${encodeURIComponent(JSON.stringify({ json: { id: '999999' } }))}`,
      ),
      router: appRouter,
      createContext: () => context,
    })
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({
      error: { json: { data: { reason: 'block.notFound', retryable: false } } },
    })
  })

  test('error: what the index has not does not exist only if a node says so', async () => {
    const id = asHash(`0x${'77'.repeat(32)}`)
    const away = { code: 'SERVICE_UNAVAILABLE', cause: { reason: 'node.unreachable' } }
    await expect(caller().transaction.get({ id })).rejects.toMatchObject(away)
    await expect(caller().round.get({ number: 99_999 })).rejects.toMatchObject(away)
    const node: NodeGateway = {
      ...silentNode,
      info: async () => ({ height: '160', nowMs: 0 }) as Awaited<ReturnType<NodeGateway['info']>>,
      transaction: async () => ({ id, status: 'unknown', confirmations: 0, finalized: false }),
    }
    const asked = createCallerFactory(appRouter)({ ...context, node, memory: createMemory(Date.now) })
    const missing = (reason: string) => ({ code: 'NOT_FOUND', cause: { reason } })
    await expect(asked.transaction.get({ id })).rejects.toMatchObject(missing('transaction.notFound'))
    await expect(asked.round.get({ number: 99_999 })).rejects.toMatchObject(missing('round.notFound'))
  })

  test('error: a request holds a bounded number of calls', async () => {
    const api = createApi({ databaseUrl: database.url, rpcUrl: 'http://127.0.0.1:9' })
    const ask = (calls: number) =>
      api.handle(
        new Request(
          `http://portal.test/api/trpc/${Array.from({ length: calls }, () => 'token.list').join(',')}?batch=1`,
        ),
      )
    expect((await ask(33)).status).toBe(400)
    expect((await ask(16)).status).toBe(200)
    await api.close()
  })

  test('behavior: live sends the present state, then changes, and resumes without repeating', async () => {
    const stop = new AbortController()
    const events = await createCallerFactory(appRouter)(context, { signal: stop.signal }).network.live()
    const stream = events[Symbol.asyncIterator]()
    const next = async () =>
      ((await stream.next()).value ?? []) as unknown as [
        string,
        { changed: string[]; head: { height: bigint }; commonHeight?: bigint },
      ]
    const [, first] = await next()
    expect(first.head.height).toBe(160n)
    chain.grow(1)
    await catchUp()
    const [id, second] = await next()
    expect(second).toMatchObject({ head: { height: 161n } })
    expect(second.changed).toContain('head')
    chain.reorganise(1)
    await catchUp()
    const [, third] = await next()
    expect(third.changed).toContain('reorganised')
    expect([160n, undefined]).toContain(third.commonHeight)
    stop.abort()

    const again = new AbortController()
    const resumed = await createCallerFactory(appRouter)(context, { signal: again.signal }).network.live({
      lastEventId: id,
    })
    const [, now] = ((await resumed[Symbol.asyncIterator]().next()).value ?? []) as unknown as [
      string,
      { head: { height: bigint } },
    ]
    expect(now.head.height).toBe(162n)
    again.abort()
  })
})
