import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import superjson from 'superjson'
import { privateKeyToAccount } from 'viem/accounts'
import { createSiweMessage, type SiweMessage } from 'viem/siwe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Database, writeCheckpoint } from '#db'
import type { SignInChallenge } from '#domain'
import { unsubscribeToken } from '#egress'
import { startTestServer, type TestServer } from '#testing'
import { type Api, createApi } from './index.ts'

const CHAIN_ID = 6_118
const HOST = 'localhost:3000'
const SITE = `http://${HOST}`
const owner = privateKeyToAccount(`0x${'11'.repeat(32)}`)
const stranger = privateKeyToAccount(`0x${'22'.repeat(32)}`)
const DELEGATE = `0x${'aa'.repeat(20)}`
const HASH = `0x${'00'.repeat(32)}` as const

let server: TestServer
let database: Database
let node: Server
let api: Api
let away: Api

beforeAll(async () => {
  server = await startTestServer()
  database = await server.createDatabase()
  node = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { id } = JSON.parse(Buffer.concat(chunks).toString()) as { id: number }
    response.end(JSON.stringify({ jsonrpc: '2.0', id, result: { chainId: CHAIN_ID, devnet: true } }))
  })
  await new Promise<void>((resolve) => node.listen(0, '127.0.0.1', resolve))
  const rpcUrl = `http://127.0.0.1:${(node.address() as AddressInfo).port}`
  api = createApi({ databaseUrl: database.url, rpcUrl })
  away = createApi({
    databaseUrl: database.url,
    rpcUrl,
    portalUrl: 'https://portal.example',
    smtpUrl: 'smtp://127.0.0.1',
  })
  await writeCheckpoint(await database.pool, {
    genesisHash: HASH,
    height: 0n,
    hash: HASH,
    timeMs: 0,
    chainHeight: 0n,
    prevotedHeight: 0n,
    finalizedHeight: 0n,
    reorganisations: 0,
    deepestReorganisation: 0,
    lastError: null,
    updatedAtMs: 0,
  })
  await database.pool.query(
    `INSERT INTO delegates (address, name, url, commission_bps, standing, registered_height, registered_order, weight, staked, voters, produced, missed, height, block_hash)
     VALUES ($1, 'Alder', '', 0, 'registered', 0, 0, 0, 0, 0, 0, 0, 0, $2)`,
    [DELEGATE, HASH],
  )
}, 60_000)
afterAll(async () => {
  await api.close()
  await away.close()
  node.closeAllConnections()
  await new Promise((resolve) => node.close(resolve))
  await server.stop()
}, 60_000)

interface Call {
  readonly input?: unknown
  readonly cookie?: string | undefined
  readonly headers?: Readonly<Record<string, string>>
  readonly method?: 'GET' | 'POST'
  readonly to?: Api
}

interface Answer<T = unknown> {
  readonly status: number
  readonly reason: string
  readonly value: T
  readonly cookie: string | undefined
  readonly setCookie: string | null
  readonly cacheControl: string | null
}

/** One call as a browser makes it from a page of the portal, unless `headers` say otherwise. */
async function call<T = unknown>(
  path: string,
  { input, cookie, headers, method = 'POST', to = api }: Call = {},
): Promise<Answer<T>> {
  const data = superjson.serialize(input)
  const query = method === 'GET' && input !== undefined ? `?input=${encodeURIComponent(JSON.stringify(data))}` : ''
  const response = await to.handle(
    new Request(`${SITE}/api/trpc/${path}${query}`, {
      method,
      headers: {
        host: HOST,
        origin: SITE,
        'sec-fetch-site': 'same-origin',
        'content-type': 'application/json',
        ...(cookie === undefined ? {} : { cookie }),
        ...headers,
      },
      ...(method === 'POST' ? { body: JSON.stringify(data) } : {}),
    }),
  )
  const body = (await response.json()) as {
    result?: { data: { json: unknown; meta?: never } }
    error?: { json: { data: { reason?: string } } }
  }
  const setCookie = response.headers.get('set-cookie')
  return {
    status: response.status,
    reason: body.error?.json.data.reason ?? 'none',
    value: body.result === undefined ? (undefined as T) : superjson.deserialize<T>(body.result.data as never),
    cookie: setCookie?.split(';')[0],
    setCookie,
    cacheControl: response.headers.get('cache-control'),
  }
}

