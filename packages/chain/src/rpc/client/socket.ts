import type { Cancel } from '#primitives'
import type { RouteName, RouteResult, SubscriptionTopic } from '#rpc/routes'
import { readAnswer, resultOf } from './answer.ts'
import { clientError, RpcRequestError } from './error.ts'
import {
  type Pending,
  platformSocket,
  type SocketLike,
  type SocketStatus,
  type Subscription,
  type WsClient,
  type WsClientOptions,
} from './socketTypes.ts'
import { isReadOnly, type RequestArguments, type RequestOptions } from './types.ts'

const MAX_PENDING = 1_024

class SocketClient {
  readonly url: string
  readonly #options: WsClientOptions
  readonly #pending = new Map<number, Pending>()
  readonly #subscriptions = new Set<Subscription>()
  readonly #watchers = new Set<(status: SocketStatus) => void>()
  #socket: SocketLike | undefined
  #status: SocketStatus = 'connecting'
  #failures = 0
  #nextId = 1
  #lastHeard = 0
  #over = false
  #retry: ReturnType<typeof setTimeout> | undefined
  #heartbeat: ReturnType<typeof setInterval> | undefined

  constructor(options: WsClientOptions) {
    this.#options = options
    this.url = options.url.replace(/^http/, 'ws')
    void this.#connect()
  }

  raw(method: string, params: readonly unknown[] = [], request: RequestOptions = {}): Promise<unknown> {
    if (this.#over) return Promise.reject(clientError('client.closed'))
    if (this.#pending.size >= MAX_PENDING) return Promise.reject(clientError('client.tooMany'))
    if (request.signal?.aborted === true) return Promise.reject(clientError('client.aborted'))
    const id = this.#nextId++
    const text = JSON.stringify({ jsonrpc: '2.0', id, method, params })
    return new Promise((resolve, reject) => {
      const finish = (): void => {
        clearTimeout(timer)
        request.signal?.removeEventListener('abort', abort)
        this.#pending.delete(id)
      }
      const fail = (error: RpcRequestError): void => {
        finish()
        reject(error)
      }
      const abort = (): void => {
        fail(clientError('client.aborted'))
      }
      const timer = setTimeout(
        () => {
          const code = this.#status === 'open' ? 'client.timeout' : 'client.unreachable'
          fail(clientError(code, undefined, { url: this.url }))
        },
        request.timeoutMs ?? this.#options.timeoutMs ?? 15_000,
      )
      request.signal?.addEventListener('abort', abort, { once: true })
      this.#pending.set(id, {
        method,
        text,
        sent: false,
        reject: fail,
        resolve: (value) => {
          finish()
          resolve(value)
        },
      })
      this.#flush()
    })
  }

  async subscribe(topic: SubscriptionTopic, handler: (event: never) => void): Promise<Cancel> {
    const subscription: Subscription = { topic, handler, id: undefined, renewal: undefined }
    this.#subscriptions.add(subscription)
    try {
      while (subscription.id === undefined) await this.#confirm(subscription)
    } catch (error) {
      this.#subscriptions.delete(subscription)
      throw error
    }
    return () => {
      this.#subscriptions.delete(subscription)
      const { id } = subscription
      if (id !== undefined && this.#status === 'open') this.raw('aelf_unsubscribe', [id]).catch(() => undefined)
    }
  }

  status(): SocketStatus {
    return this.#status
  }

  onStatus(handler: (status: SocketStatus) => void): Cancel {
    this.#watchers.add(handler)
    return () => {
      this.#watchers.delete(handler)
    }
  }

  close(): void {
    this.#over = true
    clearTimeout(this.#retry)
    this.#subscriptions.clear()
    for (const pending of [...this.#pending.values()]) pending.reject(clientError('client.closed'))
    this.#drop()
    this.#tell('closed')
  }

  async #connect(): Promise<void> {
    const Socket = this.#options.WebSocket ?? (await platformSocket())
    if (this.#over) return
    let socket: SocketLike
    try {
      socket = new Socket(this.url)
    } catch {
      this.#lost()
      return
    }
    this.#socket = socket
    socket.onopen = () => {
      if (this.#socket === socket) this.#open()
    }
    socket.onmessage = (event: { readonly data: unknown }) => {
      if (this.#socket === socket) this.#hear(event.data)
    }
    socket.onclose = () => {
      if (this.#socket === socket) this.#lost()
    }
    // A close event always follows; without a handler Node would throw.
    socket.onerror = () => undefined
  }

  #open(): void {
    this.#failures = 0
    this.#lastHeard = Date.now()
    const beat = this.#options.heartbeatMs ?? 20_000
    clearInterval(this.#heartbeat)
    this.#heartbeat = setInterval(() => {
      this.#checkLife(beat)
    }, beat / 2)
    this.#status = 'open'
    for (const subscription of this.#subscriptions) {
      this.#renew(subscription).catch(() => undefined)
    }
    this.#flush()
    this.#tell('open')
  }

  async #confirm(subscription: Subscription): Promise<void> {
    if (this.#over) throw clientError('client.closed')
    if (this.#status !== 'open') await this.#opened()
    try {
      await this.#renew(subscription)
    } catch (error) {
      const lost = error instanceof RpcRequestError && error.code === 'client.closed'
      if (!lost || this.#over) throw error
    }
  }

  #opened(): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        stop()
        reject(clientError('client.unreachable', undefined, { url: this.url }))
      }, this.#options.timeoutMs ?? 15_000)
      const stop = this.onStatus((status) => {
        if (status === 'connecting') return
        clearTimeout(timer)
        stop()
        if (status === 'open') resolve()
        else reject(clientError('client.closed'))
      })
    })
  }

  #renew(subscription: Subscription): Promise<void> {
    subscription.renewal ??= this.#ask(subscription).finally(() => {
      subscription.renewal = undefined
    })
    return subscription.renewal
  }

