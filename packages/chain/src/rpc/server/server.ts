import type { Cancel, Logger } from '#primitives'
import { type RouteName, routeNames, routes } from '#rpc/routes'
import { type ContractSource, createCatalogue } from './catalogue.ts'
import type { DispatcherOptions, Method } from './dispatch.ts'
import { createHandlers } from './handlers.ts'
import type { Health } from './http.ts'
import type { ChainEvent, NodePort, OperatorPort } from './ports.ts'
import { headerToEvent, transactionToDecoded } from './present.ts'
import { createSubscriptionHub, type SubscriptionHub } from './subscriptions.ts'
import { createTransport, type RpcServer, type TransportOptions } from './transport.ts'
import { createWalletMethods } from './wallet.ts'

export interface RpcServerOptions
  extends Pick<TransportOptions, 'host' | 'port' | 'limits' | 'logger' | 'allowedHosts' | 'allowedOrigins'> {
  readonly node: NodePort
  /** What the node's operator may see; left out where nobody operates it. */
  readonly operator?: OperatorPort
  /** Told of every call that was answered. */
  readonly meter?: DispatcherOptions['meter']
  /** Descriptors of the chain's contracts, as of now. */
  readonly contracts: () => ContractSource
  /** Chain id for wallets; 6118001 when left out. */
  readonly walletChainId?: number
  readonly logger: Logger
}

/** Chain id that wallets use for a development network. */
export const DEFAULT_WALLET_CHAIN_ID = 6_118_001

/** The head may be this many slots old, and not less than `MIN_HEAD_AGE_MS`, before a node counts as catching up. */
const SLOTS_BEHIND = 20
const MIN_HEAD_AGE_MS = 30_000

/** Serves a node over HTTP and WebSocket. */
export function createRpcServer(options: RpcServerOptions): RpcServer {
  const { node, logger } = options
  const walletChainId = options.walletChainId ?? DEFAULT_WALLET_CHAIN_ID
  const catalogue = createCatalogue(options.contracts)
  const handlers = createHandlers({ node, catalogue, walletChainId, logger, operator: options.operator })
  const hub = createSubscriptionHub()
  const methods = new Map<string, Method>([
    ...routeNames.map((name) => [name, bind(name, handlers)] as const),
    ...createWalletMethods({ node, walletChainId }),
  ])
  const { host, port, limits, allowedHosts, allowedOrigins } = options
  const server = createTransport({
    methods,
    hub,
    logger,
    devnet: node.devnet !== undefined,
    health: () => healthOf(node),
    ...(options.meter === undefined ? {} : { meter: options.meter }),
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port }),
    ...(limits === undefined ? {} : { limits }),
    ...(allowedHosts === undefined ? {} : { allowedHosts }),
    ...(allowedOrigins === undefined ? {} : { allowedOrigins }),
  })
  let stop: Cancel | undefined
  return {
    load: server.load,
    answer: server.answer,
    listen: async () => {
      const listening = await server.listen()
      stop = node.subscribe((event) => {
        publish(event, node, hub, (transaction) => transactionToDecoded(transaction, catalogue))
      })
      return listening
    },
    close: async () => {
      stop?.()
      await server.close()
    },
  }
}

function bind(name: RouteName, handlers: ReturnType<typeof createHandlers>): Method {
  const { access, names, params } = routes[name]
  // The schema of the same route has just produced these parameters.
  const handle = handlers[name] as Method['handle']
  return { access, names, params, handle }
}

function publish(
  event: ChainEvent,
  node: NodePort,
  hub: SubscriptionHub,
  decode: (transaction: Extract<ChainEvent, { kind: 'pending' }>['transaction']) => unknown,
): void {
  if (event.kind === 'pending') {
    hub.publish('pending', () => ({ id: event.id, decoded: decode(event.transaction) }))
  } else if (event.kind === 'head') {
    const { removed, added } = event
    hub.publish('heads', () => headerToEvent(event.header, node.status(), { removed, added }))
  } else {
    hub.publish('finalized', () => headerToEvent(event.header, node.status(), { removed: [], added: [] }))
  }
}

function healthOf(node: NodePort): Health {
  const { height, finalizedHeight, headTimeMs, nowMs, slotMs, warnings = [] } = node.status()
  const age = nowMs - headTimeMs
  const ready = age <= Math.max(MIN_HEAD_AGE_MS, SLOTS_BEHIND * slotMs)
  return {
    ready,
    ...(ready ? {} : { reason: `the newest block is ${Math.floor(age / 1_000)} seconds old` }),
    height: height.toString(),
    finalizedHeight: finalizedHeight.toString(),
    ...(warnings.length === 0
      ? {}
      : { warnings: warnings.map(({ code, delegate }) => [code, delegate].join(' ').trim()) }),
  }
}
