import { PrimitiveError } from './error.ts'
import type { Address, Bytes, Hash, Hex } from './types.ts'

const HEX_OF_BYTE: readonly string[] = Array.from({ length: 256 }, (_, value) => value.toString(16).padStart(2, '0'))

function nibble(code: number): number {
  if (code >= 48 && code <= 57) return code - 48
  if (code >= 97 && code <= 102) return code - 87
  if (code >= 65 && code <= 70) return code - 55
  return -1
}

/** Bytes of a 0x-prefixed hex string of even length; either case. Throws `primitive.hex`. */
export function hexToBytes(hex: string): Bytes {
  const length = hex.length
  if (length < 2 || length % 2 !== 0 || hex.charCodeAt(0) !== 48 || hex.charCodeAt(1) !== 120) {
    throw new PrimitiveError('primitive.hex', 'expected 0x and an even number of hex digits', { details: { length } })
  }
  const bytes = new Uint8Array((length - 2) >> 1)
  for (let index = 0, at = 2; at < length; index++, at += 2) {
    const high = nibble(hex.charCodeAt(at))
    const low = nibble(hex.charCodeAt(at + 1))
    if (high < 0 || low < 0) throw new PrimitiveError('primitive.hex', 'not a hex digit', { details: { at } })
    bytes[index] = (high << 4) | low
  }
  return bytes
}

/** Lower-case hex with the 0x prefix. */
export function bytesToHex(bytes: Bytes): Hex {
  let hex = ''
  for (let index = 0; index < bytes.length; index++) hex += HEX_OF_BYTE[bytes[index] as number]
  return `0x${hex}`
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
  for (let at = 2; at < value.length; at++) if (nibble(value.charCodeAt(at)) < 0) return undefined
  return value.toLowerCase()
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

/** Throws `primitive.address` when not 20 bytes. */
export function bytesToAddress(bytes: Bytes): Address {
  if (bytes.length !== 20)
    throw new PrimitiveError('primitive.address', 'expected 20 bytes', { details: { length: bytes.length } })
  return bytesToHex(bytes) as Address
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
