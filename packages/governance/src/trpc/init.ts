import { initTRPC, type TRPC_ERROR_CODE_KEY, TRPCError, type TRPCRouterBuilder } from '@trpc/server'
import superjson from 'superjson'
import { ZodError } from 'zod'
import { type Actor, findSession } from '#db'
import type { TrpcContext } from './context.ts'
import { ApiError, type ApiReason } from './errors.ts'
import { ABSOLUTE_MS, hashToken, IDLE_MS } from './signIn.ts'
import type { ApiErrorShape, ApiRoot } from './surface.ts'

const PING_MS = 15_000

const statusOf: Readonly<Record<ApiReason, TRPC_ERROR_CODE_KEY>> = {
  'input.invalid': 'BAD_REQUEST',
  'cursor.invalid': 'BAD_REQUEST',
  'block.notFound': 'NOT_FOUND',
  'proposal.notFound': 'NOT_FOUND',
  'content.notFound': 'NOT_FOUND',
  'upgrade.notFound': 'NOT_FOUND',
  'transaction.notFound': 'NOT_FOUND',
  'delegate.notFound': 'NOT_FOUND',
  'round.notFound': 'NOT_FOUND',
  'term.notFound': 'NOT_FOUND',
  'position.notFound': 'NOT_FOUND',
  'contract.notFound': 'NOT_FOUND',
  'node.unreachable': 'SERVICE_UNAVAILABLE',
  'index.empty': 'SERVICE_UNAVAILABLE',
  'database.unreachable': 'SERVICE_UNAVAILABLE',
  'session.required': 'UNAUTHORIZED',
  'session.refused': 'UNAUTHORIZED',
  'session.noSite': 'PRECONDITION_FAILED',
  'request.foreign': 'FORBIDDEN',
  'rate.limited': 'TOO_MANY_REQUESTS',
  'comment.notFound': 'NOT_FOUND',
  'comment.full': 'CONFLICT',
  'comment.noHolder': 'FORBIDDEN',
  // Also for what belongs to somebody else: whether it exists is nobody's business.
  'alert.notFound': 'NOT_FOUND',
  'alert.full': 'CONFLICT',
  'alert.badTarget': 'BAD_REQUEST',
  'alert.noEmail': 'PRECONDITION_FAILED',
  'alert.notSigned': 'FORBIDDEN',
  'api.notConfigured': 'INTERNAL_SERVER_ERROR',
  'api.failed': 'INTERNAL_SERVER_ERROR',
}
const retryableStatuses: readonly TRPC_ERROR_CODE_KEY[] = ['SERVICE_UNAVAILABLE', 'TIMEOUT', 'TOO_MANY_REQUESTS']
const CONNECTION_LOST =
  /ECONNREFUSED|ECONNRESET|terminating connection|Connection terminated|timeout exceeded when trying to connect|the database system is/

/** Whatever a procedure threw, as one of the known reasons. */
export function toApiError(cause: unknown): ApiError {
  if (cause instanceof ApiError) return cause
  if (cause instanceof ZodError) {
    const [issue] = cause.issues
    return new ApiError(
      'input.invalid',
      issue === undefined ? 'The input is not valid' : `${issue.path.join('.') || 'input'}: ${issue.message}`,
    )
  }
  if (cause instanceof Error && CONNECTION_LOST.test(`${cause.message} ${'code' in cause ? String(cause.code) : ''}`)) {
    return new ApiError('database.unreachable', 'The database does not answer', 'Try again in a moment.')
  }
  return new ApiError('api.failed', 'The request failed')
}

const t = initTRPC.context<TrpcContext>().create({
  transformer: superjson,
  sse: { ping: { enabled: true, intervalMs: PING_MS }, client: { reconnectAfterInactivityMs: 3 * PING_MS } },
  errorFormatter: ({ shape, error }): ApiErrorShape => {
    const { reason, help, message } = toApiError(error.cause ?? error)
    const { stack: _, ...data } = shape.data
    const isOurs = error.cause !== undefined
    return {
      ...shape,
      message: isOurs ? message : shape.message,
      data: {
        ...data,
        reason: isOurs ? reason : 'api.failed',
        retryable: retryableStatuses.includes(error.code),
        ...(help === undefined ? {} : { help }),
      },
    }
  },
})

export const router: TRPCRouterBuilder<ApiRoot> = t.router

/** Turns refusals into transport statuses, the only place that does. */
const coded = t.middleware(async ({ next }) => {
  const result = await next()
  if (result.ok || result.error.code === 'BAD_REQUEST') return result
  const cause = toApiError(result.error.cause ?? result.error)
  throw new TRPCError({ code: statusOf[cause.reason], message: cause.message, cause })
})

export const procedure = t.procedure.use(coded)

/** Whose session the request carries; undefined for nobody's. Read anew for each call, so a session that ended is ended. */
export async function actorOf(ctx: TrpcContext): Promise<Actor | undefined> {
  const token = ctx.request?.sessionToken
  if (token === undefined) return undefined
  const query = { tokenHash: hashToken(token), nowMs: ctx.now(), idleMs: IDLE_MS, absoluteMs: ABSOLUTE_MS }
  return findSession(ctx.database, query)
}

async function requireActor(ctx: TrpcContext): Promise<Actor> {
  const actor = await actorOf(ctx)
  if (actor !== undefined) return actor
  throw new ApiError('session.required', 'Nobody is signed in', 'Sign in first.')
}

const CHANGES_PER_MINUTE = 30

function requireOwnPage(ctx: TrpcContext): void {
  if (ctx.request?.isOwnPage === true) return
  throw new ApiError('request.foreign', 'Changes are taken from pages of this portal only')
}

function requireShare(ctx: TrpcContext, key: string, perMinute: number): void {
  if (ctx.limits.take(key, perMinute)) return
  throw new ApiError('rate.limited', 'Too many requests', 'Try again in a minute.')
}

/** A change that needs no session: from a page of ours, and not too often. */
export const mutation = (name: string, perMinute: number) =>
  procedure.use(({ ctx, next }) => {
    requireOwnPage(ctx)
    requireShare(ctx, name, perMinute)
    return next()
  })

/** What only its owner reads. */
export const signedIn = procedure.use(async ({ ctx, next }) => next({ ctx: { actor: await requireActor(ctx) } }))

/** What only its owner changes. */
export const signedInMutation = procedure.use(async ({ ctx, next }) => {
  requireOwnPage(ctx)
  const actor = await requireActor(ctx)
  requireShare(ctx, `change ${actor.address}`, CHANGES_PER_MINUTE)
  return next({ ctx: { actor } })
})
export const createCallerFactory = t.createCallerFactory
