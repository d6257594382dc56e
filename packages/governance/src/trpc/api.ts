import type { TRPCRouterCaller } from '@trpc/server'
import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { createDatabase } from '#db'
import { createBullQueue } from '#jobs/queue'
import { answerContent, answerRelease } from './contentRoute.ts'
import type { TrpcContext } from './context.ts'
import { type ApiSettings, readApiSettings } from './env.ts'
import { createLiveFeed } from './feed.ts'
import { createCallerFactory } from './init.ts'
import { createLimiter } from './limits.ts'
import { answerUnsubscribe } from './mailLinks.ts'
import { createMemory } from './memory.ts'
import { createNodeGateway } from './node.ts'
import { createNodeGroup } from './nodes.ts'
import { readRequest } from './request.ts'
import { appRouter } from './router.ts'
import type { ApiRoot, AppRecord } from './surface.ts'
import { answerUpgradeFeed, type FeedForm } from './upgradeFeeds.ts'

const ENDPOINT = '/api/trpc'
/** Most calls in one request; without a bound one line of text asks the database a thousand questions. */
const BATCH_MAX = 32
const QUEUES_TTL_MS = 2_000
const QUEUES_WAIT_MS = 2_000
const NODES_TTL_MS = 2_000

export type ServerCaller = ReturnType<TRPCRouterCaller<ApiRoot, AppRecord>>

/** The API of one process: connections are shared by all its requests. */
export interface Api {
  readonly context: TrpcContext
  /** Calls procedures in process, without HTTP. Rejects with `TRPCError`. */
  caller(): ServerCaller
  /** Answers a request below `/api/trpc`: queries, and subscriptions as server-sent events. */
  handle(request: Request): Promise<Response>
  /** Answers the one press by which a mail program ends messages. */
  unsubscribe(request: Request): Promise<Response>
  /** Gives (GET) and keeps (PUT) content under its hash. */
  content(request: Request, hash: string): Promise<Response>
  /** Answers who follows proposals and upgrades with a reader of feeds or a calendar. */
  upgradeFeed(request: Request, form: FeedForm): Promise<Response>
  /** Gives the source of this program's collection. */
  release(): Promise<Response>
  close(): Promise<void>
}

export function createApi(settings: ApiSettings): Api {
  const now = (): number => Date.now()
  const database = createDatabase({ url: settings.databaseUrl })
  const feed = createLiveFeed({ databaseUrl: settings.databaseUrl })
  const memory = createMemory(now)
  const queue = createBullQueue(settings)
  // Queues are a side matter of the status page: it comes without them when they do not answer.
  const counts = () =>
    Promise.race([
      queue.counts().catch(() => []),
      new Promise<never[]>((resolve) => setTimeout(() => resolve([]), QUEUES_WAIT_MS)),
    ])
  const group = createNodeGroup({ urls: settings.rpcUrls ?? [settings.rpcUrl], now })
  const context: TrpcContext = {
    database,
    feed,
    memory,
    now,
    node: createNodeGateway({ url: settings.rpcUrl, now }),
    limits: createLimiter(now),
    site: {
      portalUrl: settings.portalUrl,
      email: settings.portalUrl !== undefined && settings.smtpUrl !== undefined,
    },
    nodes: () => memory.remember('nodes', NODES_TTL_MS, group.look),
    queues: () => memory.remember('queues', QUEUES_TTL_MS, counts),
  }
  const createCaller = createCallerFactory(appRouter)
  return {
    context,
    caller: () => createCaller(context),
    handle: (request) =>
      fetchRequestHandler({
        endpoint: ENDPOINT,
        req: request,
        router: appRouter,
        createContext: ({ resHeaders }) => ({
          ...context,
          request: readRequest({ request, responseHeaders: resHeaders, portalUrl: settings.portalUrl }),
        }),
        maxBatchSize: BATCH_MAX,
      }),
    unsubscribe: (request) => answerUnsubscribe(context, request),
    release: () => answerRelease(context),
    content: (request, hash) => answerContent(context, request, hash),
    upgradeFeed: (request, form) => answerUpgradeFeed(context, request, form),
    close: async () => {
      await feed.close()
      await queue.close()
      await database.close()
    },
  }
}

let shared: Api | undefined
let overriding: ApiSettings | undefined

/** Sets what the functions below work with; without it they read DATABASE_URL, AELF_RPC_URL and REDIS_URL. Call it before them. */
export function configureApi(settings: ApiSettings): void {
  overriding = settings
}

/** The API of this process, built by the first call. */
export function processApi(): Api {
  shared ??= createApi(overriding ?? readApiSettings())
  return shared
}

/** For pages that render on the server. */
export const createServerCaller = (): ServerCaller => processApi().caller()

/** For the route that browsers call. */
export const handleTrpcRequest = (request: Request): Promise<Response> => processApi().handle(request)

/** For the route that mail programs call. */
export const handleUnsubscribeRequest = (request: Request): Promise<Response> => processApi().unsubscribe(request)

/** For the route of contents. */
export const handleContentRequest = (request: Request, hash: string): Promise<Response> =>
  processApi().content(request, hash)

/** For the routes that feed readers and calendars call. */
export const handleUpgradeFeed = (request: Request, form: FeedForm): Promise<Response> =>
  processApi().upgradeFeed(request, form)

/** For the route of the collection's source. */
export const handleReleaseRequest = (): Promise<Response> => processApi().release()
