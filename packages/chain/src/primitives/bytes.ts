import { PrimitiveError } from './error.ts'
import type { Address, Bytes, Hash, Hex } from './types.ts'

const DIGITS = '0123456789abcdef'
/** Character codes of the two digits of each byte. */
const HIGH_CODE: Bytes = Uint8Array.from({ length: 256 }, (_, value) => DIGITS.charCodeAt(value >> 4))
const LOW_CODE: Bytes = Uint8Array.from({ length: 256 }, (_, value) => DIGITS.charCodeAt(value & 15))

/** Value of a character as a hex digit; -1 when it is none. */
const NIBBLES: Int8Array = new Int8Array(256).fill(-1)
for (let value = 0; value < 16; value++) {
  NIBBLES[DIGITS.charCodeAt(value)] = value
  NIBBLES[DIGITS.toUpperCase().charCodeAt(value)] = value
}

function nibble(code: number): number {
  return NIBBLES[code] ?? -1
}

/** Longer values become text piece by piece: a call takes only so many arguments. */
const HEX_PIECE = 128
/** Lists for the character codes of a text under way, one for each length. */
const CODES: number[][] = Array.from({ length: 2 * HEX_PIECE + 3 }, (_, length) => new Array<number>(length).fill(48))

/** Whether a text is 0x and an even number of hex digits, of either case. Takes half as long as a pattern. */
export function isHexBytes(text: string): boolean {
  const { length } = text
  if (length < 2 || length % 2 !== 0 || text.charCodeAt(0) !== 48 || text.charCodeAt(1) !== 120) return false
  let wrong = 0
  // Negative from the first that is no digit.
  for (let at = 2; at < length; at++) wrong |= nibble(text.charCodeAt(at))
  return wrong >= 0
}

/** Bytes of a 0x-prefixed hex string of even length; either case. Throws `primitive.hex`. */
export function hexToBytes(hex: string): Bytes {
  const length = hex.length
  if (length < 2 || length % 2 !== 0 || hex.charCodeAt(0) !== 48 || hex.charCodeAt(1) !== 120) {
    throw new PrimitiveError('primitive.hex', 'expected 0x and an even number of hex digits', { details: { length } })
  }
  const bytes = new Uint8Array((length - 2) >> 1)
  for (let index = 0, at = 2; at < length; index++, at += 2) {
    const value = (nibble(hex.charCodeAt(at)) << 4) | nibble(hex.charCodeAt(at + 1))
    if (value < 0) throw new PrimitiveError('primitive.hex', 'not a hex digit', { details: { at } })
    bytes[index] = value
  }
  return bytes
}

/** Digits of some bytes, after the prefix where `at` is 2. One flat string: adding digit by digit leaves a chain of small ones. */
function hexText(bytes: Bytes, span: { readonly from: number; readonly to: number }, at: 0 | 2): string {
  const { from, to } = span
  const codes = CODES[at + 2 * (to - from)] as number[]
  if (at === 2) codes[1] = 120
  for (let index = from, place = at as number; index < to; index++, place += 2) {
    const value = bytes[index] as number
    codes[place] = HIGH_CODE[value] as number
    codes[place + 1] = LOW_CODE[value] as number
  }
  if (at === 2) codes[0] = 48
  return String.fromCharCode.apply(null, codes)
}

/** Lower-case hex with the 0x prefix of the bytes from one place to another, at most 128 of them. */
export function hexAt(bytes: Bytes, from: number, to: number): Hex {
  return hexText(bytes, { from, to }, 2) as Hex
}

/**
 * Writes the bytes of a 0x-prefixed hex string of exactly `length` of them, either case. Answers false for any other text; what was
 * written then means nothing.
 */
export function putHex(hex: string, target: { readonly bytes: Bytes; readonly at: number }, length: number): boolean {
  if (hex.length !== 2 + 2 * length || hex.charCodeAt(0) !== 48 || hex.charCodeAt(1) !== 120) return false
  const { bytes, at } = target
  let wrong = 0
  for (let index = 0, digit = 2; index < length; index++, digit += 2) {
    const value = (nibble(hex.charCodeAt(digit)) << 4) | nibble(hex.charCodeAt(digit + 1))
    // Negative when either is no digit.
    wrong |= value
    bytes[at + index] = value
  }
  return wrong >= 0
}

/** Lower-case hex with the 0x prefix. */
export function bytesToHex(bytes: Bytes): Hex {
  const { length } = bytes
  let hex = hexText(bytes, { from: 0, to: length < HEX_PIECE ? length : HEX_PIECE }, 2)
  for (let from = HEX_PIECE; from < length; from += HEX_PIECE)
    hex += hexText(bytes, { from, to: length - from < HEX_PIECE ? length : from + HEX_PIECE }, 0)
  // It begins with the prefix.
  return hex as Hex
}

/** One new array holding all parts in order. */
export function concatBytes(...parts: readonly Bytes[]): Bytes {
  let length = 0
  for (const part of parts) length += part.length
  const joined = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}

export function equalBytes(a: Bytes, b: Bytes): boolean {
  if (a.length !== b.length) return false
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false
  return true
}

