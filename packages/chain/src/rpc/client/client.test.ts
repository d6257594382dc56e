import { afterEach, describe, expect, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { z } from 'zod'
import type { Method } from '../server/dispatch.ts'
import { createSubscriptionHub } from '../server/subscriptions.ts'
import { createTransport, type RpcServer } from '../server/transport.ts'
import { RpcRequestError } from './error.ts'
import { createRpcClient } from './http.ts'
import { createWsClient } from './socket.ts'

/** Polls with a patience that also a busy machine keeps. */
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 15_000, interval: 5 })

const closers: (() => unknown)[] = []
const silent = { debug() {}, info() {}, warn() {}, error() {} }
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const fresh = { renewals: 0 }

async function start(
  port = 0,
): Promise<{ server: RpcServer; url: string; port: number; publish(event: unknown): void; calls: string[] }> {
  const hub = createSubscriptionHub()
  const calls: string[] = []
  const method = (
    name: string,
    handle: Method['handle'],
    params: Method['params'] = z.array(z.any()),
    access: Method['access'] = 'open',
  ) =>
    [
      name,
      {
        access,
        names: ['a'],
        params,
        handle: (given, session) => {
          calls.push(name)
          return handle(given, session)
        },
      },
    ] as [string, Method]
  const server = createTransport({
    methods: new Map([
      method('aelf_getMempool', () => ({ count: 1, bytes: 3, transactions: [] })),
      method('aelf_getTerm', () => {
        fresh.renewals += 1
        throw new Error('inside')
      }),
      method('aelf_getBlock', (params) => params, z.tuple([z.number()])),
      method('aelf_sendTransaction', () => new Promise(() => {})),
      method(
        'aelf_subscribe',
        (params, session) => session.subscriptions?.add(String(params[0])),
        z.tuple([z.string()]),
        'socket',
      ),
      method(
        'aelf_unsubscribe',
        (params, session) => session.subscriptions?.remove(String(params[0])),
        z.tuple([z.string()]),
        'socket',
      ),
    ]),
    hub,
    logger: silent,
    devnet: true,
    port,
    health: () => ({ ready: true, height: '0', finalizedHeight: '0' }),
  })
  const at = await server.listen()
  closers.push(() => server.close())
  return {
    server,
    url: at.url,
    port: at.port,
    publish: (event) => {
      hub.publish('pending', () => event)
    },
    calls,
  }
}

async function failure(work: Promise<unknown>): Promise<RpcRequestError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(RpcRequestError)
  return error as RpcRequestError
}

describe('over HTTP', () => {
  test('default', async () => {
    const { url } = await start()
    expect((await createRpcClient({ url }).request('aelf_getMempool')).bytes).toBe(3)
  })

  test('error: carries code, help and field', async () => {
    const { url } = await start()
    const error = await failure(createRpcClient({ url }).request('aelf_getBlock', ['latest']))
    expect(error).toMatchObject({ code: 'rpc.invalidParams', number: -32602, field: 'params[0]', retryable: false })
    expect(error.help).not.toBe('')
  })

  test('behavior: reads are tried again, changes are not', async () => {
    const { url, calls } = await start()
    const client = createRpcClient({ url, retryDelayMs: 1, retries: 2, timeoutMs: 50 })
    expect((await failure(client.request('aelf_getTerm'))).code).toBe('rpc.internal')
    expect(calls.filter((name) => name === 'aelf_getTerm')).toHaveLength(3)
    expect((await failure(client.request('aelf_sendTransaction', ['0x']))).code).toBe('client.timeout')
    expect(calls.filter((name) => name === 'aelf_sendTransaction')).toHaveLength(1)
  })

  test('error: nobody there, somebody else there, aborted', async () => {
    expect(
      (await failure(createRpcClient({ url: 'http://127.0.0.1:1', retries: 0 }).request('aelf_getMempool'))).code,
    ).toBe('client.unreachable')
    const fetch = async () => new Response('<html>')
    expect((await failure(createRpcClient({ url: 'http://x', fetch }).request('aelf_getMempool'))).code).toBe(
      'client.badAnswer',
    )
    const { url } = await start()
    const signal = AbortSignal.abort()
    expect((await failure(createRpcClient({ url }).request('aelf_getMempool', [], { signal }))).code).toBe(
      'client.aborted',
    )
  })

  test('behavior: answers can be checked against schemas', async () => {
    const { url } = await start()
    const client = createRpcClient({ url, schemas: { aelf_getMempool: { result: z.object({ other: z.string() }) } } })
    expect((await failure(client.request('aelf_getMempool'))).code).toBe('client.badAnswer')
  })
})

describe('over WebSocket', () => {
  test('behavior: comes back and renews its subscriptions', async () => {
    const first = await start()
    const client = createWsClient({ url: first.url, reconnectMs: { first: 20, longest: 50 } })
    closers.push(() => client.close())
    const events: unknown[] = []
    const cancel = await client.subscribe('pending', (event) => events.push(event))
    first.publish({ id: 'one' })
    await eventually(() => events).toEqual([{ id: 'one' }])
    await first.server.close()
    await eventually(() => client.status()).toBe('connecting')
    const late = client.request('aelf_getMempool')
    const second = await start(first.port)
    expect((await late).count).toBe(1)
    await eventually(() => second.server.load().subscriptions).toBe(1)
    second.publish({ id: 'two' })
    await eventually(() => events).toEqual([{ id: 'one' }, { id: 'two' }])
    cancel()
    await eventually(() => second.server.load().subscriptions).toBe(0)
  })

  test('error: a change that lost its connection is not repeated', async () => {
    const { url, server, calls } = await start()
    const client = createWsClient({ url, reconnectMs: { first: 10, longest: 10 } })
    closers.push(() => client.close())
    const sending = failure(client.request('aelf_sendTransaction', ['0x']))
    await eventually(() => calls).toContain('aelf_sendTransaction')
    await server.close()
    expect((await sending).code).toBe('client.closed')
  })

  test('error: refusals, unreachable nodes, closed clients', async () => {
    const { url } = await start()
    const client = createWsClient({ url })
    expect((await failure(client.request('aelf_getBlock', ['latest']))).code).toBe('rpc.invalidParams')
    client.close()
    expect((await failure(client.request('aelf_getMempool'))).code).toBe('client.closed')
    expect((await failure(client.subscribe('heads', () => {}))).code).toBe('client.closed')
    const lonely = createWsClient({ url: 'http://127.0.0.1:1', timeoutMs: 60 })
    expect((await failure(lonely.request('aelf_getMempool'))).code).toBe('client.unreachable')
    lonely.close()
  })

  test('behavior: a node that went silent is left', async () => {
    const mute = new WebSocketServer({ port: 0, host: '127.0.0.1' })
    closers.push(() => {
      for (const socket of mute.clients) socket.terminate()
      mute.close()
    })
    await new Promise((resolve) => {
      mute.once('listening', resolve)
    })
    let connections = 0
    mute.on('connection', () => {
      connections += 1
    })
    const { port } = mute.address() as { port: number }
    const client = createWsClient({
      url: `ws://127.0.0.1:${port}`,
      heartbeatMs: 40,
      reconnectMs: { first: 5, longest: 5 },
    })
    closers.push(() => client.close())
    await eventually(() => connections).toBeGreaterThan(1)
  })
})
