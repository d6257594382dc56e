import { parsePeerAddress } from './addresses.ts'
import type { Ban } from './bans.ts'
import type { BookEntry } from './book.ts'
import { TransportError } from './errors.ts'
import { MAX_ADDRESSES_PER_PEER, MAX_BANS, MAX_BOOK_TEXT, MAX_NEW_PEERS, MAX_TRIED_PEERS } from './limits.ts'

/** Where the book of peers is kept between starts: one text. */
export interface BookStore {
  load(): Promise<string | undefined>
  save(text: string): Promise<void>
}

export interface SavedBook {
  readonly peers: readonly BookEntry[]
  readonly bans: readonly Ban[]
}

const VERSION = 1
const MAX_REASON = 200

export function encodeBook({ peers, bans }: SavedBook): string {
  const saved = peers.map(({ id, addresses, source, tried, anchor, lastSeenMs }) => ({
    id,
    addresses,
    source,
    tried,
    anchor,
    lastSeenMs,
  }))
  return `${JSON.stringify({ version: VERSION, peers: saved, bans })}\n`
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
const isTime = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
const isText = (value: unknown, most: number): value is string => typeof value === 'string' && value.length <= most

function readPeer(value: unknown): BookEntry | undefined {
  if (!isObject(value)) return undefined
  const { id, addresses, source, tried, anchor, lastSeenMs } = value
  if (!isText(id, 128) || !isText(source, 64) || !isTime(lastSeenMs) || !Array.isArray(addresses)) return undefined
  try {
    const read = addresses.slice(0, MAX_ADDRESSES_PER_PEER).map((address) => parsePeerAddress(String(address)))
    if (read.length === 0 || read.some((address) => address.id !== id)) return undefined
    const texts = read.map(({ address }) => address)
    return {
      id,
      addresses: texts,
      source,
      tried: tried === true,
      anchor: anchor === true,
      lastSeenMs,
      failures: 0,
      dueMs: 0,
    }
  } catch {
    return undefined
  }
}

function readBan(value: unknown): Ban | undefined {
  if (!isObject(value)) return undefined
  const { id, untilMs, reason, count } = value
  if (!isText(id, 128) || !isTime(untilMs) || !isText(reason, MAX_REASON) || !isTime(count)) return undefined
  return { id, untilMs, reason, count }
}

/** Reads what `encodeBook` wrote. Entries that are no good are left out; a text that is no book is `transport.book`. */
export function decodeBook(text: string): SavedBook {
  if (text.length > MAX_BOOK_TEXT) throw new TransportError('transport.book', `A book of ${text.length} characters`)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new TransportError('transport.book', 'The book of peers is not JSON', { cause })
  }
  if (
    !isObject(value) ||
    value['version'] !== VERSION ||
    !Array.isArray(value['peers']) ||
    !Array.isArray(value['bans'])
  ) {
    throw new TransportError('transport.book', 'The book of peers is of another version')
  }
  const peers = value['peers'].slice(0, MAX_TRIED_PEERS + MAX_NEW_PEERS).flatMap((one) => readPeer(one) ?? [])
  const bans = value['bans'].slice(0, MAX_BANS).flatMap((one) => readBan(one) ?? [])
  return { peers, bans }
}
