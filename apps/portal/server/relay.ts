/** Largest JSON-RPC message the relay passes on; the longest transaction fits. */
export const MAX_BODY_BYTES = 300_000

/** Methods that change the course of a development network for everybody on it. */
const STEERING: readonly unknown[] = [
  'aelf_fastForward',
  'aelf_pauseDelegate',
  'aelf_resumeDelegate',
  'aelf_signalCollection',
]
const LOOPBACK_NAMES: readonly string[] = ['localhost', '127.0.0.1', '[::1]']
const LOOPBACK_ADDRESS = /^(?:::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$|^::1$/

/** True when a message, alone or in a batch, asks for one of the steering methods. Text that is not JSON asks for nothing. */
export function isSteering(body: string): boolean {
  let message: unknown
  try {
    message = JSON.parse(body)
  } catch {
    return false
  }
  return (Array.isArray(message) ? message : [message]).some(
    (entry: unknown) =>
      typeof entry === 'object' && entry !== null && 'method' in entry && STEERING.includes(entry.method),
  )
}

/**
 * True when everything a request says of its way here stays on this machine. The relay speaks to the node from this
 * machine, so what the node allows only to local pages must be judged here: a page elsewhere may point its own name at
 * this machine and look like one of the portal.
 */
export function isLocal(headers: Headers): boolean {
  const origin = headers.get('origin')
  const hosts = [headers.get('host'), ...listOf(headers.get('x-forwarded-host'))]
  return (
    (origin === null || (URL.canParse(origin) && LOOPBACK_NAMES.includes(new URL(origin).hostname))) &&
    hosts.every((host) => host === null || LOOPBACK_NAMES.includes(host.replace(/:\d+$/, ''))) &&
    listOf(headers.get('x-forwarded-for')).every((address) => LOOPBACK_ADDRESS.test(address))
  )
}

const listOf = (header: string | null): string[] =>
  header === null ? [] : header.split(',').map((part) => part.trim().toLowerCase())

/** The body as text, or undefined as soon as it is larger than the relay passes on; the rest is not read. */
export async function readBounded(request: Request): Promise<string | undefined> {
  if (Number(request.headers.get('content-length') ?? 0) > MAX_BODY_BYTES) return undefined
  const reader = request.body?.getReader()
  if (reader === undefined) return ''
  const decoder = new TextDecoder()
  let text = ''
  let size = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    size += value.byteLength
    if (size > MAX_BODY_BYTES) {
      await reader.cancel().catch(() => undefined)
      return undefined
    }
    text += decoder.decode(value, { stream: true })
  }
}
