import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { z } from 'zod'
import type { RpcLimits } from '#rpc/routes'
import type { Method } from './dispatch.ts'
import { createSubscriptionHub, type SubscriptionHub } from './subscriptions.ts'
import { createTransport, RpcListenError, type RpcServer } from './transport.ts'

/** Polls with a patience that also a busy machine keeps. */
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 15_000, interval: 5 })

const silent = { debug() {}, info() {}, warn() {}, error() {} }
const open: RpcServer[] = []
const sockets: WebSocket[] = []

const method = (handle: Method['handle'], params: Method['params'] = z.tuple([]), names: string[] = []): Method => ({
  access: 'open',
  names,
  params,
  handle,
})

async function start(given: { limits?: Partial<RpcLimits>; methods?: Record<string, Method>; devnet?: boolean } = {}) {
  const hub: SubscriptionHub = createSubscriptionHub()
  const methods = new Map<string, Method>(
    Object.entries({
      echo: method((params) => params, z.tuple([z.strictObject({ text: z.string().max(5).exactOptional() })]), [
        'value',
      ]),
      ping: method(() => 'pong'),
      broken: method(() => {
        throw new TypeError('/secret/path')
      }),
      circle: method(() => {
        const round: Record<string, unknown> = {}
        round['self'] = round
        return round
      }),
      slow: method(() => new Promise(() => {})),
      big: method(() => 'x'.repeat(1_000)),
      dev: { ...method(() => 1), access: 'devnet' as const },
      aelf_subscribe: {
        access: 'socket' as const,
        names: ['topic'],
        params: z.tuple([z.string()]),
        handle: (params: readonly unknown[], session: Parameters<Method['handle']>[1]) =>
          session.subscriptions?.add(String(params[0])),
      },
      ...given.methods,
    }),
  )
  const server = createTransport({
    methods,
    hub,
    logger: silent,
    devnet: given.devnet ?? true,
    port: 0,
    ...(given.limits ? { limits: given.limits } : {}),
    health: () => ({ ready: false, reason: 'starting', height: '0', finalizedHeight: '0' }),
  })
  open.push(server)
  const at = await server.listen()
  return { server, hub, ...at }
}

const post = async (url: string, body: string | Uint8Array, headers: Record<string, string> = {}) => {
  const response = await fetch(url, {
    method: 'POST',
    body: body as BodyInit,
    headers: { 'content-type': 'application/json', ...headers },
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, json: text === '' ? undefined : JSON.parse(text) }
}
const message = (name: string, params?: unknown, id: unknown = 1) =>
  JSON.stringify({ jsonrpc: '2.0', id, method: name, ...(params === undefined ? {} : { params }) })

async function dial(url: string): Promise<WebSocket & { next(): Promise<Record<string, unknown>> }> {
  const socket = new WebSocket(url.replace('http', 'ws'))
  sockets.push(socket)
  const waiting: ((value: Record<string, unknown>) => void)[] = []
  const ready: Record<string, unknown>[] = []
  socket.on('message', (data) => {
    const value = JSON.parse(String(data))
    const taker = waiting.shift()
    if (taker) taker(value)
    else ready.push(value)
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve())
    socket.once('error', reject)
  })
  const next = () =>
    new Promise<Record<string, unknown>>((resolve) => {
      const value = ready.shift()
      if (value) resolve(value)
      else waiting.push(resolve)
    })
  return Object.assign(socket, { next })
}

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate()
  await Promise.all(open.splice(0).map((server) => server.close()))
})

