import { MAX_MESSAGE_BYTES, messageKind } from '#p2p'
import {
  type Bytes,
  bytesToHash,
  type Hash,
  hexToBytes,
  type Reader,
  reader,
  utf8ToBytes,
  type Writer,
  writer,
} from '#primitives'
import { TransportError } from './errors.ts'
import type { FrameLimit } from './frames.ts'
import {
  MAX_ADDRESS_BYTES,
  MAX_AGENT_BYTES,
  MAX_HELLO_BYTES,
  MAX_OWN_ADDRESSES,
  MAX_SHARED_ADDRESSES,
  MESSAGE_BYTES,
  NETWORK_NAME_BYTES,
  PROTOCOL_VERSION,
} from './limits.ts'

/** What travels on a stream between two nodes. */
export const FRAME = { hello: 1, refusal: 2, message: 16, ping: 17, pong: 18, ask: 19, addresses: 20 } as const

/** Spoken by every version of every network, so that a foreign node learns why it is refused. */
export const HELLO_PROTOCOL = '/aelf/hello/1'

const PING_BYTES = 8
const PONG_BYTES = 16
/** A ping that begins so asks what time it is; versions that do not know of it send it back as any other. */
const WITH_TIME = 1
const MAX_ADDRESSES_BYTES = 1 + MAX_SHARED_ADDRESSES * (4 + MAX_ADDRESS_BYTES)

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
  if (type === FRAME.ping) return PING_BYTES
  if (type === FRAME.pong) return PONG_BYTES
  if (type === FRAME.ask) return 0
  if (type === FRAME.addresses) return MAX_ADDRESSES_BYTES
  if (type !== FRAME.message) return undefined
  return MESSAGE_BYTES[messageKind(Uint8Array.of(first ?? 0))] ?? MAX_MESSAGE_BYTES
}

const shortened = (text: string, most: number): Bytes => utf8ToBytes(text.replace(/[^ -~]/g, '').slice(0, most))

function writeAddresses(out: Writer, all: readonly string[], most: number): void {
  const addresses = all.filter((one) => one.length <= MAX_ADDRESS_BYTES).slice(0, most)
  out.u8(addresses.length)
  for (const address of addresses) out.string(address)
}

function readAddresses(input: Reader, most: number): string[] {
  const count = input.u8()
  if (count > most) throw new TransportError('transport.frameMalformed', `A list of ${count} addresses`)
  const addresses: string[] = []
  for (let index = 0; index < count; index += 1) addresses.push(input.string(MAX_ADDRESS_BYTES))
  return addresses
}

export function encodeHello(hello: Hello): Bytes {
  const out = writer().u16(hello.version).fixed(hexToBytes(hello.genesis)).u64(hello.height)
  writeAddresses(out.bytes(shortened(hello.agent, MAX_AGENT_BYTES)), hello.addresses, MAX_OWN_ADDRESSES)
  return out.finish()
}

/** Reads a hello; the part that other versions may extend is read only of the own version. */
export function decodeHello(bytes: Bytes): Hello {
  try {
    const input = reader(bytes)
    const [version, genesis, height] = [input.u16(), bytesToHash(input.fixed(32)), input.u64()]
    if (version !== PROTOCOL_VERSION) return { version, genesis, height, agent: '', addresses: [] }
    const agent = input.string(MAX_AGENT_BYTES).replace(/[^ -~]/g, '')
    const addresses = readAddresses(input, MAX_OWN_ADDRESSES)
    input.end()
    return { version, genesis, height, agent, addresses }
  } catch (cause) {
    if (cause instanceof TransportError) throw cause
    throw new TransportError('transport.frameMalformed', 'A hello that does not decode', { cause })
  }
}

/** Asks for a sign of life and the time. */
export function encodePing(number: number): Bytes {
  return writer().u32(WITH_TIME).u32(number).finish()
}

/** The answer to a ping: the same bytes, and the time where it was asked for. */
export function encodePong(ping: Bytes, nowMs: number): Bytes {
  const asksTime = ping.length === PING_BYTES && reader(ping).u32() === WITH_TIME
  if (!asksTime) return ping
  const out = writer()
    .fixed(ping)
    .u64(BigInt(Math.max(0, Math.floor(nowMs))))
  return out.finish()
}

/** What a peer says to a ping; undefined when it answers another one. */
export function decodePong(pong: Bytes, number: number): { readonly timeMs: number | undefined } | undefined {
  const ping = encodePing(number)
  if (!ping.every((byte, index) => byte === pong[index])) return undefined
  if (pong.length === PING_BYTES) return { timeMs: undefined }
  if (pong.length !== PONG_BYTES) return undefined
  const time = reader(pong.subarray(PING_BYTES)).u64()
  return { timeMs: time > BigInt(Number.MAX_SAFE_INTEGER) ? undefined : Number(time) }
}

/** Where other peers can be reached. */
export function encodeAddresses(addresses: readonly string[]): Bytes {
  const out = writer()
  writeAddresses(out, addresses, MAX_SHARED_ADDRESSES)
  return out.finish()
}

export function decodeAddresses(bytes: Bytes): string[] {
  try {
    const input = reader(bytes)
    const addresses = readAddresses(input, MAX_SHARED_ADDRESSES)
    input.end()
    return addresses
  } catch (cause) {
    throw new TransportError('transport.frameMalformed', 'A list of addresses that does not decode', { cause })
  }
}
