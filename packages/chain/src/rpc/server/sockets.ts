import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'
import { type RawData, type WebSocket, WebSocketServer } from 'ws'
import type { Cancel, Logger } from '#primitives'
import { type RpcLimits, rpcErrorObject } from '#rpc/routes'
import type { Dispatcher, Session } from './dispatch.ts'
import { RpcFailure } from './failure.ts'
import { type GateOptions, judge } from './gate.ts'
import type { SubscriptionHub } from './subscriptions.ts'

export interface SocketOptions {
  readonly dispatcher: Dispatcher
  readonly limits: RpcLimits
  readonly gate: GateOptions
  readonly hub: SubscriptionHub
  readonly logger: Logger
}

/** WebSockets of a server: how many there are, and an end to all. */
export interface Sockets {
  count(): number
  close(): void
}

const GOING_AWAY = 1001

/** Takes WebSocket upgrades on an HTTP server. A client that does not read, or is silent to pings, is cut off. */
export function attachSockets(server: Server, options: SocketOptions): Sockets {
  const { limits } = options
  const acceptor = new WebSocketServer({
    noServer: true,
    maxPayload: limits.frameBytes,
    perMessageDeflate: false,
    clientTracking: true,
  })
  const quiet = new WeakSet<WebSocket>()
  const unreadLimit = (): number => Math.min(limits.unreadBytes, limits.unreadTotalBytes / acceptor.clients.size)

  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    socket.on('error', () => {
      socket.destroy()
    })
    const passage = judge(request, options.gate)
    if (!passage.host || !passage.origin) return turnAway(socket, '403 Forbidden')
    if (acceptor.clients.size >= limits.sockets) return turnAway(socket, '503 Service Unavailable')
    // The idle limit of HTTP does not suit a socket that waits for events; pings replace it.
    socket.setTimeout(0)
    acceptor.handleUpgrade(request, socket, head, (webSocket) => {
      webSocket.on('pong', () => {
        quiet.delete(webSocket)
      })
      serve(webSocket, { local: passage.local, unreadLimit }, options)
    })
  })

  const pinger = setInterval(() => {
    for (const webSocket of acceptor.clients) {
      if (quiet.has(webSocket)) {
        webSocket.terminate()
        continue
      }
      quiet.add(webSocket)
      webSocket.ping()
    }
  }, limits.pingMs)
  pinger.unref()

  return {
    count: () => acceptor.clients.size,
    close: () => {
      clearInterval(pinger)
      for (const webSocket of acceptor.clients) webSocket.close(GOING_AWAY, 'the node stops')
      acceptor.close()
    },
  }
}

function turnAway(socket: Socket, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`, () => {
    socket.destroy()
  })
}

function serve(
  webSocket: WebSocket,
  { local, unreadLimit }: { readonly local: boolean; unreadLimit(): number },
  options: SocketOptions,
): void {
  const { limits, logger } = options
  const send = (text: string): void => {
    if (webSocket.readyState !== webSocket.OPEN) return
    if (webSocket.bufferedAmount > unreadLimit()) {
      logger.warn('slow subscriber cut off', { unreadBytes: webSocket.bufferedAmount })
      webSocket.terminate()
      return
    }
    webSocket.send(text)
  }
  const subscriptions = createSubscriptions(options, send)
  const session: Session = { local, subscriptions }
  let working = 0

  webSocket.on('message', (data: RawData, binary: boolean) => {
    if (binary) {
      send(
        JSON.stringify({
          jsonrpc: '2.0',
          id: null,
          error: rpcErrorObject('rpc.parse', { help: 'Send text messages.' }),
        }),
      )
      return
    }
    working += 1
    if (working >= limits.messagesInFlightPerSocket) webSocket.pause()
    void options.dispatcher.dispatch(toBytes(data), session).then((reply) => {
      working -= 1
      if (webSocket.isPaused && working < limits.messagesInFlightPerSocket) webSocket.resume()
      if (reply.text !== '') send(reply.text)
    })
  })
  // Protocol violations and oversized frames arrive here; ws closes the connection with the fitting code itself.
  webSocket.on('error', (error) => {
    logger.debug('socket failed', { error: error.message })
  })
  webSocket.on('close', () => {
    subscriptions.clear()
  })
}

function createSubscriptions(options: SocketOptions, send: (text: string) => void) {
  const active = new Map<string, Cancel>()
  let next = 1
  return {
    add(topic: string): string {
      if (active.size >= options.limits.subscriptionsPerSocket) throw new RpcFailure('rpc.subscriptionLimit')
      const id = `0x${next.toString(16)}`
      next += 1
      active.set(
        id,
        options.hub.subscribe(topic, (result) => {
          send(`{"jsonrpc":"2.0","method":"aelf_subscription","params":{"subscription":"${id}","result":${result}}}`)
        }),
      )
      return id
    },
    remove(id: string): boolean {
      active.get(id)?.()
      return active.delete(id)
    },
    clear(): void {
      for (const cancel of active.values()) cancel()
      active.clear()
    },
  }
}

function toBytes(data: RawData): Uint8Array {
  if (data instanceof ArrayBuffer) return new Uint8Array(data)
  return Array.isArray(data) ? Buffer.concat(data) : data
}
