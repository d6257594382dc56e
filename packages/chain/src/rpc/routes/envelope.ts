import type { Hash } from '#primitives'
import type { RpcErrorObject } from './errors.ts'

/** Identifier by which an answer finds its call. */
export type CallId = string | number | null

/** One JSON-RPC 2.0 call. */
export interface RpcCall {
  readonly jsonrpc: '2.0'
  readonly id: CallId
  readonly method: string
  readonly params?: readonly unknown[] | { readonly [name: string]: unknown }
}

/** One JSON-RPC 2.0 answer. */
export type RpcAnswer =
  | { readonly jsonrpc: '2.0'; readonly id: CallId; readonly result: unknown }
  | { readonly jsonrpc: '2.0'; readonly id: CallId; readonly error: RpcErrorObject }

/** What a subscription delivers over a WebSocket. */
export interface RpcNotification {
  readonly jsonrpc: '2.0'
  readonly method: 'aelf_subscription'
  readonly params: { readonly subscription: string; readonly result: unknown }
}

/** What became of one of several transactions that were sent together. */
export type SentView = { readonly id: Hash } | { readonly error: RpcErrorObject }
