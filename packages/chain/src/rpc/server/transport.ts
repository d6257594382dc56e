import type { AddressInfo } from 'node:net'
import { AelfError, type Logger } from '#primitives'
import { defaultRpcLimits, type RpcLimits } from '#rpc/routes'
import { createDispatcher, type DispatcherOptions, type Method, type Reply } from './dispatch.ts'
import type { GateOptions } from './gate.ts'
import { createHttpServer, type Health } from './http.ts'
import { attachSockets } from './sockets.ts'
import type { SubscriptionHub } from './subscriptions.ts'

export interface TransportOptions extends Partial<GateOptions> {
  readonly methods: ReadonlyMap<string, Method>
  readonly hub: SubscriptionHub
  readonly logger: Logger
  readonly devnet: boolean
  /** Address to listen on; loopback when left out. */
  readonly host?: string
  /** Port to listen on; 0 takes any free one; 8545 when left out. */
  readonly port?: number
  readonly limits?: Partial<RpcLimits>
  readonly meter?: DispatcherOptions['meter']
  health(): Health
}

/** Where a server listens. */
export interface Listening {
  readonly host: string
  readonly port: number
  readonly url: string
}

/** Load of a server now. */
export interface ServerLoad {
  readonly callsInFlight: number
  readonly sockets: number
  readonly subscriptions: number
}

/** A server that can be started and stopped once. */
export interface RpcServer {
  /** Throws `rpc.listen` when the port is taken or not allowed. */
  listen(): Promise<Listening>
  /** Ends all connections; resolves when the port is free. */
  close(): Promise<void>
  load(): ServerLoad
  /** Answers one message as if it had come in the body of a request; works without listening. */
  answer(message: Uint8Array): Promise<Reply>
}

/** The server failed to start: `rpc.listen`, with host, port and the system's reason in `details`. */
export class RpcListenError extends AelfError {
  override readonly name: string = 'RpcListenError'
}

const DEFAULT_PORT = 8545

/** HTTP and WebSocket on one port, serving a table of methods. */
export function createTransport(options: TransportOptions): RpcServer {
  const limits: RpcLimits = { ...defaultRpcLimits, ...options.limits }
  const gate: GateOptions = {
    allowedHosts: options.allowedHosts ?? [],
    allowedOrigins: options.allowedOrigins ?? (options.devnet ? '*' : []),
  }
  const { methods, logger, devnet, hub, health } = options
  const dispatcher = createDispatcher({ methods, limits, logger, devnet, meter: options.meter })
  const server = createHttpServer({ dispatcher, limits, gate, health })
  const sockets = attachSockets(server, { dispatcher, limits, gate, hub, logger })
  const host = options.host ?? '127.0.0.1'
  const port = options.port ?? DEFAULT_PORT
  return {
    listen: () =>
      new Promise((resolve, reject) => {
        const failed = (error: NodeJS.ErrnoException): void => {
          const details = { host, port, reason: error.code ?? error.message }
          reject(
            new RpcListenError('rpc.listen', `cannot listen on ${host}:${port} (${details.reason})`, {
              details,
              cause: error,
            }),
          )
        }
        server.once('error', failed)
        server.listen(port, host, () => {
          server.off('error', failed)
          server.on('error', (error) => {
            logger.error('rpc server failed', { error: error.message })
          })
          resolve(describe(server.address() as AddressInfo))
        })
      }),
    close: () =>
      new Promise((resolve) => {
        sockets.close()
        // Also one that never listened has a timer of its own, which would keep it in memory.
        server.close(() => {
          resolve()
        })
        server.closeAllConnections()
      }),
    answer: (message) => dispatcher.dispatch(message, { local: true }),
    load: () => ({ callsInFlight: dispatcher.inFlight(), sockets: sockets.count(), subscriptions: hub.count() }),
  }
}

function describe(address: AddressInfo): Listening {
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address
  return { host: address.address, port: address.port, url: `http://${name}:${address.port}` }
}