const query = <T = unknown>(path: string, options: Call = {}) => call<T>(path, { ...options, method: 'GET' })

const challengeOf = async (options: Call = {}): Promise<SignInChallenge> =>
  (await call<SignInChallenge>('session.challenge', options)).value

const messageOf = (challenge: SignInChallenge, over: Partial<SiweMessage> = {}): string =>
  createSiweMessage({
    address: owner.address,
    chainId: challenge.chainId,
    domain: challenge.domain,
    uri: challenge.uri,
    nonce: challenge.nonce,
    statement: challenge.statement,
    ...(challenge.resources === undefined ? {} : { resources: [...challenge.resources] }),
    version: '1',
    issuedAt: new Date(challenge.issuedAtMs),
    expirationTime: new Date(challenge.expiresAtMs),
    ...over,
  })

async function signIn(account: typeof owner, message: string, options: Call = {}): Promise<Answer> {
  return call('session.signIn', { ...options, input: { message, signature: await account.signMessage({ message }) } })
}

async function sessionOf(account: typeof owner): Promise<string> {
  const challenge = await challengeOf()
  const { cookie } = await signIn(account, messageOf(challenge, { address: account.address }))
  if (cookie === undefined) throw new Error('no session was opened')
  return cookie
}

describe('signing in', () => {
  test('default: a signed message opens a session, which ends when it is left', async () => {
    const answer = await signIn(owner, messageOf(await challengeOf()))
    expect(answer).toMatchObject({ status: 200, value: { address: owner.address.toLowerCase() } })
    expect(answer.setCookie).toMatch(/^aelf-session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=43200$/)
    const cookie = answer.cookie
    expect((await query('session.current', { cookie })).value).toEqual({ address: owner.address.toLowerCase() })
    expect((await call('session.signOut', { cookie })).setCookie).toContain('Max-Age=0')
    expect((await query('session.current', { cookie })).value).toEqual({ address: null })
  })

  test('behavior: the table of sessions holds no token', async () => {
    const cookie = await sessionOf(owner)
    const { rows } = await database.pool.query('SELECT * FROM sessions')
    expect(JSON.stringify(rows)).not.toContain(cookie.split('=')[1])
  })

  test('error: a message serves once, also when two come at the same moment', async () => {
    const message = messageOf(await challengeOf())
    const statuses = (await Promise.all(Array.from({ length: 20 }, () => signIn(owner, message)))).map(
      ({ status }) => status,
    )
    expect(statuses.filter((status) => status === 200)).toHaveLength(1)
    expect(await signIn(owner, message)).toMatchObject({ status: 401, reason: 'session.refused' })
  })

  const minute = 60_000
  test.each<[string, (challenge: SignInChallenge) => Partial<SiweMessage>]>([
    ['of another site', () => ({ domain: 'evil.example' })],
    ['of another port', () => ({ domain: 'localhost:3001' })],
    ['that leads elsewhere', () => ({ uri: 'https://evil.example' })],
    ['of another network', () => ({ chainId: 1 })],
    [
      'that has expired',
      () => ({ issuedAt: new Date(Date.now() - 20 * minute), expirationTime: new Date(Date.now() - minute) }),
    ],
    ['that is too old', () => ({ issuedAt: new Date(Date.now() - 20 * minute) })],
    ['from the future', () => ({ issuedAt: new Date(Date.now() + 5 * minute) })],
    ['without an end', () => ({ expirationTime: undefined })],
    ['with other words', () => ({ statement: 'Give me everything.' })],
    ['without words', () => ({ statement: undefined })],
    ['with further wishes', () => ({ resources: ['https://evil.example/all'] })],
    ['with an identifier of somebody', () => ({ requestId: 'x' })],
    ['with a scheme', () => ({ scheme: 'https' })],
    ['with a later begin', () => ({ notBefore: new Date(0) })],
    ['with an invented number', () => ({ nonce: 'ab'.repeat(16) })],
    ['for another account', () => ({ address: stranger.address })],
  ])('error: a message %s is refused', async (_, over) => {
    const challenge = await challengeOf()
    expect(await signIn(owner, messageOf(challenge, over(challenge)))).toMatchObject({
      status: 401,
      reason: 'session.refused',
    })
  })

  test.each<[string, (message: string) => string]>([
    ['a line more', (message) => `${message}\nAnd: more`],
    ['a blank line more', (message) => `${message}\n`],
    ['another version', (message) => message.replace('Version: 1', 'Version: 2')],
    ['a lower-case address', (message) => message.replace(owner.address, owner.address.toLowerCase())],
    ['a look-alike host', (message) => message.replace('localhost', 'lоcalhost')],
    ['nothing in it', () => ''],
  ])('error: a message with %s is refused', async (_, change) => {
    expect(await signIn(owner, change(messageOf(await challengeOf())))).toMatchObject({
      status: 401,
      reason: 'session.refused',
    })
  })

  test('error: the turned copy of a signature is refused', async () => {
    const message = messageOf(await challengeOf())
    const signature = await owner.signMessage({ message })
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
    const turned = (order - BigInt(`0x${signature.slice(66, 130)}`)).toString(16).padStart(64, '0')
    const v = signature.slice(130) === '1b' ? '1c' : '1b'
    const copy = `${signature.slice(0, 66)}${turned}${v}`
    expect(await call('session.signIn', { input: { message, signature: copy } })).toMatchObject({
      reason: 'session.refused',
    })
    expect(await call('session.signIn', { input: { message, signature } })).toMatchObject({ status: 200 })
  })

  test('error: a session that was idle for half an hour, or is half a day old, is nobody’s', async () => {
    for (const column of ['seen_at_ms', 'created_at_ms']) {
      const cookie = await sessionOf(owner)
      const age = column === 'seen_at_ms' ? 31 * minute : 12 * 60 * minute + 1
      await database.pool.query(`UPDATE sessions SET ${column} = $1`, [Date.now() - age])
      expect((await query('session.current', { cookie })).value).toEqual({ address: null })
    }
  })
})