describe('calls over HTTP', () => {
  test('default', async () => {
    const { url } = await start()
    expect((await post(url, message('ping'))).json).toEqual({ jsonrpc: '2.0', id: 1, result: 'pong' })
  })

  test('behavior: parameters by name and by place are the same', async () => {
    const { url } = await start()
    expect((await post(url, message('echo', { value: { text: 'a' } }))).json.result).toEqual([{ text: 'a' }])
    expect((await post(url, message('echo', [{ text: 'a' }]))).json.result).toEqual([{ text: 'a' }])
  })

  test('error: names the parameter at fault and says what to do', async () => {
    const { url } = await start()
    const { error } = (await post(url, message('echo', [{ text: 'toolong' }]))).json
    expect(error.code).toBe(-32602)
    expect(error.data).toMatchObject({ code: 'rpc.invalidParams', field: 'params[0].text', retryable: false })
    expect(error.data.help).toContain('value')
    expect((await post(url, message('echo', { other: 1 }))).json.error.data.field).toBe('params.other')
  })

  test.each([
    ['{', 'rpc.parse'],
    ['', 'rpc.parse'],
    ['[]', 'rpc.invalidRequest'],
    ['null', 'rpc.invalidRequest'],
    ['{"jsonrpc":"1.0","id":1,"method":"ping"}', 'rpc.invalidRequest'],
    ['{"jsonrpc":"2.0","id":{},"method":"ping"}', 'rpc.invalidRequest'],
    ['{"jsonrpc":"2.0","id":1,"method":7}', 'rpc.invalidRequest'],
    ['{"jsonrpc":"2.0","id":1,"method":"ping","params":"x"}', 'rpc.invalidRequest'],
    ['{"jsonrpc":"2.0","id":1,"method":"nothing"}', 'rpc.methodNotFound'],
    ['{"jsonrpc":"2.0","id":1,"method":"__proto__"}', 'rpc.methodNotFound'],
    ['{"jsonrpc":"2.0","id":1,"method":"constructor"}', 'rpc.methodNotFound'],
    ['['.repeat(100_000), 'rpc.nestedTooDeep'],
    [`${'['.repeat(17)}${']'.repeat(17)}`, 'rpc.nestedTooDeep'],
    [`[${Array(101).fill('1').join()}]`, 'rpc.batchTooLarge'],
    ['9'.repeat(1_000_000), 'rpc.parse'],
  ])('error: %.40s', async (body, code) => {
    const { url } = await start()
    const found = (await post(url, body)).json
    expect(found.error.data.code).toBe(code)
    expect(found.error.data.help.length).toBeGreaterThan(10)
  })

  test('error: bytes that are not UTF-8', async () => {
    const { url } = await start()
    expect((await post(url, Uint8Array.of(0x22, 0xff, 0xfe, 0x22))).json.error.data.code).toBe('rpc.parse')
  })

  test('error: what fails inside reveals nothing', async () => {
    const { url } = await start()
    const { json } = await post(url, message('broken'))
    expect(json.error.data.code).toBe('rpc.internal')
    expect(JSON.stringify(json)).not.toContain('secret')
    expect((await post(url, message('circle'))).json.error.data.code).toBe('rpc.internal')
  })

  test('behavior: a batch answers each call in order, notifications are silent', async () => {
    const { url } = await start()
    const { json } = await post(
      url,
      `[${message('ping', [], 'a')},${message('none', [], 2)},{"jsonrpc":"2.0","method":"ping"},5]`,
    )
    expect(json.map((entry: { id: unknown }) => entry.id)).toEqual(['a', 2, null])
    expect((await post(url, '{"jsonrpc":"2.0","method":"ping"}')).status).toBe(204)
  })

  test('behavior: neighbouring sends of a batch are worked on together; what follows them waits', async () => {
    let running = 0
    let most = 0
    const seen: number[] = []
    const send = method(
      async ([given]) => {
        running += 1
        most = Math.max(most, running)
        await new Promise((resolve) => setTimeout(resolve, 20 - Number(given)))
        running -= 1
        return given
      },
      z.tuple([z.number()]),
    )
    const look = method(() => seen.push(running))
    const { url } = await start({ methods: { aelf_sendTransaction: send, look }, limits: { callsInFlight: 20 } })
    const sends = Array.from({ length: 12 }, (_, index) => message('aelf_sendTransaction', [index], index))
    const { json } = await post(url, `[${sends.join()},${message('look', [], 'l')}]`)
    expect(json.map((entry: { id: unknown }) => entry.id)).toEqual([...sends.keys(), 'l'])
    expect(json.slice(0, 12).map((entry: { result: unknown }) => entry.result)).toEqual([...sends.keys()])
    expect(most).toBe(10)
    expect(seen).toEqual([0])
  })

  test('error: too large, declared and streamed', async () => {
    const { url, port } = await start({ limits: { bodyBytes: 1_000 } })
    expect((await post(url, 'x'.repeat(1_001))).json.error.data.code).toBe('rpc.bodyTooLarge')
    const status = await new Promise((resolve, reject) => {
      const request = httpRequest({ port, method: 'POST', headers: { 'transfer-encoding': 'chunked' } }, (response) =>
        resolve(response.statusCode),
      )
      request.on('error', reject)
      request.write('y'.repeat(2_000))
    })
    expect(status).toBe(413)
  })

  test('error: answers that are too large', async () => {
    const { url } = await start({ limits: { responseBytes: 2_500 } })
    const { json } = await post(url, `[${Array(5).fill(message('big')).join()}]`)
    expect(json.filter((entry: { result?: string }) => entry.result).length).toBe(2)
    expect(json.at(-1).error.data.code).toBe('rpc.responseTooLarge')
  })

  test('error: slow work times out and full servers say so', async () => {
    const { url } = await start({ limits: { callMs: 50, callsInFlight: 1 } })
    const first = post(url, message('slow'))
    await new Promise((resolve) => {
      setTimeout(resolve, 20)
    })
    const second = await post(url, message('ping'))
    expect(second.status).toBe(429)
    expect(second.headers.get('retry-after')).toBe('1')
    expect(second.json.error.data).toMatchObject({ code: 'rpc.tooBusy', retryable: true })
    expect((await first).json.error.data.code).toBe('rpc.timeout')
  })
})

