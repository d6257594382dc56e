import { addressAt, hexAt, putHex } from './bytes.ts'
import { CodecError } from './error.ts'
import type { Slabs } from './slabs.ts'
import type { Address, Bytes, Hex } from './types.ts'
import { utf8At, utf8ToBytes } from './utf8.ts'

/** Appends values in the order they are called; all integers big-endian. Out-of-range values throw `codec.range`. */
export interface Writer {
  u8(value: number): Writer
  u16(value: number): Writer
  u32(value: number): Writer
  u64(value: bigint): Writer
  u128(value: bigint): Writer
  u256(value: bigint): Writer
  /** Raw bytes without a length, from one of them on. */
  fixed(bytes: Bytes, from?: number): Writer
  /** As `fixed` of hex with the 0x prefix. Answers false, and has written nothing, when that is not so many bytes. */
  hex(text: string, length: number): boolean
  /** u32 length, then the bytes. */
  bytes(bytes: Bytes): Writer
  /** u32 length, then UTF-8. */
  string(text: string): Writer
  /** What was written; in slabs where it is meant to share memory with its like. */
  finish(slabs?: Slabs): Bytes
}

export interface ReaderLimits {
  /** Largest length accepted by `bytes()`. */
  readonly bytes?: number
  /** Largest UTF-8 length accepted by `string()`. */
  readonly string?: number
}

/** Reads what `Writer` wrote. Every verb throws `codec.short` when bytes are missing and `codec.limit` above a limit. */
export interface Reader {
  u8(): number
  u16(): number
  u32(): number
  u64(): bigint
  u128(): bigint
  u256(): bigint
  fixed(length: number): Bytes
  /** As text, up to 128 bytes. */
  hex(length: number): Hex
  address(): Address
  bytes(max?: number): Bytes
  /** As `bytes`, but a view of the source, which changes with it and keeps it in memory. */
  view(max?: number): Bytes
  string(max?: number): string
  /** Bytes not read yet. */
  remaining(): number
  /** Throws `codec.trailing` when bytes are left. */
  end(): void
}

const DEFAULT_MAX = 0x7fffffff

/** Buffers of finished writers, for the next ones: most values are short, and memory for them costs more than writing them. */
interface Room {
  readonly bytes: Bytes
  readonly view: DataView
}

const spare: Room[] = []
const SPARE_BUFFERS = 8
const SPARE_BYTES = 4096
/** Up to here a loop is faster than a copy by the runtime, and needs no view. */
const SHORT = 64

function roomOf(size: number): Room {
  const bytes = new Uint8Array(size)
  return { bytes, view: new DataView(bytes.buffer) }
}

function tooLarge(value: unknown, length: number): CodecError {
  return new CodecError('codec.range', `integer does not fit ${length} bytes`, { details: { value } })
}

class ByteWriter implements Writer {
  private own = spare.pop() ?? roomOf(SPARE_BYTES)
  private at = 0
  private finished = false

  private room(length: number): number {
    const start = this.at
    const needed = start + length
    if (needed > this.own.bytes.length || this.finished) {
      let size = SPARE_BYTES
      while (size < needed) size *= 2
      const grown = roomOf(size)
      grown.bytes.set(this.own.bytes.subarray(0, start))
      this.own = grown
      this.finished = false
    }
    this.at = needed
    return start
  }

  /** Big-endian words of 64 bits. */
  private big(value: bigint, words: number): Writer {
    if (typeof value !== 'bigint' || BigInt.asUintN(64 * words, value) !== value) throw tooLarge(value, 8 * words)
    const start = this.room(8 * words)
    const { view } = this.own
    let rest = value
    for (let at = start + 8 * (words - 1); at >= start; at -= 8) {
      // The lowest 64 bits; the rest is zero for most values.
      if (rest === 0n) view.setBigUint64(at, 0n)
      else {
        view.setBigUint64(at, BigInt.asUintN(64, rest))
        rest >>= 64n
      }
    }
    return this
  }