describe('where people see this portal', () => {
  test('error: under a host name that nobody configured nobody signs in', async () => {
    const headers = { host: 'evil.example', origin: 'http://evil.example' }
    expect(await call('session.challenge', { headers })).toMatchObject({ status: 403, reason: 'request.foreign' })
    expect((await query('alerts.options', { headers })).value).toMatchObject({ signIn: false, email: false })
  })

  test('behavior: a configured address counts, whatever the request says, and its cookie is secure', async () => {
    const headers = { host: 'evil.example', origin: 'https://portal.example' }
    const challenge = await challengeOf({ to: away, headers })
    expect(challenge).toMatchObject({ domain: 'portal.example', uri: 'https://portal.example' })
    const answer = await signIn(owner, messageOf(challenge), { to: away, headers })
    expect(answer.setCookie).toMatch(
      /^__Host-aelf-session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure; Max-Age=43200$/,
    )
    expect((await query('alerts.options', { to: away, headers })).value).toMatchObject({ signIn: true, email: true })
  })
})

type Account = typeof owner

/** What an account signs to have its alerts sent somewhere. */
async function signedFor(
  target: string,
  { cookie, by = owner, kind = 'webhook', ...to }: Call & { by?: Account; kind?: string },
): Promise<{ message: string; signature: `0x${string}` }> {
  const { value } = await call<SignInChallenge>('alerts.challenge', { ...to, cookie, input: { kind, target } })
  const message = messageOf(value, { address: by.address })
  return { message, signature: await by.signMessage({ message }) }
}