  async #ask(subscription: Subscription): Promise<void> {
    if (subscription.id !== undefined) return
    const id = await this.raw('aelf_subscribe', [subscription.topic])
    if (typeof id !== 'string') throw clientError('client.badAnswer')
    // Cancelled while the answer was on its way.
    if (this.#subscriptions.has(subscription)) subscription.id = id
    else this.raw('aelf_unsubscribe', [id]).catch(() => undefined)
  }

  #hear(data: unknown): void {
    this.#lastHeard = Date.now()
    let value: unknown
    try {
      value = JSON.parse(String(data))
    } catch {
      return
    }
    const answer = readAnswer(value)
    if (answer === undefined) {
      this.#deliver(value)
      return
    }
    const pending = typeof answer.id === 'number' ? this.#pending.get(answer.id) : undefined
    if (pending === undefined) return
    try {
      pending.resolve(resultOf(answer, pending.method, this.#options.schemas))
    } catch (error) {
      pending.reject(error instanceof RpcRequestError ? error : clientError('client.badAnswer', error))
    }
  }

  #deliver(value: unknown): void {
    const params = (
      value as { readonly params?: { readonly subscription?: unknown; readonly result?: unknown } } | null
    )?.params
    if (typeof params?.subscription !== 'string') return
    for (const subscription of this.#subscriptions) {
      if (subscription.id === params.subscription) subscription.handler(params.result as never)
    }
  }

  #flush(): void {
    if (this.#status !== 'open') return
    for (const pending of this.#pending.values()) {
      if (pending.sent) continue
      pending.sent = true
      this.#socket?.send(pending.text)
    }
  }

  #lost(): void {
    this.#drop()
    if (this.#over) return
    for (const subscription of this.#subscriptions) subscription.id = undefined
    for (const pending of [...this.#pending.values()]) {
      // Reads are asked again; a change may have been made, so its caller must look. Subscriptions are renewed on their own.
      if (pending.sent && (!isReadOnly(pending.method) || pending.method === 'aelf_subscribe'))
        pending.reject(clientError('client.closed'))
      else pending.sent = false
    }
    this.#tell('connecting')
    const { first, longest } = this.#options.reconnectMs ?? { first: 250, longest: 10_000 }
    const pause = Math.min(longest, first * 2 ** Math.min(this.#failures, 16))
    this.#failures += 1
    // Up to half of the pause is random, so that clients of a restarted node do not come back all at once.
    this.#retry = setTimeout(
      () => {
        void this.#connect()
      },
      pause * (0.5 + Math.random() / 2),
    )
  }

  #drop(): void {
    clearInterval(this.#heartbeat)
    const socket = this.#socket
    this.#socket = undefined
    if (socket === undefined) return
    try {
      socket.close()
    } catch {
      // A socket that never opened may refuse to close; it is forgotten either way.
    }
  }

  #checkLife(beat: number): void {
    const silence = Date.now() - this.#lastHeard
    if (silence > 2 * beat) this.#lost()
    else if (silence > beat) this.raw('net_version', [], { timeoutMs: beat }).catch(() => undefined)
  }

  #tell(status: SocketStatus): void {
    this.#status = status
    for (const watcher of [...this.#watchers]) watcher(status)
  }
}

/** Opens a connection that comes back by itself, for browsers and Node. */
export function createWsClient(options: WsClientOptions): WsClient {
  const client = new SocketClient(options)
  return {
    url: client.url,
    raw: (method, params, request) => client.raw(method, params, request),
    request: <Name extends RouteName>(method: Name, ...rest: RequestArguments<Name>) =>
      client.raw(method, rest[0] ?? [], rest[1]) as Promise<RouteResult<Name>>,
    subscribe: (topic, handler) => client.subscribe(topic, handler),
    status: () => client.status(),
    onStatus: (handler) => client.onStatus(handler),
    close: () => client.close(),
  }
}
