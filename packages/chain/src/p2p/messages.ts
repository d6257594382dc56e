import {
  type Bytes,
  bytesToHash,
  CodecError,
  type Hash,
  hexToBytes,
  type Reader,
  reader,
  type Writer,
  writer,
} from '#primitives'
import { P2pError } from './errors.ts'
import {
  MAX_BODIES,
  MAX_BUNDLE_MESSAGE_BYTES,
  MAX_BUNDLE_PART_BYTES,
  MAX_GOSSIP_TRANSACTIONS,
  MAX_HEADER_ENTRY_BYTES,
  MAX_HEADERS,
  MAX_LOCATOR_HASHES,
  MAX_MESSAGE_BYTES,
  MAX_PEER_TRANSACTION_BYTES,
  MAX_RANGE_BLOCKS,
} from './limits.ts'

/** What peers say to each other. Blocks and transactions travel in their own canonical encodings. */
export type Message =
  /** A new block, whole. */
  | { readonly kind: 'block'; readonly block: Bytes }
  /** The sender's head; a peer that lacks it asks for the way there. */
  | { readonly kind: 'announce'; readonly height: bigint; readonly slot: bigint; readonly hash: Hash }
  | { readonly kind: 'transactions'; readonly transactions: readonly Bytes[] }
  /** Asks for canonical blocks after the first hash of the locator that the receiver knows; newest hash first. */
  | { readonly kind: 'getBlocks'; readonly request: number; readonly locator: readonly Hash[]; readonly limit: number }
  | { readonly kind: 'blocks'; readonly request: number; readonly blocks: readonly Bytes[] }
  /** Asks for canonical headers after the first hash of the locator that the receiver knows. */
  | { readonly kind: 'getHeaders'; readonly request: number; readonly locator: readonly Hash[]; readonly limit: number }
  /** Encoded header entries, lowest height first. */
  | { readonly kind: 'headers'; readonly request: number; readonly headers: readonly Bytes[] }
  | { readonly kind: 'getBodies'; readonly request: number; readonly hashes: readonly Hash[] }
  /** Encoded bodies of the first blocks that were asked for, in that order; those that had no room may be asked for again. */
  | { readonly kind: 'bodies'; readonly request: number; readonly bodies: readonly Bytes[] }
  /** Asks for a part of the bundle with a hash; parts are counted from 0. */
  | { readonly kind: 'getBundle'; readonly request: number; readonly hash: Hash; readonly part: number }
  /** A part of a bundle, and how many bytes all parts have; a size of 0 says that it is not here. */
  | { readonly kind: 'bundle'; readonly request: number; readonly size: number; readonly part: Bytes }

const KINDS = [
  'block',
  'announce',
  'transactions',
  'getBlocks',
  'blocks',
  'getHeaders',
  'headers',
  'getBodies',
  'bodies',
  'getBundle',
  'bundle',
] as const

function writeList(out: Writer, items: readonly Bytes[]): void {
  out.u16(items.length)
  for (const item of items) out.bytes(item)
}

function readList(input: Reader, most: number, itemBytes: number): Bytes[] {
  const count = input.u16()
  if (count > most) throw new CodecError('codec.limit', `A list of ${count} items is above ${most}`)
  const items: Bytes[] = []
  for (let index = 0; index < count; index += 1) items.push(input.bytes(itemBytes))
  return items
}

/** What a message says it is, without reading the rest. */
export function messageKind(bytes: Bytes): Message['kind'] | 'unknown' {
  return KINDS[(bytes[0] ?? 0) - 1] ?? 'unknown'
}

function writeHashes(out: Writer, hashes: readonly Hash[]): void {
  out.u16(hashes.length)
  for (const hash of hashes) out.fixed(hexToBytes(hash))
}

function readHashes(input: Reader, most: number): Hash[] {
  const count = input.u16()
  if (count === 0 || count > most) throw new CodecError('codec.limit', `A list of ${count} hashes`)
  const hashes: Hash[] = []
  for (let index = 0; index < count; index += 1) hashes.push(bytesToHash(input.fixed(32)))
  return hashes
}