const addWebhook = async (url: string, options: Call & { by?: Account }) => {
  const { cookie, by, ...to } = options
  return call<{ id: string }>('alerts.addWebhook', {
    ...to,
    cookie,
    input: { url, ...(await signedFor(url, options)) },
  })
}

/** Every change, with an input that would do something for its owner. */
const changes: Readonly<
  Record<string, (own: { channel: string; subscription: string; dead: string }, cookie: string) => unknown>
> = {
  'alerts.addWebhook': async (_, cookie) => {
    const url = 'https://hooks.example/x'
    return { url, ...(await signedFor(url, { cookie })) }
  },
  'alerts.subscribe': ({ channel }) => ({ channelId: channel, delegate: DELEGATE, kinds: ['missed'], missedInRow: 1 }),
  'alerts.retry': ({ dead }) => ({ id: dead }),
  'alerts.unsubscribe': ({ subscription }) => ({ id: subscription }),
  'alerts.removeChannel': ({ channel }) => ({ id: channel }),
}

async function prepare(cookie: string, by: Account = owner) {
  const channel = (await addWebhook('https://hooks.example/own', { cookie, by })).value.id
  const input = { channelId: channel, delegate: DELEGATE, kinds: ['excluded'], missedInRow: 1 }
  const subscription = (await call<{ id: string }>('alerts.subscribe', { cookie, input })).value.id
  const dead = crypto.randomUUID()
  await database.pool.query(
    `INSERT INTO alert_deliveries (id, channel_id, owner, event_key, kind, title, detail, height, state, attempts, created_at_ms, claimed_until_ms)
     SELECT $1, id, owner, $1, 'missed', 't', 'd', 0, 'dead', 6, 0, 0 FROM alert_channels WHERE id = $2`,
    [dead, channel],
  )
  return { channel, subscription, dead }
}

const stateOf = async (): Promise<string> => {
  const tables = ['alert_channels', 'alert_subscriptions', 'alert_deliveries']
  const rows = await Promise.all(tables.map((table) => database.pool.query(`SELECT * FROM ${table} ORDER BY id`)))
  return JSON.stringify(rows.map((result) => result.rows))
}