  u8(value: number): Writer {
    if ((value & 0xff) !== value) throw tooLarge(value, 1)
    const start = this.room(1)
    this.own.bytes[start] = value
    return this
  }
  u16(value: number): Writer {
    if ((value & 0xffff) !== value) throw tooLarge(value, 2)
    const start = this.room(2)
    this.own.view.setUint16(start, value)
    return this
  }
  u32(value: number): Writer {
    if (value >>> 0 !== value) throw tooLarge(value, 4)
    const start = this.room(4)
    this.own.view.setUint32(start, value)
    return this
  }
  u64(value: bigint): Writer {
    return this.big(value, 1)
  }
  u128(value: bigint): Writer {
    return this.big(value, 2)
  }
  u256(value: bigint): Writer {
    return this.big(value, 4)
  }
  fixed(bytes: Bytes, from = 0): Writer {
    const length = bytes.length - from
    const start = this.room(length)
    const { bytes: own } = this.own
    if (length > SHORT) own.set(from === 0 ? bytes : bytes.subarray(from), start)
    else for (let index = 0; index < length; index++) own[start + index] = bytes[from + index] as number
    return this
  }
  hex(text: string, length: number): boolean {
    const start = this.room(length)
    if (putHex(text, { bytes: this.own.bytes, at: start }, length)) return true
    this.at = start
    return false
  }
  bytes(bytes: Bytes): Writer {
    return this.u32(bytes.length).fixed(bytes)
  }
  string(text: string): Writer {
    return this.bytes(utf8ToBytes(text))
  }
  finish(slabs?: Slabs): Bytes {
    const { own, at } = this
    const written = slabs === undefined || at <= SHORT ? own.bytes.slice(0, at) : slabs.copy(own.bytes, at)
    if (!this.finished && own.bytes.length === SPARE_BYTES && spare.length < SPARE_BUFFERS) spare.push(own)
    // A writer that goes on after this copies first, so nobody else's bytes are touched, the answer's neither.
    this.own = { bytes: written, view: own.view }
    this.finished = true
    return written
  }
}

class ByteReader implements Reader {
  private readonly source: Bytes
  private readonly limits: ReaderLimits
  private at = 0

  constructor(source: Bytes, limits: ReaderLimits) {
    this.source = source
    this.limits = limits
  }

  private take(length: number): number {
    const start = this.at
    if (length > this.source.length - start) {
      throw new CodecError('codec.short', 'bytes end before the value', { details: { at: start, wanted: length } })
    }
    this.at = start + length
    return start
  }

  private small(length: number): number {
    const start = this.take(length)
    let value = 0
    for (let index = 0; index < length; index++) value = value * 256 + (this.source[start + index] as number)
    return value
  }

  private length(max: number): number {
    const at = this.at
    const length = this.u32()
    if (length > max) throw new CodecError('codec.limit', 'length above the limit', { details: { at, length, max } })
    return length
  }

  /** Big-endian words of 64 bits, of which all but the lowest are zero in most values. */
  private big(words: number): bigint {
    let value = 0n
    for (let left = words; left > 0; left--) {
      const high = this.small(4)
      const low = this.small(4)
      const word = high < 0x200000 ? BigInt(high * 0x1_0000_0000 + low) : (BigInt(high) << 32n) | BigInt(low)
      value = value === 0n ? word : (value << 64n) | word
    }
    return value
  }

  u8(): number {
    return this.small(1)
  }
  u16(): number {
    return this.small(2)
  }
  u32(): number {
    return this.small(4)
  }
  u64(): bigint {
    return this.big(1)
  }
  u128(): bigint {
    return this.big(2)
  }
  u256(): bigint {
    return this.big(4)
  }
  fixed(length: number): Bytes {
    const { source } = this
    const start = this.take(length)
    if (length > SHORT) return new Uint8Array(source.subarray(start, start + length))
    const copy = new Uint8Array(length)
    for (let index = 0; index < length; index++) copy[index] = source[start + index] as number
    return copy
  }
  hex(length: number): Hex {
    const start = this.take(length)
    return hexAt(this.source, start, start + length)
  }
  address(): Address {
    return addressAt(this.source, this.take(20))
  }
  bytes(max: number = this.limits.bytes ?? DEFAULT_MAX): Bytes {
    return this.fixed(this.length(max))
  }
  view(max: number = this.limits.bytes ?? DEFAULT_MAX): Bytes {
    const length = this.length(max)
    const start = this.take(length)
    return this.source.subarray(start, start + length)
  }
  string(max: number = this.limits.string ?? DEFAULT_MAX): string {
    const length = this.length(max)
    const start = this.take(length)
    return utf8At(this.source, start, start + length)
  }
  remaining(): number {
    return this.source.length - this.at
  }
  end(): void {
    if (this.remaining() !== 0)
      throw new CodecError('codec.trailing', 'bytes after the value', {
        details: { at: this.at, left: this.remaining() },
      })
  }
}

export function writer(): Writer {
  return new ByteWriter()
}

export function reader(bytes: Bytes, options: { readonly limits?: ReaderLimits } = {}): Reader {
  return new ByteReader(bytes, options.limits ?? {})
}
