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
  MAX_GOSSIP_TRANSACTIONS,
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

const KINDS = ['block', 'announce', 'transactions', 'getBlocks', 'blocks'] as const

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
      out.u32(message.request).u16(message.limit).u16(message.locator.length)
      for (const hash of message.locator) out.fixed(hexToBytes(hash))
      break
    case 'blocks':
      out.u32(message.request)
      writeList(out, message.blocks)
      break
  }
  return out.finish()
}

function readGetBlocks(input: Reader): Message {
  const request = input.u32()
  const limit = input.u16()
  const count = input.u16()
  if (limit === 0 || limit > MAX_RANGE_BLOCKS) throw new CodecError('codec.limit', `A range of ${limit} blocks`)
  if (count === 0 || count > MAX_LOCATOR_HASHES) throw new CodecError('codec.limit', `A locator of ${count} hashes`)
  const locator: Hash[] = []
  for (let index = 0; index < count; index += 1) locator.push(bytesToHash(input.fixed(32)))
  return { kind: 'getBlocks', request, limit, locator }
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
      return readGetBlocks(input)
    case 'blocks':
      return { kind, request: input.u32(), blocks: readList(input, MAX_RANGE_BLOCKS, MAX_MESSAGE_BYTES) }
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
