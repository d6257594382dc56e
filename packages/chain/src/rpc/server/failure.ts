import { AelfError } from '#primitives'
import { isRpcErrorCode, type RpcErrorCode, type RpcErrorObject, rpcErrorObject, rpcErrors } from '#rpc/routes'

interface FailureOptions {
  readonly message?: string
  readonly help?: string
  readonly field?: string
  readonly details?: unknown
}

/** A refusal of this interface; `code` is in the catalogue of `#rpc/routes`. */
export class RpcFailure extends AelfError {
  override readonly name: string = 'RpcFailure'
  readonly extra: FailureOptions

  constructor(code: RpcErrorCode, extra: FailureOptions = {}) {
    super(code, extra.message ?? rpcErrors[code].message, { retryable: rpcErrors[code].retryable })
    this.extra = extra
  }
}

/** Wire form of any error. Unknown errors become `rpc.internal` and reveal nothing; `known` says which case it was. */
export function failureToObject(error: unknown): { readonly object: RpcErrorObject; readonly known: boolean } {
  if (error instanceof RpcFailure && isRpcErrorCode(error.code)) {
    return { object: rpcErrorObject(error.code, error.extra), known: true }
  }
  if (error instanceof AelfError && !error.code.startsWith('assertion.')) {
    const code = codeOfRoom(error.code)
    if (code !== undefined) {
      const { help, field, ...rest } = plainDetails(error.details)
      const details = { reason: error.message, ...rest }
      return {
        object: rpcErrorObject(code, {
          details,
          retryable: error.retryable,
          ...(typeof help === 'string' ? { help } : {}),
          ...(typeof field === 'string' ? { field } : {}),
        }),
        known: true,
      }
    }
  }
  return { object: rpcErrorObject('rpc.internal'), known: false }
}

/** Names under which other rooms report what this interface has its own name for. */
const aliases: Readonly<Record<string, RpcErrorCode>> = {
  'state.notKept': 'state.unavailable',
  'call.unknownContract': 'contract.unknown',
  'call.unknownMethod': 'contract.unknownMethod',
  'call.unknownView': 'contract.unknownMethod',
  'call.arguments': 'contract.invalidArguments',
  'runtime.arguments': 'contract.invalidArguments',
  'node.range': 'rpc.invalidParams',
  'node.busy': 'rpc.tooBusy',
  'node.stopped': 'rpc.notReady',
  'execution.collection': 'rpc.notReady',
  'runtime.unknownContract': 'contract.unknown',
  'runtime.unknownView': 'contract.unknownMethod',
}

const families: readonly (readonly [string, RpcErrorCode])[] = [
  ['tx.', 'tx.rejected'],
  ['codec.', 'contract.invalidArguments'],
  ['abi.', 'contract.invalidArguments'],
  ['intent.', 'contract.invalidArguments'],
  ['primitive.', 'contract.invalidArguments'],
  ['call.', 'contract.viewFailed'],
  ['view.', 'contract.viewFailed'],
]

function codeOfRoom(code: string): RpcErrorCode | undefined {
  if (isRpcErrorCode(code) && !code.startsWith('rpc.')) return code
  return aliases[code] ?? families.find(([prefix]) => code.startsWith(prefix))?.[1]
}

function plainDetails(details: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const plain: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(details).slice(0, 16)) {
    if (typeof value === 'bigint') plain[name] = value.toString()
    else if (typeof value === 'string') plain[name] = value.slice(0, 512)
    else if (typeof value === 'number' || typeof value === 'boolean') plain[name] = value
  }
  return plain
}
