import type { RouteName, RouteParams, RouteResult } from '#rpc/routes'

export interface RequestOptions {
  readonly signal?: AbortSignal
  /** Replaces the client's time limit for this call. */
  readonly timeoutMs?: number
}

/** Parameters may be left out where all of them are optional. */
export type RequestArguments<Name extends RouteName> =
  [] extends RouteParams<Name>
    ? [params?: RouteParams<Name>, options?: RequestOptions]
    : [params: RouteParams<Name>, options?: RequestOptions]

/** Asks a node; the method decides types of parameters and result. Rejects with `RpcRequestError`. */
export interface Requester {
  request<Name extends RouteName>(method: Name, ...rest: RequestArguments<Name>): Promise<RouteResult<Name>>
  /** For methods outside of the table, such as `eth_chainId`. */
  raw(method: string, params?: readonly unknown[], options?: RequestOptions): Promise<unknown>
}

/** Part of a route that a client can check answers with. */
export interface ResultChecker {
  readonly result: { safeParse(value: unknown): { success: boolean } }
}

const CHANGING: readonly string[] = [
  'aelf_sendTransaction',
  'aelf_sendTransactions',
  'aelf_operatorPair',
  'aelf_operatorUnpair',
  'aelf_fastForward',
  'aelf_pauseDelegate',
  'aelf_resumeDelegate',
  'aelf_signalCollection',
]

/** True when asking twice does no more than asking once. */
export const isReadOnly = (method: string): boolean => !CHANGING.includes(method)
