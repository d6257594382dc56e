import type { RouteName, RouteResult } from '#rpc/routes'
import { readAnswer, resultOf } from './answer.ts'
import { clientError, RpcRequestError } from './error.ts'
import { isReadOnly, type RequestArguments, type Requester, type RequestOptions, type ResultChecker } from './types.ts'

export interface RpcClientOptions {
  /** Address of the node, such as `http://127.0.0.1:8545`. */
  readonly url: string
  readonly fetch?: typeof globalThis.fetch
  /** Longest wait for one attempt; 15 seconds when left out. */
  readonly timeoutMs?: number
  /** Further attempts after a failure that may pass; 2 when left out. */
  readonly retries?: number
  /** Pause before the first further attempt, doubled each time; 150 ms when left out. */
  readonly retryDelayMs?: number
  /** The routes table, to check answers of nodes one does not trust to be well-formed. */
  readonly schemas?: Readonly<Record<string, ResultChecker>>
}

/** A client over HTTP; it keeps no state between calls. */
export interface RpcClient extends Requester {
  readonly url: string
}

interface Settings {
  readonly url: string
  readonly fetch: typeof globalThis.fetch
  readonly timeoutMs: number
}

/** Builds a client over HTTP for browsers and Node. */
export function createRpcClient(options: RpcClientOptions): RpcClient {
  // A detached global fetch loses its receiver in browsers.
  const fetch = options.fetch ?? ((...input: Parameters<typeof globalThis.fetch>) => globalThis.fetch(...input))
  const settings: Settings = { url: options.url, fetch, timeoutMs: options.timeoutMs ?? 15_000 }
  const retries = options.retries ?? 2
  const pause = options.retryDelayMs ?? 150
  let nextId = 1

  async function raw(method: string, params: readonly unknown[] = [], request: RequestOptions = {}): Promise<unknown> {
    for (let attempt = 0; ; attempt++) {
      try {
        const id = nextId++
        return resultOf(await ask(settings, { id, method, params }, request), method, options.schemas)
      } catch (error) {
        if (!(error instanceof RpcRequestError) || attempt >= retries || !mayRepeat(error, method)) throw error
        await sleep(pause * 2 ** attempt, request.signal)
      }
    }
  }

  return {
    url: options.url,
    raw,
    request: <Name extends RouteName>(method: Name, ...rest: RequestArguments<Name>) =>
      // The server answers by the same table; `schemas` checks it where that is not enough.
      raw(method, rest[0] ?? [], rest[1]) as Promise<RouteResult<Name>>,
  }
}

/** A full server has not begun the call, so repeating is safe; after a lost answer only reads are. */
function mayRepeat(error: RpcRequestError, method: string): boolean {
  if (error.code === 'rpc.tooBusy') return true
  if (error.code === 'client.unreachable' || error.code === 'client.timeout') return isReadOnly(method)
  return error.code === 'rpc.internal' && isReadOnly(method)
}

interface Call {
  readonly id: number
  readonly method: string
  readonly params: readonly unknown[]
}

async function ask(settings: Settings, call: Call, request: RequestOptions) {
  const limit = AbortSignal.timeout(request.timeoutMs ?? settings.timeoutMs)
  const signal = request.signal === undefined ? limit : anySignal(request.signal, limit)
  let value: unknown
  let status = 0
  try {
    const response = await settings.fetch(settings.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', ...call }, bigintToText),
      signal,
    })
    status = response.status
    const text = await response.text()
    value = parse(text)
  } catch (cause) {
    if (request.signal?.aborted === true) throw clientError('client.aborted', cause)
    if (limit.aborted) throw clientError('client.timeout', cause, { url: settings.url })
    throw clientError('client.unreachable', cause, { url: settings.url })
  }
  const answer = readAnswer(value)
  // A message refused as a whole is answered without identifier.
  if (answer === undefined || (answer.id !== call.id && answer.error === undefined)) {
    throw clientError('client.badAnswer', undefined, { url: settings.url, status })
  }
  return answer
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const bigintToText = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? value.toString() : value)

/** `AbortSignal.any` for browsers that lack it. */
function anySignal(first: AbortSignal, second: AbortSignal): AbortSignal {
  if (typeof AbortSignal.any === 'function') return AbortSignal.any([first, second])
  const joined = new AbortController()
  for (const signal of [first, second]) {
    if (signal.aborted) joined.abort(signal.reason)
    signal.addEventListener(
      'abort',
      () => {
        joined.abort(signal.reason)
      },
      { once: true },
    )
  }
  return joined.signal
}

function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms)
    signal?.addEventListener(
      'abort',
      () => {
        clearTimeout(timer)
        reject(clientError('client.aborted', signal.reason))
      },
      { once: true },
    )
  })
}
