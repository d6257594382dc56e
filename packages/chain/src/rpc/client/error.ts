import { AelfError } from '#primitives'
import type { RpcErrorObject } from '#rpc/routes'

/** Errors that arise on this side of the connection. */
export type ClientErrorCode =
  | 'client.unreachable'
  | 'client.timeout'
  | 'client.badAnswer'
  | 'client.aborted'
  | 'client.closed'
  | 'client.tooMany'

const clientErrors: Readonly<Record<ClientErrorCode, { message: string; help: string; retryable: boolean }>> = {
  'client.unreachable': {
    message: 'The node cannot be reached',
    help: 'Check the address and that the node is running.',
    retryable: true,
  },
  'client.timeout': {
    message: 'The node did not answer in time',
    help: 'Try again; the node or the line is slow.',
    retryable: true,
  },
  'client.badAnswer': {
    message: 'The answer is not JSON-RPC',
    help: 'Check that the address is that of a node.',
    retryable: false,
  },
  'client.aborted': {
    message: 'The request was aborted',
    help: 'Nothing to do: the caller asked for it.',
    retryable: false,
  },
  'client.closed': { message: 'The connection was closed', help: 'Open a new connection.', retryable: true },
  'client.tooMany': {
    message: 'Too many requests wait for an answer',
    help: 'Wait for answers before sending more.',
    retryable: true,
  },
}

interface RequestErrorOptions {
  readonly number?: number
  readonly help: string
  readonly field?: string
  readonly details?: Readonly<Record<string, unknown>>
  readonly retryable: boolean
  readonly cause?: unknown
}

/**
 * A call that failed. `code` is the node's stable name (`tx.markExpired`) or `client.*` when no answer arrived;
 * `help` says what to do next; `field` is the parameter at fault; `number` is the JSON-RPC number, when the node answered.
 */
export class RpcRequestError extends AelfError {
  override readonly name: string = 'RpcRequestError'
  readonly help: string
  readonly field: string | undefined
  readonly number: number | undefined

  constructor(code: string, message: string, options: RequestErrorOptions) {
    super(code, message, { details: options.details ?? {}, retryable: options.retryable, cause: options.cause })
    this.help = options.help
    this.field = options.field
    this.number = options.number
  }
}

/** An error of this side. */
export function clientError(
  code: ClientErrorCode,
  cause?: unknown,
  details?: Readonly<Record<string, unknown>>,
): RpcRequestError {
  const { message, help, retryable } = clientErrors[code]
  return new RpcRequestError(code, message, { help, retryable, cause, ...(details === undefined ? {} : { details }) })
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const textOr = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise)

/** The node's refusal as an error; tolerates servers that send less than this package's. */
export function errorFromObject(object: RpcErrorObject | unknown): RpcRequestError {
  const given = isRecord(object) ? object : {}
  const data = isRecord(given['data']) ? given['data'] : {}
  const details = data['details']
  return new RpcRequestError(
    textOr(data['code'], 'rpc.unknown'),
    textOr(given['message'], 'The node refused the call'),
    {
      help: textOr(data['help'], ''),
      retryable: data['retryable'] === true,
      ...(typeof given['code'] === 'number' ? { number: given['code'] } : {}),
      ...(typeof data['field'] === 'string' ? { field: data['field'] } : {}),
      ...(details === undefined ? {} : { details: isRecord(details) ? details : { value: details } }),
    },
  )
}
