import { bytesToHex } from './bytes.ts'
import { CodecError } from './error.ts'
import type { Bytes } from './types.ts'
import { bytesToUtf8, utf8ToBytes } from './utf8.ts'

/** Appends values in the order they are called; all integers big-endian. Out-of-range values throw `codec.range`. */
export interface Writer {
  u8(value: number): Writer
  u16(value: number): Writer
  u32(value: number): Writer
  u64(value: bigint): Writer
  u128(value: bigint): Writer
  u256(value: bigint): Writer
  /** Raw bytes without a length. */
  fixed(bytes: Bytes): Writer
  /** u32 length, then the bytes. */
  bytes(bytes: Bytes): Writer
  /** u32 length, then UTF-8. */
  string(text: string): Writer
  finish(): Bytes
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
  bytes(max?: number): Bytes
  string(max?: number): string
  /** Bytes not read yet. */
  remaining(): number
  /** Throws `codec.trailing` when bytes are left. */
  end(): void
}

const DEFAULT_MAX = 0x7fffffff

/** Buffers of finished writers, for the next ones: most values are short, and memory for them costs more than writing them. */
const spare: Bytes[] = []
const SPARE_BUFFERS = 8
const SPARE_BYTES = 512

class ByteWriter implements Writer {
  private buffer: Bytes = spare.pop() ?? new Uint8Array(SPARE_BYTES)
  private at = 0

  private room(length: number): number {
    const start = this.at
    const needed = start + length
    if (needed > this.buffer.length) {
      let size = this.buffer.length * 2 || SPARE_BYTES
      while (size < needed) size *= 2
      const grown = new Uint8Array(size)
      grown.set(this.buffer.subarray(0, start))
      this.buffer = grown
    }
    this.at = needed
    return start
  }

  private small(value: number, length: number): Writer {
    if (!Number.isInteger(value) || value < 0 || value >= 2 ** (length * 8)) {
      throw new CodecError('codec.range', `integer does not fit ${length} bytes`, { details: { value } })
    }
    const start = this.room(length)
    for (let index = 0, shift = (length - 1) * 8; index < length; index++, shift -= 8)
      this.buffer[start + index] = (value >>> shift) & 255
    return this
  }

  private big(value: bigint, length: number): Writer {
    if (typeof value !== 'bigint' || value < 0n || value >> BigInt(length * 8) !== 0n) {
      throw new CodecError('codec.range', `integer does not fit ${length} bytes`, { details: { value } })
    }
    const start = this.room(length)
    this.buffer.fill(0, start, start + length)
    let rest = value
    for (let at = start + length - 4; rest > 0n; at -= 4) {
      const word = Number(rest & 0xffffffffn)
      this.buffer[at] = word >>> 24
      this.buffer[at + 1] = (word >>> 16) & 255
      this.buffer[at + 2] = (word >>> 8) & 255
      this.buffer[at + 3] = word & 255
      rest >>= 32n
    }
    return this
  }

  u8(value: number): Writer {
    return this.small(value, 1)
  }
  u16(value: number): Writer {
    return this.small(value, 2)
  }
  u32(value: number): Writer {
    return this.small(value, 4)
  }
  u64(value: bigint): Writer {
    return this.big(value, 8)
  }
  u128(value: bigint): Writer {
    return this.big(value, 16)
  }
  u256(value: bigint): Writer {
    return this.big(value, 32)
  }
  fixed(bytes: Bytes): Writer {
    const start = this.room(bytes.length)
    this.buffer.set(bytes, start)
    return this
  }
  bytes(bytes: Bytes): Writer {
    return this.u32(bytes.length).fixed(bytes)
  }
  string(text: string): Writer {
    return this.bytes(utf8ToBytes(text))
  }
  finish(): Bytes {
    const written = this.buffer.slice(0, this.at)
    if (this.buffer.length === SPARE_BYTES && spare.length < SPARE_BUFFERS) spare.push(this.buffer)
    // A writer that goes on after this copies first, so nobody else's bytes are touched, the answer's neither.
    this.buffer = written
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

  private big(length: number): bigint {
    const start = this.take(length)
    return BigInt(bytesToHex(this.source.subarray(start, start + length)))
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
    return this.big(8)
  }
  u128(): bigint {
    return this.big(16)
  }
  u256(): bigint {
    return this.big(32)
  }
  fixed(length: number): Bytes {
    const start = this.take(length)
    return new Uint8Array(this.source.subarray(start, start + length))
  }
  bytes(max: number = this.limits.bytes ?? DEFAULT_MAX): Bytes {
    const at = this.at
    const length = this.u32()
    if (length > max) throw new CodecError('codec.limit', 'length above the limit', { details: { at, length, max } })
    return this.fixed(length)
  }
  string(max: number = this.limits.string ?? DEFAULT_MAX): string {
    return bytesToUtf8(this.bytes(max))
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
