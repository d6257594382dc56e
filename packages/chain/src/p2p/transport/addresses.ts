import { CODE_P2P, type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { TransportError } from './errors.ts'
import { MAX_ADDRESS_BYTES } from './limits.ts'

/** Where a peer is reached: an address of the form `/ip4/…/tcp/…/p2p/<peer id>`. */
export interface PeerAddress {
  readonly id: string
  readonly address: string
}

/** How far an address reaches: this machine, a private network, everybody. */
export type Reach = 'loopback' | 'private' | 'public'

/** Where a host stands in the net: its reach, and the group of neighbours that one party can easily have many of. */
export interface Place {
  readonly host: string
  readonly reach: Reach
  readonly group: string
}

const idOf = (address: Multiaddr): string | undefined =>
  address.getComponents().findLast(({ code }) => code === CODE_P2P)?.value

/** Reads an address with a peer id; anything else is `transport.address`. */
export function parsePeerAddress(text: string): PeerAddress {
  try {
    const parsed = text.length <= MAX_ADDRESS_BYTES ? multiaddr(text) : undefined
    const id = parsed === undefined ? undefined : idOf(parsed)
    const canonical = parsed?.toString() ?? ''
    const isTcp = /^\/(ip4|ip6|dns|dns4|dns6)\/[^/]+\/tcp\/[1-9]\d*\/p2p\/[^/]+$/.test(canonical)
    if (id !== undefined && isTcp) return { id, address: canonical }
  } catch (cause) {
    throw new TransportError('transport.address', `Not an address of a peer: ${text.slice(0, 200)}`, { cause })
  }
  throw new TransportError(
    'transport.address',
    `An address of a peer reads /ip4/…/tcp/…/p2p/<peer id>, not ${text.slice(0, 200)}`,
  )
}

const BITS_16 = 16

/** The eight parts of an IPv6 address. */
function parts6(host: string): number[] {
  const [head = '', tail] = host.split('::')
  const read = (text: string): number[] =>
    text === '' ? [] : text.split(':').map((part) => Number.parseInt(part, BITS_16))
  const [before, after] = [read(head), tail === undefined ? [] : read(tail)]
  return [...before, ...Array.from({ length: Math.max(8 - before.length - after.length, 0) }, () => 0), ...after]
}

function place4(host: string): Place {
  const [a = 0, b = 0] = host.split('.').map(Number)
  const isPrivate = a === 10 || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168) || (a === 169 && b === 254)
  const reach =
    a === 127 ? 'loopback' : isPrivate || (a === 100 && b >= 64 && b < 128) || a === 0 ? 'private' : 'public'
  return { host, reach, group: `${a}.${b}` }
}

function place6(host: string): Place {
  const parts = parts6(host)
  const [a = 0, b = 0] = parts
  // An IPv4 address in IPv6 clothes.
  if (parts.slice(0, 5).every((part) => part === 0) && parts[5] === 0xffff) {
    const [high = 0, low = 0] = parts.slice(6)
    return place4(`${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`)
  }
  const isLoopback = parts.slice(0, 7).every((part) => part === 0) && parts[7] === 1
  const isPrivate = (a & 0xfe00) === 0xfc00 || (a & 0xffc0) === 0xfe80 || parts.every((part) => part === 0)
  const group = `${a.toString(16)}:${b.toString(16)}`
  return {
    host: parts.map((part) => part.toString(16)).join(':'),
    reach: isLoopback ? 'loopback' : isPrivate ? 'private' : 'public',
    group,
  }
}

/** Where an address is, or undefined for a name, whose place nobody knows before asking. */
export function placeOf(address: string): Place | undefined {
  const [, kind, host = ''] = address.split('/')
  if (kind === 'ip4') return place4(host)
  return kind === 'ip6' ? place6(host.split('%')[0] ?? '') : undefined
}

const REACHES: readonly Reach[] = ['loopback', 'private', 'public']

/** Addresses that lead here from farthest away come first; few are told. */
export function farthestFirst(addresses: readonly string[]): string[] {
  const rank = (address: string): number => REACHES.indexOf(placeOf(address)?.reach ?? 'public')
  return [...addresses].sort((a, b) => rank(b) - rank(a))
}

/** Whether who is at `from` can know a way to `to` that leads somewhere from here. */
export function isPlausible(from: Reach, to: Reach): boolean {
  return REACHES.indexOf(to) >= REACHES.indexOf(from)
}