describe('doors', () => {
  test('behavior: health answers, readiness tells', async () => {
    const { url } = await start()
    expect((await fetch(`${url}/health`)).status).toBe(200)
    const ready = await fetch(`${url}/ready`)
    expect(ready.status).toBe(503)
    expect(await ready.json()).toMatchObject({ ready: false, reason: 'starting' })
    expect((await fetch(`${url}/other`)).status).toBe(404)
  })

  test('behavior: web pages may read a devnet, only local ones may steer it', async () => {
    const { url } = await start()
    const elsewhere = await post(url, message('ping'), { origin: 'https://example.org' })
    expect(elsewhere.headers.get('access-control-allow-origin')).toBe('*')
    expect((await post(url, message('dev'), { origin: 'https://example.org' })).json.error.data.code).toBe(
      'rpc.originRefused',
    )
    expect((await post(url, message('dev'), { origin: 'http://localhost:3000' })).json.result).toBe(1)
    expect(
      (await post(url, message('ping'), { origin: 'https://example.org', 'content-type': 'text/plain' })).status,
    ).toBe(415)
  })

  test('behavior: outside a devnet foreign pages are refused', async () => {
    const { url } = await start({ devnet: false })
    expect((await post(url, message('ping'), { origin: 'https://example.org' })).status).toBe(403)
    expect((await post(url, message('dev'))).json.error.data.code).toBe('rpc.notDevnet')
  })

  test('error: a foreign host name is refused', async () => {
    const { port } = await start()
    const status = await new Promise((resolve) => {
      httpRequest({ port, method: 'POST', headers: { host: 'evil.example' } }, (response) =>
        resolve(response.statusCode),
      ).end('{}')
    })
    expect(status).toBe(403)
  })

  test('error: listening twice on a port', async () => {
    const { port, hub } = await start()
    const second = createTransport({
      methods: new Map(),
      hub,
      logger: silent,
      devnet: true,
      port,
      health: () => ({ ready: true, height: '0', finalizedHeight: '0' }),
    })
    await expect(second.listen()).rejects.toThrow(RpcListenError)
  })

  test('behavior: half-open and dripping connections end', async () => {
    const { port } = await start({ limits: { headersMs: 200, requestMs: 400 } })
    const ended = (first: string) =>
      new Promise<void>((resolve) => {
        const socket = connect(port, '127.0.0.1', () => {
          if (first) socket.write(first)
        })
        socket.on('data', () => {})
        socket.on('error', () => {})
        socket.on('close', () => resolve())
      })
    // Without the two limits none of them would end before this test is given up.
    await Promise.all([
      ended(''),
      ended('POST / HT'),
      ended('POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\n{'),
      ended('\u0000\u0001garbage\r\n\r\n'),
    ])
  })
})

