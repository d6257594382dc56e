import { isIP } from 'node:net'
import { isLoopbackAddress, isPublicAddress } from './address.ts'
import { EgressError } from './errors.ts'

const URL_MAX = 500
const FIRST_FREE_PORT = 1_024
const HTTPS_PORT = '443'

export interface WebhookUrlOptions {
  /** Also `http` to this machine: for development networks. */
  readonly allowLoopback: boolean
}

const refuse = (message: string): never => {
  throw new EgressError('egress.url', message)
}

/** The host of a URL as a network address, or undefined for a name. The URL parser has already read `0x7f.1` and the like as IPv4. */
export function literalOf(url: URL): string | undefined {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  return isIP(host) === 0 ? undefined : host
}

export const isLoopbackUrl = (url: URL): boolean => {
  const literal = literalOf(url)
  return literal === undefined ? url.hostname === 'localhost' : isLoopbackAddress(literal)
}

/** Reads the address of a webhook; throws `egress.url` or `egress.address` with the reason. */
export function readWebhookUrl(text: string, { allowLoopback }: WebhookUrlOptions): URL {
  if (text.length > URL_MAX) refuse(`The address is longer than ${URL_MAX} characters`)
  if (!URL.canParse(text)) refuse('This is not an address')
  const url = new URL(text)
  if (url.username !== '' || url.password !== '') refuse('The address carries a name or password')
  url.hash = ''
  if (url.protocol === 'http:' && allowLoopback && isLoopbackUrl(url)) return url
  if (url.protocol !== 'https:') refuse('The address must begin with https://')
  const port = url.port === '' ? HTTPS_PORT : url.port
  if (port !== HTTPS_PORT && Number(port) < FIRST_FREE_PORT) refuse('The port must be 443 or 1024 and above')
  const literal = literalOf(url)
  if (literal !== undefined && !isPublicAddress(literal))
    throw new EgressError('egress.address', 'The address is not on the public internet')
  if (literal === undefined && !url.hostname.includes('.')) refuse('The host name has no domain')
  return url
}
