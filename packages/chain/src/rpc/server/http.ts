import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { type RpcErrorCode, type RpcLimits, rpcErrorObject } from '#rpc/routes'
import type { Dispatcher } from './dispatch.ts'
import { type GateOptions, judge, type Passage } from './gate.ts'

/** Whether the node can be used, and how far it is. */
export interface Health {
  readonly ready: boolean
  readonly reason?: string
  readonly height: string
  readonly finalizedHeight: string
  readonly warnings?: readonly string[]
}

export interface HttpOptions {
  readonly dispatcher: Dispatcher
  readonly limits: RpcLimits
  readonly gate: GateOptions
  health(): Health
}

interface Answer {
  readonly status: number
  readonly text: string
  readonly headers?: Readonly<Record<string, string>>
  /** Close the connection after answering: the rest of the request is not worth reading. */
  readonly close?: boolean
}

/** HTTP side: POST carries calls, GET /health and /ready tell the state, OPTIONS answers browsers. */
export function createHttpServer(options: HttpOptions): Server {
  const { limits } = options
  const server = createServer({
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.keepAliveMs,
    connectionsCheckingInterval: Math.max(50, Math.min(1_000, limits.headersMs / 2)),
    maxHeaderSize: limits.headerBytes,
  })
  server.maxConnections = limits.connections
  // An idle socket, also one that does not read its answer, goes after this pause.
  server.timeout = limits.requestMs + limits.callMs
  const arrive = createDelivery()
  server.on('request', (request, response) => {
    const deliver = arrive(response)
    answer(request, options).then(deliver, () => deliver(refusal(500, 'rpc.internal', {})))
  })
  server.on('checkExpectation', (_request, response) => {
    write(response, { status: 417, text: '', close: true })
  })
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    turnAway(error, socket as Socket)
  })
  return server
}

async function answer(request: IncomingMessage, options: HttpOptions): Promise<Answer> {
  const passage = judge(request, options.gate)
  const cors = corsHeaders(passage)
  if (!passage.host) return refusal(403, 'rpc.hostRefused', cors)
  if (request.method === 'OPTIONS') return preflight(passage, cors)
  if (request.method === 'GET' || request.method === 'HEAD') return get(request, options, cors)
  if (request.method !== 'POST') return refusal(405, 'rpc.httpMethod', { ...cors, allow: 'GET, HEAD, OPTIONS, POST' })
  if (!passage.origin) return refusal(403, 'rpc.originRefused', cors)
  if (!speaksJson(request)) return refusal(415, 'rpc.parse', cors)
  const body = await readBody(request, options.limits.bodyBytes)
  if (body === 'large') return refusal(413, 'rpc.bodyTooLarge', cors)
  if (body === 'broken') return { status: 400, text: '', close: true }
  const reply = await options.dispatcher.dispatch(body, { local: passage.local })
  return {
    status: reply.status,
    text: reply.text,
    headers: reply.status === 429 ? { ...cors, 'retry-after': '1' } : cors,
  }
}

function get(request: IncomingMessage, options: HttpOptions, cors: Readonly<Record<string, string>>): Answer {
  const path = (request.url ?? '/').split('?', 1)[0]
  if (path !== '/health' && path !== '/ready') return refusal(path === '/' ? 405 : 404, 'rpc.httpMethod', cors)
  const health = options.health()
  // Health says that the process answers; readiness says that its answers can be used.
  const status = path === '/ready' && !health.ready ? 503 : 200
  return { status, text: JSON.stringify({ status: 'ok', ...health }), headers: cors }
}

function preflight(passage: Passage, cors: Readonly<Record<string, string>>): Answer {
  if (!passage.origin) return { status: 403, text: '' }
  return {
    status: 204,
    text: '',
    headers: {
      ...cors,
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'content-type',
      'access-control-max-age': '600',
    },
  }
}

function corsHeaders(passage: Passage): Record<string, string> {
  if (passage.allowOrigin === undefined) return {}
  return {
    'access-control-allow-origin': passage.allowOrigin,
    ...(passage.allowOrigin === '*' ? {} : { vary: 'origin' }),
  }
}

/** A web page must declare JSON, which makes the browser ask first; plain clients may leave the type out. */
function speaksJson(request: IncomingMessage): boolean {
  const encoding = request.headers['content-encoding']
  if (encoding !== undefined && encoding !== 'identity') return false
  const type = request.headers['content-type']
  return request.headers.origin === undefined || (type ?? '').toLowerCase().startsWith('application/json')
}

function readBody(request: IncomingMessage, limit: number): Promise<Uint8Array | 'large' | 'broken'> {
  const declared = Number(request.headers['content-length'] ?? 0)
  if (declared > limit) return Promise.resolve('large')
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > limit) {
        chunks.length = 0
        request.pause()
        resolve('large')
      } else {
        chunks.push(chunk)
      }
    })
    request.on('end', () => {
      resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks))
    })
    request.on('error', () => {
      resolve('broken')
    })
    request.on('close', () => {
      resolve('broken')
    })
  })
}

function refusal(status: number, code: RpcErrorCode, headers: Readonly<Record<string, string>>): Answer {
  const text = JSON.stringify({ jsonrpc: '2.0', id: null, error: rpcErrorObject(code) })
  return { status, text, headers, close: status !== 404 && status !== 405 }
}

/**
 * Answers that are ready in the turn of the event loop in which their requests came are written at its end, together. Written one by one,
 * each wakes a client that would have gone on to wait for the next, which costs more than most answers. Later ones are written at once.
 */
function createDelivery(): (response: ServerResponse) => (found: Answer) => void {
  let ready: (readonly [ServerResponse, Answer])[] | undefined
  return (response) => {
    const turn = ready ?? []
    if (ready === undefined) {
      ready = turn
      setImmediate(() => {
        ready = undefined
        for (const [one, found] of turn) write(one, found)
      })
    }
    return (found) => {
      if (ready === turn) turn.push([response, found])
      else write(response, found)
    }
  }
}

function write(response: ServerResponse, found: Answer): void {
  if (response.destroyed || response.writableEnded) return
  const { text, status, headers, close = false } = found
  // A list goes out as it is; headers set one by one would be kept, checked and copied first.
  const list = ['cache-control', 'no-store', 'x-content-type-options', 'nosniff']
  if (text !== '') list.push('content-type', 'application/json; charset=utf-8')
  if (status !== 204) list.push('content-length', String(Buffer.byteLength(text)))
  for (const name in headers) list.push(name, headers[name] ?? '')
  if (close) list.push('connection', 'close')
  response.writeHead(status, list)
  if (!close) {
    // As text, head and body leave in one piece.
    response.end(text)
    return
  }
  response.end(text, () => {
    // A request that was refused half-read still has bytes in flight; nobody will read them.
    response.socket?.destroySoon()
  })
}

function turnAway(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const status =
    error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? '408 Request Timeout'
      : error.code === 'HPE_HEADER_OVERFLOW'
        ? '431 Request Header Fields Too Large'
        : '400 Bad Request'
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`, () => {
    socket.destroy()
  })
}
