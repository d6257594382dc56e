import { lookup as systemLookup } from 'node:dns/promises'
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isLoopbackAddress, isPublicAddress } from './address.ts'
import { EgressError } from './errors.ts'
import { literalOf } from './webhookUrl.ts'

const DEADLINE_MS = 5_000
const ANSWER_MAX_BYTES = 65_536
const BODY_MAX_BYTES = 65_536
const SUCCESS = 2
const REDIRECT = 3
const HUNDRED = 100

export interface ResolvedAddress {
  readonly address: string
  readonly family: number
}
export type Resolve = (host: string) => Promise<readonly ResolvedAddress[]>

export interface PostOptions {
  /** Accepted by `readWebhookUrl`. */
  readonly url: URL
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
  /** Plain `http` goes to this machine and only there. */
  readonly allowLoopback: boolean
  readonly resolve?: Resolve
  readonly deadlineMs?: number
}

const resolveAll: Resolve = (host) => systemLookup(host, { all: true })

/**
 * Sends a body to an address somebody gave. Resolves with the status of a success; throws `EgressError` otherwise. Names are
 * resolved here, all answers are judged, and the connection goes to the one that was judged.
 */
export async function postJson(options: PostOptions): Promise<{ status: number }> {
  const { url, body } = options
  const isPlain = url.protocol === 'http:'
  if (isPlain && !options.allowLoopback) throw new EgressError('egress.address', 'Plain http is not sent from here')
  if (Buffer.byteLength(body) > BODY_MAX_BYTES) throw new EgressError('egress.url', 'The message is too large to send')
  const isAllowed = isPlain ? isLoopbackAddress : isPublicAddress
  const signal = AbortSignal.timeout(options.deadlineMs ?? DEADLINE_MS)
  const target = await pin(url, { isAllowed, resolve: options.resolve ?? resolveAll, signal })
  const status = await send(options, { target, isAllowed, signal })
  const kind = Math.floor(status / HUNDRED)
  if (kind === REDIRECT) throw new EgressError('egress.redirect', `It answered ${status}: redirects are not followed`)
  if (kind !== SUCCESS)
    throw new EgressError('egress.status', `It answered ${status}`, {
      retryable: status >= 500 || status === 429 || status === 408,
    })
  return { status }
}

interface Judge {
  readonly isAllowed: (address: string) => boolean
  readonly signal: AbortSignal
}

/** The one address to connect to. One bad answer of a name condemns all of them: nobody honest mixes them. */
async function pin(url: URL, { isAllowed, resolve, signal }: Judge & { resolve: Resolve }): Promise<ResolvedAddress> {
  const literal = literalOf(url)
  const answers =
    literal === undefined
      ? await settle(resolve(url.hostname), signal)
      : [{ address: literal, family: literal.includes(':') ? 6 : 4 }]
  const [first] = answers
  if (first === undefined)
    throw new EgressError('egress.unreachable', 'The host name has no address', { retryable: true })
  if (!answers.every(({ address }) => isAllowed(address)))
    throw new EgressError('egress.address', 'The host name leads to an address that is not on the public internet')
  return first
}

/** A resolver knows no deadline of ours. */
async function settle<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop: () => void = () => undefined
  const late = new Promise<never>((_, reject) => {
    stop = () =>
      reject(new EgressError('egress.timeout', 'The host name was not resolved in time', { retryable: true }))
    signal.addEventListener('abort', stop, { once: true })
  })
  try {
    return await Promise.race([work, late])
  } catch (cause) {
    if (cause instanceof EgressError) throw cause
    throw new EgressError('egress.unreachable', 'The host name cannot be resolved', { retryable: true, cause })
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

function send({ url, body, headers }: PostOptions, judge: Judge & { target: ResolvedAddress }): Promise<number> {
  const { target, isAllowed, signal } = judge
  const settings: RequestOptions = {
    method: 'POST',
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? undefined : Number(url.port),
    path: `${url.pathname}${url.search}`,
    // No shared agent: neither a proxy nor a connection that was opened for another check.
    agent: false,
    headers: {
      ...headers,
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      'user-agent': 'aelf-alerts/1',
    },
    lookup: (_host, lookupOptions, done) => {
      if (lookupOptions.all === true) done(null, [target])
      else done(null, target.address, target.family)
    },
    signal,
  }
  return new Promise((resolve, reject) => {
    const begin = url.protocol === 'http:' ? httpRequest : httpsRequest
    const call = begin(settings, (response) => void drain(response).then(resolve, reject))
    call.on('socket', (socket) =>
      socket.once('connect', () => {
        // The second lock: whatever happened before, a connection elsewhere carries nothing.
        if (socket.remoteAddress !== undefined && isAllowed(socket.remoteAddress)) return
        call.destroy(new EgressError('egress.address', 'The connection led elsewhere'))
      }),
    )
    call.on('error', (cause) => reject(toEgressError(cause, signal)))
    call.end(body)
  })
}

/** Reads a little of the answer, so that the other side may finish, and forgets it. */
async function drain(response: IncomingMessage): Promise<number> {
  const status = response.statusCode ?? 0
  let size = 0
  try {
    for await (const chunk of response) {
      size += (chunk as Buffer).length
      if (size > ANSWER_MAX_BYTES) break
    }
  } catch {
    // The status has been said; how the answer ends does not matter.
  }
  response.destroy()
  return status
}

function toEgressError(cause: Error, signal: AbortSignal): EgressError {
  if (cause instanceof EgressError) return cause
  if (signal.aborted)
    return new EgressError('egress.timeout', 'It did not answer within five seconds', { retryable: true })
  const code = 'code' in cause && typeof cause.code === 'string' ? ` (${cause.code})` : ''
  return new EgressError('egress.unreachable', `It cannot be reached${code}`, { retryable: true, cause })
}