/** Lexicographic byte order: negative, zero or positive; a prefix sorts first. */
export function compareBytes(a: Bytes, b: Bytes): number {
  const shared = a.length < b.length ? a.length : b.length
  for (let index = 0; index < shared; index++) {
    const difference = (a[index] as number) - (b[index] as number)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

function normalised(value: string, digits: number): string | undefined {
  if (typeof value !== 'string' || value.length !== digits + 2 || !value.startsWith('0x')) return undefined
  let isLower = true
  for (let at = 2; at < value.length; at++) {
    const code = value.charCodeAt(at)
    if (nibble(code) < 0) return undefined
    if (code >= 65 && code <= 70) isLower = false
  }
  return isLower ? value : value.toLowerCase()
}

/** Checks and lower-cases a 32-byte hex string. Throws `primitive.hash`. */
export function asHash(value: string): Hash {
  const hex = normalised(value, 64)
  if (hex === undefined) throw new PrimitiveError('primitive.hash', 'expected 0x and 64 hex digits')
  // The brand is granted here, after the check, and in bytesToHash.
  return hex as Hash
}

/** Checks and lower-cases a 20-byte hex string. Throws `primitive.address`. */
export function asAddress(value: string): Address {
  const known = knownAddress(value)
  if (known !== undefined) return known
  const hex = normalised(value, 40)
  if (hex === undefined) throw new PrimitiveError('primitive.address', 'expected 0x and 40 hex digits')
  return hex as Address
}

/** Throws `primitive.hash` when not 32 bytes. */
export function bytesToHash(bytes: Bytes): Hash {
  if (bytes.length !== 32)
    throw new PrimitiveError('primitive.hash', 'expected 32 bytes', { details: { length: bytes.length } })
  return bytesToHex(bytes) as Hash
}

const ADDRESS_BYTES = 20
/** Addresses whose text is at hand: the same few come again and again, and one text for each is found faster in maps, too. */
const KNOWN_ADDRESSES = 8192
const knownBytes: Bytes = new Uint8Array(KNOWN_ADDRESSES * ADDRESS_BYTES)
const knownTexts = new Array<Address | undefined>(KNOWN_ADDRESSES).fill(undefined)

const placeOfAddress = (last: number, before: number, middle: number): number =>
  ((last << 5) ^ (before << 2) ^ middle) & (KNOWN_ADDRESSES - 1)

/** A text that is an address already, where it is at hand: looking there takes a ninth of reading it. */
function knownAddress(text: string): Address | undefined {
  if (typeof text !== 'string' || text.length !== 2 + 2 * ADDRESS_BYTES) return undefined
  const byte = (index: number): number =>
    (nibble(text.charCodeAt(2 + 2 * index)) << 4) | nibble(text.charCodeAt(3 + 2 * index))
  const known = knownTexts[placeOfAddress(byte(19), byte(18), byte(10))]
  return known === text ? known : undefined
}

/** Address that stands at `at`, where 20 bytes must be. */
export function addressAt(bytes: Bytes, at: number): Address {
  const place = placeOfAddress(bytes[at + 19] as number, bytes[at + 18] as number, bytes[at + 10] as number)
  const known = knownTexts[place]
  const start = place * ADDRESS_BYTES
  let index = 0
  while (index < ADDRESS_BYTES && knownBytes[start + index] === bytes[at + index]) index++
  if (index === ADDRESS_BYTES && known !== undefined) return known
  const address = hexAt(bytes, at, at + ADDRESS_BYTES) as Address
  for (; index < ADDRESS_BYTES; index++) knownBytes[start + index] = bytes[at + index] as number
  knownTexts[place] = address
  return address
}

/** Throws `primitive.address` when not 20 bytes. */
export function bytesToAddress(bytes: Bytes): Address {
  if (bytes.length !== ADDRESS_BYTES)
    throw new PrimitiveError('primitive.address', 'expected 20 bytes', { details: { length: bytes.length } })
  return addressAt(bytes, 0)
}

export function isHash(value: unknown): value is Hash {
  return typeof value === 'string' && normalised(value, 64) === value
}

export function isAddress(value: unknown): value is Address {
  return typeof value === 'string' && normalised(value, 40) === value
}

/** Big-endian unsigned integer of all bytes; empty is zero. */
export function bytesToBigint(bytes: Bytes): bigint {
  return bytes.length === 0 ? 0n : BigInt(bytesToHex(bytes))
}

/** Big-endian, exactly `length` bytes. Throws `primitive.range` when negative or too large. */
export function bigintToBytes(value: bigint, length: number): Bytes {
  const digits = value < 0n ? '' : value.toString(16)
  if (value < 0n || digits.length > length * 2) {
    throw new PrimitiveError('primitive.range', `integer does not fit ${length} bytes`, { details: { value, length } })
  }
  return hexToBytes(`0x${digits.padStart(length * 2, '0')}`)
}

export const ZERO_HASH: Hash = asHash(`0x${'00'.repeat(32)}`)
export const ZERO_ADDRESS: Address = asAddress(`0x${'00'.repeat(20)}`)
