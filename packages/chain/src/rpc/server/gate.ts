import type { IncomingMessage } from 'node:http'

/** Which hosts and web pages the server listens to. */
export interface GateOptions {
  /** Host names (without port) the node answers under besides IP addresses and localhost; `*` for any. */
  readonly allowedHosts: readonly string[] | '*'
  /** Origins of web pages that may read; `*` for any. Pages served from this machine always may. */
  readonly allowedOrigins: readonly string[] | '*'
}

/** What the gate decided about a request. */
export interface Passage {
  readonly host: boolean
  readonly origin: boolean
  /** Value for `access-control-allow-origin`, when a page asked and may read. */
  readonly allowOrigin: string | undefined
  /** No web page, or one served from this machine. */
  readonly local: boolean
}

const LOOPBACK_NAMES: readonly string[] = ['localhost', '127.0.0.1', '[::1]']

/**
 * Judges host and origin. A name that is neither an IP address nor known is refused: a page elsewhere could point its own
 * name at this machine and read as if it were local.
 */
export function judge(request: IncomingMessage, options: GateOptions): Passage {
  const host = options.allowedHosts === '*' || isKnownHost(request.headers.host ?? '', options.allowedHosts)
  const origin = request.headers.origin
  if (origin === undefined) return { host, origin: true, allowOrigin: undefined, local: true }
  const local = isLoopbackOrigin(origin)
  const open = options.allowedOrigins === '*'
  const allowed = open || local || options.allowedOrigins.includes(origin)
  return { host, origin: allowed, allowOrigin: allowed ? (open ? '*' : origin) : undefined, local }
}

function isKnownHost(header: string, known: readonly string[]): boolean {
  if (header === '') return true
  const name = hostName(header)
  if (name === undefined) return false
  return LOOPBACK_NAMES.includes(name) || isIpAddress(name) || known.includes(name)
}

function hostName(header: string): string | undefined {
  if (header.length > 255) return undefined
  const match = /^(\[[0-9a-fA-F:.]+\]|[^:\s/@]+)(?::[0-9]{1,5})?$/.exec(header)
  return match?.[1]?.toLowerCase()
}

const isIpAddress = (name: string): boolean => name.startsWith('[') || /^[0-9]{1,3}(?:\.[0-9]{1,3}){3}$/.test(name)

function isLoopbackOrigin(origin: string): boolean {
  if (origin.length > 255 || !URL.canParse(origin)) return false
  const url = new URL(origin)
  return (url.protocol === 'http:' || url.protocol === 'https:') && LOOPBACK_NAMES.includes(url.hostname)
}
