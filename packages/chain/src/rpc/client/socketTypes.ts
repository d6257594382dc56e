import type { Cancel } from '#primitives'
import type { SubscriptionTopic, SubscriptionTopics } from '#rpc/routes'
import type { RpcRequestError } from './error.ts'
import type { Requester, ResultChecker } from './types.ts'

/** The part of a WebSocket that is used; browsers' and Node's fit. */
export interface SocketLike {
  onopen: ((event: never) => void) | null
  onclose: ((event: never) => void) | null
  onerror: ((event: never) => void) | null
  onmessage: ((event: never) => void) | null
  send(text: string): void
  close(): void
}

/** Constructor of a WebSocket. */
export type SocketConstructor = new (url: string) => SocketLike

/** Whether the node is within reach now. */
export type SocketStatus = 'connecting' | 'open' | 'closed'

export interface WsClientOptions {
  /** Address of the node; `http` is read as `ws`. */
  readonly url: string
  /** Taken from the platform when left out. */
  readonly WebSocket?: SocketConstructor
  /** Longest wait for an answer, waiting for a connection included; 15 seconds when left out. */
  readonly timeoutMs?: number
  /** First and longest pause before a further attempt to connect; 250 and 10,000 ms when left out. */
  readonly reconnectMs?: { readonly first: number; readonly longest: number }
  /** Silence after which the node is asked for a sign of life; 20 seconds when left out. */
  readonly heartbeatMs?: number
  readonly schemas?: Readonly<Record<string, ResultChecker>>
}

/** A client over a WebSocket that comes back by itself and renews its subscriptions. */
export interface WsClient extends Requester {
  readonly url: string
  /**
   * Delivers events until cancelled, across lost connections; events of the time in between are not delivered, so
   * listen to `onStatus` and read again after `open`. Rejects when the node refuses.
   */
  subscribe<Topic extends SubscriptionTopic>(
    topic: Topic,
    handler: (event: SubscriptionTopics[Topic]) => void,
  ): Promise<Cancel>
  status(): SocketStatus
  onStatus(handler: (status: SocketStatus) => void): Cancel
  /** Ends the connection for good. */
  close(): void
}

/** A call that waits for its answer. */
export interface Pending {
  readonly method: string
  readonly text: string
  sent: boolean
  resolve(value: unknown): void
  reject(error: RpcRequestError): void
}

/** A subscription and its present identifier, which changes with the connection. */
export interface Subscription {
  readonly topic: SubscriptionTopic
  readonly handler: (event: never) => void
  id: string | undefined
  renewal: Promise<void> | undefined
}

/** The platform's WebSocket, or the one of `ws` where there is none. */
export async function platformSocket(): Promise<SocketConstructor> {
  const found = (globalThis as { readonly WebSocket?: SocketConstructor }).WebSocket
  if (found !== undefined) return found
  // Node 20 has none of its own.
  const { WebSocket } = await import('ws')
  return WebSocket as unknown as SocketConstructor
}
