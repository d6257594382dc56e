import { MAX_MESSAGE_BYTES, messageKind } from '#p2p'
import { type Bytes, bytesToHash, type Hash, hexToBytes, reader, utf8ToBytes, writer } from '#primitives'
import { TransportError } from './errors.ts'
import type { FrameLimit } from './frames.ts'
import {
  MAX_ADDRESS_BYTES,
  MAX_AGENT_BYTES,
  MAX_HELLO_BYTES,
  MAX_OWN_ADDRESSES,
  MESSAGE_BYTES,
  NETWORK_NAME_BYTES,
  PROTOCOL_VERSION,
} from './limits.ts'

/** What travels on a stream between two nodes. */
export const FRAME = { hello: 1, refusal: 2, message: 16, ping: 17, pong: 18 } as const

/** Spoken by every version of every network, so that a foreign node learns why it is refused. */
export const HELLO_PROTOCOL = '/aelf/hello/1'

const PING_BYTES = 8

/** Common start of the protocol names and topics of one network. */
export function networkName(genesis: Hash): string {
  return `/aelf/${genesis.slice(2, 2 + 2 * NETWORK_NAME_BYTES)}/${PROTOCOL_VERSION}`
}

/** How a node introduces itself. */
export interface Hello {
  readonly version: number
  readonly genesis: Hash
  readonly height: bigint
  readonly agent: string
  /** Where it can be reached, by its own account. */
  readonly addresses: readonly string[]
}

export const REFUSALS = ['foreignNetwork', 'version', 'full', 'banned'] as const
export type Refusal = (typeof REFUSALS)[number]

export const helloLimit: FrameLimit = (type) => {
  if (type === FRAME.hello) return MAX_HELLO_BYTES
  return type === FRAME.refusal ? 1 : undefined
}

export const wireLimit: FrameLimit = (type, first) => {
  if (type === FRAME.ping || type === FRAME.pong) return PING_BYTES
  if (type !== FRAME.message) return undefined
  return MESSAGE_BYTES[messageKind(Uint8Array.of(first ?? 0))] ?? MAX_MESSAGE_BYTES
}

const shortened = (text: string, most: number): Bytes => utf8ToBytes(text.replace(/[^ -~]/g, '').slice(0, most))

export function encodeHello(hello: Hello): Bytes {
  const addresses = hello.addresses.filter((one) => one.length <= MAX_ADDRESS_BYTES).slice(0, MAX_OWN_ADDRESSES)
  const out = writer().u16(hello.version).fixed(hexToBytes(hello.genesis)).u64(hello.height)
  out.bytes(shortened(hello.agent, MAX_AGENT_BYTES)).u8(addresses.length)
  for (const address of addresses) out.string(address)
  return out.finish()
}

/** Reads a hello; the part that other versions may extend is read only of the own version. */
export function decodeHello(bytes: Bytes): Hello {
  try {
    const input = reader(bytes)
    const [version, genesis, height] = [input.u16(), bytesToHash(input.fixed(32)), input.u64()]
    if (version !== PROTOCOL_VERSION) return { version, genesis, height, agent: '', addresses: [] }
    const agent = input.string(MAX_AGENT_BYTES).replace(/[^ -~]/g, '')
    const count = input.u8()
    if (count > MAX_OWN_ADDRESSES) throw new TransportError('transport.handshake', `A hello of ${count} addresses`)
    const addresses: string[] = []
    for (let index = 0; index < count; index += 1) addresses.push(input.string(MAX_ADDRESS_BYTES))
    input.end()
    return { version, genesis, height, agent, addresses }
  } catch (cause) {
    if (cause instanceof TransportError) throw cause
    throw new TransportError('transport.handshake', 'A hello that does not decode', { cause })
  }
}