/** One message as bytes: kind, then its fields. */
export function encodeMessage(message: Message): Bytes {
  const out = writer()
  out.u8(KINDS.indexOf(message.kind) + 1)
  switch (message.kind) {
    case 'block':
      out.bytes(message.block)
      break
    case 'announce':
      out.u64(message.height).u64(message.slot).fixed(hexToBytes(message.hash))
      break
    case 'transactions':
      writeList(out, message.transactions)
      break
    case 'getBlocks':
    case 'getHeaders':
      out.u32(message.request).u16(message.limit)
      writeHashes(out, message.locator)
      break
    case 'blocks':
      out.u32(message.request)
      writeList(out, message.blocks)
      break
    case 'headers':
      out.u32(message.request)
      writeList(out, message.headers)
      break
    case 'getBodies':
      out.u32(message.request)
      writeHashes(out, message.hashes)
      break
    case 'bodies':
      out.u32(message.request)
      writeList(out, message.bodies)
      break
    case 'getBundle':
      out.u32(message.request).fixed(hexToBytes(message.hash)).u8(message.part)
      break
    case 'bundle':
      out.u32(message.request).u32(message.size).bytes(message.part)
      break
  }
  return out.finish()
}

function readRange<K extends 'getBlocks' | 'getHeaders'>(
  kind: K,
  input: Reader,
  most: number,
): { kind: K; request: number; locator: Hash[]; limit: number } {
  const request = input.u32()
  const limit = input.u16()
  if (limit === 0 || limit > most) throw new CodecError('codec.limit', `A range of ${limit}`)
  return { kind, request, limit, locator: readHashes(input, MAX_LOCATOR_HASHES) }
}

const MAX_BUNDLE_PARTS = MAX_BUNDLE_MESSAGE_BYTES / MAX_BUNDLE_PART_BYTES

function readBundleQuestion(input: Reader): Message {
  const question = { request: input.u32(), hash: bytesToHash(input.fixed(32)), part: input.u8() }
  if (question.part >= MAX_BUNDLE_PARTS) throw new CodecError('codec.limit', `Part ${question.part} of a bundle`)
  return { kind: 'getBundle', ...question }
}

function readBundle(input: Reader): Message {
  const answer = { request: input.u32(), size: input.u32(), part: input.bytes(MAX_BUNDLE_PART_BYTES) }
  if (answer.size > MAX_BUNDLE_MESSAGE_BYTES || answer.part.length > answer.size) {
    throw new CodecError('codec.limit', `A bundle of ${answer.size} bytes`)
  }
  return { kind: 'bundle', ...answer }
}

function readMessage(input: Reader): Message {
  const kind = KINDS[input.u8() - 1]
  switch (kind) {
    case 'block':
      return { kind, block: input.bytes(MAX_MESSAGE_BYTES) }
    case 'announce':
      return { kind, height: input.u64(), slot: input.u64(), hash: bytesToHash(input.fixed(32)) }
    case 'transactions':
      return { kind, transactions: readList(input, MAX_GOSSIP_TRANSACTIONS, MAX_PEER_TRANSACTION_BYTES) }
    case 'getBlocks':
      return readRange(kind, input, MAX_RANGE_BLOCKS)
    case 'blocks':
      return { kind, request: input.u32(), blocks: readList(input, MAX_RANGE_BLOCKS, MAX_MESSAGE_BYTES) }
    case 'getHeaders':
      return readRange(kind, input, MAX_HEADERS)
    case 'headers':
      return { kind, request: input.u32(), headers: readList(input, MAX_HEADERS, MAX_HEADER_ENTRY_BYTES) }
    case 'getBodies':
      return { kind, request: input.u32(), hashes: readHashes(input, MAX_BODIES) }
    case 'bodies':
      return { kind, request: input.u32(), bodies: readList(input, MAX_BODIES, MAX_MESSAGE_BYTES) }
    case 'getBundle':
      return readBundleQuestion(input)
    case 'bundle':
      return readBundle(input)
    default:
      throw new P2pError('p2p.unknownKind', 'A message of an unknown kind')
  }
}

/** Reads a peer's message; anything outside of the limits is `p2p.tooLarge`, `p2p.unknownKind` or `p2p.malformed`. */
export function decodeMessage(bytes: Bytes): Message {
  if (bytes.length > MAX_MESSAGE_BYTES) throw new P2pError('p2p.tooLarge', `A message of ${bytes.length} bytes`)
  const input = reader(bytes)
  try {
    const message = readMessage(input)
    input.end()
    return message
  } catch (cause) {
    if (cause instanceof P2pError) throw cause
    throw new P2pError('p2p.malformed', 'A message that does not decode', { cause })
  }
}