describe('who may do what', () => {
  for (const [path, inputOf] of Object.entries(changes)) {
    test(`${path}: nobody, a stranger, an ended session and a foreign page change nothing; the owner does`, async () => {
      await database.pool.query('DELETE FROM alert_channels')
      const [cookie, foreign] = [await sessionOf(owner), await sessionOf(stranger)]
      const own = await prepare(cookie)
      const input = await inputOf(own, cookie)
      const before = await stateOf()
      expect(await call(path, { input })).toMatchObject({ status: 401, reason: 'session.required' })
      expect(await call(path, { input, cookie: `aelf-session=${'A'.repeat(43)}` })).toMatchObject({
        reason: 'session.required',
      })
      const ended = await sessionOf(owner)
      await call('session.signOut', { cookie: ended })
      expect(await call(path, { input, cookie: ended })).toMatchObject({ reason: 'session.required' })
      for (const headers of [
        { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
        { 'sec-fetch-site': 'same-site' },
        { origin: 'null' },
        { origin: 'http://localhost:3001' },
      ])
        expect(await call(path, { input, cookie, headers })).toMatchObject({ status: 403, reason: 'request.foreign' })
      expect((await query(path, { input, cookie })).status).toBe(405)
      const byForeign =
        path === 'alerts.addWebhook'
          ? { status: 403, reason: 'alert.notSigned' }
          : { status: 404, reason: 'alert.notFound' }
      expect(await call(path, { input, cookie: foreign })).toMatchObject(byForeign)
      expect(await stateOf()).toBe(before)
      expect(await call(path, { input: await inputOf(own, cookie), cookie })).toMatchObject({ status: 200 })
      expect(await stateOf()).not.toBe(before)
    })
  }

  test('alerts.list: everybody sees their own, without secrets, and nobody sees anything without a session', async () => {
    await database.pool.query('DELETE FROM alert_channels')
    const cookie = await sessionOf(owner)
    await prepare(cookie)
    expect(await query('alerts.list', {})).toMatchObject({ status: 401 })
    const mine = await query<{ channels: unknown[] }>('alerts.list', { cookie })
    expect(mine.cacheControl).toBe('private, no-store')
    expect(mine.value).toMatchObject({
      channels: [{ state: 'active' }],
      subscriptions: [{ delegateName: 'Alder' }],
      deliveries: [{ state: 'dead' }],
    })
    expect(JSON.stringify(mine.value.channels)).not.toContain('whsec_')
    const theirs = await query('alerts.list', { cookie: await sessionOf(stranger) })
    expect(theirs.value).toMatchObject({ channels: [], subscriptions: [], deliveries: [] })
  })

  test('error: unknown fields, foreign delegates, private addresses and more than the limit are refused', async () => {
    await database.pool.query('DELETE FROM alert_channels')
    const by = privateKeyToAccount(`0x${'44'.repeat(32)}`)
    const cookie = await sessionOf(by)
    const { channel } = await prepare(cookie, by)
    const good = { channelId: channel, delegate: DELEGATE, kinds: ['missed'], missedInRow: 1 }
    for (const input of [
      { ...good, owner: stranger.address },
      { ...good, kinds: ['nodeUnreachable'] },
      { ...good, kinds: [] },
      { ...good, missedInRow: 0 },
      { ...good, missedInRow: 11 },
    ])
      expect(await call('alerts.subscribe', { cookie, input })).toMatchObject({ status: 400 })
    expect(
      await call('alerts.subscribe', { cookie, input: { ...good, delegate: `0x${'bb'.repeat(20)}` } }),
    ).toMatchObject({ reason: 'delegate.notFound' })
    const inside = { kind: 'webhook', target: 'https://169.254.169.254/' }
    expect(await call('alerts.challenge', { cookie, input: inside })).toMatchObject({ reason: 'alert.badTarget' })
    const added = await Promise.all(
      Array.from({ length: 12 }, () => addWebhook('https://hooks.example/x', { cookie, by })),
    )
    expect(added.filter(({ status }) => status === 200)).toHaveLength(9)
    expect(added.find(({ status }) => status !== 200)).toMatchObject({ reason: 'alert.full' })
  })

  test('error: a session alone adds no channel: only a fresh signature of its account for this very address does', async () => {
    await database.pool.query('DELETE FROM alert_channels')
    const cookie = await sessionOf(owner)
    const url = 'https://hooks.example/mine'
    const add = (input: unknown) => call('alerts.addWebhook', { cookie, input })
    const refused = { status: 403, reason: 'alert.notSigned' }
    expect(await call('alerts.challenge', { input: { kind: 'webhook', target: url } })).toMatchObject({ status: 401 })
    expect(await add({ url })).toMatchObject({ status: 400, reason: 'input.invalid' })
    expect(await add({ url: 'https://evil.example/', ...(await signedFor(url, { cookie })) })).toMatchObject(refused)
    expect(await add({ url, ...(await signedFor(url, { cookie, by: stranger })) })).toMatchObject(refused)
    const message = messageOf(await challengeOf())
    const ofSignIn = { message, signature: await owner.signMessage({ message }) }
    expect(await add({ url, ...ofSignIn })).toMatchObject(refused)
    const signed = await signedFor(url, { cookie })
    expect(signed.message).toContain(`Resources:\n- ${url}`)
    expect(await call('session.signIn', { input: signed })).toMatchObject({ reason: 'session.refused' })
    expect(await query<{ channels: unknown[] }>('alerts.list', { cookie })).toMatchObject({ value: { channels: [] } })
    expect(await add({ url, ...signed })).toMatchObject({ status: 200 })
    expect(await add({ url, ...signed })).toMatchObject(refused)
  })

  test('error: who changes too often waits', async () => {
    const cookie = await sessionOf(privateKeyToAccount(`0x${'33'.repeat(32)}`))
    const answers: Answer[] = []
    // A minute may end in between.
    for (let turn = 0; turn < 62 && answers.at(-1)?.status !== 429; turn++)
      answers.push(await call('alerts.unsubscribe', { cookie, input: { id: crypto.randomUUID() } }))
    expect(answers.at(0)).toMatchObject({ status: 404 })
    expect(answers.length).toBeGreaterThan(30)
    expect(answers.at(-1)).toMatchObject({ status: 429, reason: 'rate.limited' })
  })
})

describe('mail', () => {
  const headers = { origin: 'https://portal.example' }
  const to = () => ({ to: away, headers })
  const sessionAway = async (): Promise<string> => {
    const challenge = await challengeOf(to())
    return (await signIn(owner, messageOf(challenge), to())).cookie ?? ''
  }

  test('error: it is not offered where it is not configured', async () => {
    const input = { kind: 'email', target: 'a@b.example' }
    expect(await call('alerts.challenge', { cookie: await sessionOf(owner), input })).toMatchObject({
      reason: 'alert.noEmail',
    })
  })

  test('default: an address is confirmed once by its link, and a mailbox is not asked for ever', async () => {
    await database.pool.query('DELETE FROM alert_channels')
    const cookie = await sessionAway()
    const add = async (address: string) => {
      const signed = await signedFor(address, { ...to(), cookie, kind: 'email' })
      return call<{ id: string }>('alerts.addEmail', { ...to(), cookie, input: { address, ...signed } })
    }
    const { id } = (await add('delegate@mail.example')).value
    const { rows } = await database.pool.query<{ state: string; confirm_nonce: string }>(
      'SELECT * FROM alert_channels WHERE id = $1',
      [id],
    )
    expect(rows[0]?.state).toBe('unconfirmed')
    const confirm = (token: string) => call('alerts.confirm', { ...to(), input: { channel: id, token } })
    expect((await confirm('0'.repeat(32))).value).toEqual({ done: false })
    expect((await confirm(rows[0]?.confirm_nonce ?? '')).value).toEqual({ done: true })
    expect((await confirm(rows[0]?.confirm_nonce ?? '')).value).toEqual({ done: false })
    for (let turn = 0; turn < 2; turn++) {
      const again = await add('Delegate@mail.example')
      await call('alerts.removeChannel', { ...to(), cookie, input: { id: again.value.id } })
    }
    expect(await add('delegate@mail.example')).toMatchObject({ status: 429, reason: 'rate.limited' })
  })

  test('default: one POST with the link of a mail ends it; anything else ends nothing', async () => {
    const { rows } = await database.pool.query<{ id: string; secret: string }>(
      `SELECT * FROM alert_channels WHERE kind = 'email' AND state = 'active'`,
    )
    const [channel] = rows
    if (channel === undefined) throw new Error('there is no confirmed address')
    const press = (token: string) =>
      away.unsubscribe(
        new Request(`https://portal.example/api/alerts/unsubscribe?channel=${channel.id}&token=${token}`, {
          method: 'POST',
        }),
      )
    expect((await press('x')).status).toBe(404)
    expect((await press(unsubscribeToken({ id: channel.id, secret: 'whsec_other' }))).status).toBe(404)
    expect((await press(unsubscribeToken(channel))).status).toBe(200)
    const after = await database.pool.query('SELECT state FROM alert_channels WHERE id = $1', [channel.id])
    expect(after.rows).toEqual([{ state: 'stopped' }])
  })
})
