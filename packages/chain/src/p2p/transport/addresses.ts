import { CODE_P2P, type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { TransportError } from './errors.ts'
import { MAX_ADDRESS_BYTES } from './limits.ts'

/** Where a peer is reached: an address of the form `/ip4/…/tcp/…/p2p/<peer id>`. */
export interface PeerAddress {
  readonly id: string
  readonly address: string
}

const idOf = (address: Multiaddr): string | undefined =>
  address.getComponents().findLast(({ code }) => code === CODE_P2P)?.value

/** Reads an address with a peer id; anything else is `transport.address`. */
export function parsePeerAddress(text: string): PeerAddress {
  try {
    const parsed = multiaddr(text)
    const id = idOf(parsed)
    const isTcp = /^\/(ip4|ip6|dns|dns4|dns6)\/[^/]+\/tcp\/\d+\/p2p\/[^/]+$/.test(parsed.toString())
    if (id !== undefined && isTcp && text.length <= MAX_ADDRESS_BYTES) return { id, address: parsed.toString() }
  } catch (cause) {
    throw new TransportError('transport.address', `Not an address of a peer: ${text}`, { cause })
  }
  throw new TransportError('transport.address', `An address of a peer reads /ip4/…/tcp/…/p2p/<peer id>, not ${text}`)
}
