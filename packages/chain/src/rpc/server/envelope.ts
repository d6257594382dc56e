import { type CallId, MAX_ID_LENGTH, MAX_METHOD_LENGTH } from '#rpc/routes'

/** A call taken apart, or the field that makes it none. */
export type Envelope =
  | { readonly ok: true; readonly id: CallId | undefined; readonly method: string; readonly params: unknown }
  | { readonly ok: false; readonly id: CallId; readonly field: string }

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isCallId(value: unknown): value is CallId {
  if (typeof value === 'string') return value.length <= MAX_ID_LENGTH
  return value === null || (typeof value === 'number' && Number.isFinite(value))
}

/** Identifier of anything that may have been meant as a call. */
export function idOf(entry: unknown): CallId {
  return isRecord(entry) && Object.hasOwn(entry, 'id') && isCallId(entry['id']) ? entry['id'] : null
}

/** Checks the form of a call before its method is looked at. */
export function readEnvelope(entry: unknown): Envelope {
  if (!isRecord(entry)) return { ok: false, id: null, field: '' }
  const hasId = Object.hasOwn(entry, 'id')
  if (hasId && !isCallId(entry['id'])) return { ok: false, id: null, field: 'id' }
  const id = hasId ? idOf(entry) : undefined
  if (entry['jsonrpc'] !== '2.0') return { ok: false, id: id ?? null, field: 'jsonrpc' }
  const method = Object.hasOwn(entry, 'method') ? entry['method'] : undefined
  if (typeof method !== 'string' || method.length === 0 || method.length > MAX_METHOD_LENGTH) {
    return { ok: false, id: id ?? null, field: 'method' }
  }
  const params = Object.hasOwn(entry, 'params') ? entry['params'] : undefined
  if (params !== undefined && (typeof params !== 'object' || params === null))
    return { ok: false, id: id ?? null, field: 'params' }
  return { ok: true, id, method, params }
}