describe('WebSocket', () => {
  test('default: calls and subscriptions', async () => {
    const { url, hub } = await start()
    const socket = await dial(url)
    socket.send(message('aelf_subscribe', ['heads'], 7))
    const subscribed = await socket.next()
    expect(subscribed['id']).toBe(7)
    hub.publish('heads', () => ({ height: '1' }))
    expect(await socket.next()).toEqual({
      jsonrpc: '2.0',
      method: 'aelf_subscription',
      params: { subscription: subscribed['result'], result: { height: '1' } },
    })
  })

  test('error: subscriptions need a socket and are limited', async () => {
    const { url, hub } = await start({ limits: { subscriptionsPerSocket: 1 } })
    expect((await post(url, message('aelf_subscribe', ['heads']))).json.error.data.code).toBe('rpc.needsWebSocket')
    const socket = await dial(url)
    socket.send(message('aelf_subscribe', ['heads']))
    await socket.next()
    socket.send(message('aelf_subscribe', ['heads']))
    expect(await socket.next()).toMatchObject({ error: { data: { code: 'rpc.subscriptionLimit' } } })
    expect(hub.count()).toBe(1)
    const closed = new Promise((resolve) => {
      socket.once('close', resolve)
    })
    socket.close()
    await closed
    await eventually(() => hub.count()).toBe(0)
  })

  test('behavior: a large frame ends the socket, not the server', async () => {
    const { url } = await start({ limits: { frameBytes: 1_000 } })
    const socket = await dial(url)
    const code = new Promise((resolve) => {
      socket.once('close', resolve)
    })
    socket.on('error', () => {})
    socket.send('x'.repeat(2_000))
    expect(await code).toBe(1009)
    expect((await post(url, message('ping'))).json.result).toBe('pong')
  })

  test('behavior: a subscriber that does not read is cut off', async () => {
    const { url, hub, server } = await start({ limits: { unreadBytes: 100_000 } })
    const socket = await dial(url)
    socket.send(message('aelf_subscribe', ['heads']))
    await socket.next()
    socket.pause()
    const text = 'z'.repeat(100_000)
    for (let sent = 0; sent < 300 && server.load().sockets > 0; sent++) {
      hub.publish('heads', () => text)
      await new Promise((resolve) => {
        setImmediate(resolve)
      })
    }
    await eventually(() => server.load().sockets).toBe(0)
  })

  test('behavior: with many sockets each may leave only its share unread', async () => {
    const { url, hub, server } = await start({ limits: { unreadTotalBytes: 200_000 } })
    const [slow, other] = [await dial(url), await dial(url)]
    slow.send(message('aelf_subscribe', ['heads']))
    await slow.next()
    slow.pause()
    const text = 'z'.repeat(100_000)
    for (let sent = 0; sent < 300 && server.load().sockets > 1; sent++) {
      hub.publish('heads', () => text)
      await new Promise((resolve) => {
        setImmediate(resolve)
      })
    }
    await eventually(() => server.load().sockets).toBe(1)
    expect(other.readyState).toBe(WebSocket.OPEN)
  })

  test('behavior: one event reaches two thousand subscribers, and calls are answered meanwhile', async () => {
    const { url, hub, server } = await start()
    const clients: Awaited<ReturnType<typeof dial>>[] = []
    while (clients.length < 2_000) clients.push(...(await Promise.all(Array.from({ length: 100 }, () => dial(url)))))
    for (const client of clients) client.send(message('aelf_subscribe', ['heads']))
    await Promise.all(clients.map((client) => client.next()))
    expect(server.load()).toMatchObject({ sockets: 2_000, subscriptions: 2_000 })
    hub.publish('heads', () => 'one')
    const [events, call] = await Promise.all([
      Promise.all(clients.map((client) => client.next())),
      post(url, message('ping')),
    ])
    expect(new Set(events.map((event) => JSON.stringify(event['params'])))).toEqual(
      new Set(['{"subscription":"0x1","result":"one"}']),
    )
    expect(call.json.result).toBe('pong')
  }, 60_000)

  test('behavior: a silent socket is cut off', async () => {
    const { port, server } = await start({ limits: { pingMs: 100 } })
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => {})
    socket.write(
      'GET / HTTP/1.1\r\nhost: localhost\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    )
    await eventually(() => server.load().sockets).toBe(1)
    await eventually(() => server.load().sockets).toBe(0)
    socket.destroy()
  })

  test('error: more sockets than allowed', async () => {
    const { url } = await start({ limits: { sockets: 1 } })
    await dial(url)
    await expect(dial(url)).rejects.toThrow('503')
  })
})
