import * as crypto from 'node:crypto'

/** Lower-case hex without prefix: what the oracle calls addresses, hashes and keys by. */
export type HexText = string

type OneShot = (algorithm: string, data: Uint8Array, encoding: 'buffer') => Buffer
/** Node 20.12 and later hash in one call. */
const oneShot = (crypto as { hash?: OneShot }).hash

export function sha256(data: Uint8Array): Buffer {
  return oneShot === undefined ? crypto.createHash('sha256').update(data).digest() : oneShot('sha256', data, 'buffer')
}

const names = new Map<string, Buffer>()
const nameOf = (tag: string): Buffer => {
  const known = names.get(tag) ?? Buffer.from(tag, 'ascii')
  names.set(tag, known)
  return known
}

/** SPEC HASH-TAG-1 and HASH-TAG-2. */
export function tagged(tag: string, ...parts: readonly Uint8Array[]): Buffer {
  const name = nameOf(tag)
  const plain = Buffer.concat([Buffer.of(name.length), name, ...parts])
  if (plain.length !== 64) return sha256(plain)
  return sha256(Buffer.concat([Buffer.of(name.length + 128), name, Buffer.of(0), ...parts]))
}

export const fromHex = (text: HexText): Buffer => Buffer.from(text.startsWith('0x') ? text.slice(2) : text, 'hex')
export const toHex = (bytes: Uint8Array): HexText =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')
export const toInt = (bytes: Uint8Array): bigint => BigInt(`0x${toHex(bytes) || '0'}`)

export function uint(value: bigint | number, width: number): Buffer {
  const text = BigInt(value)
    .toString(16)
    .padStart(width * 2, '0')
  if (text.length > width * 2) throw new Error(`${value} does not fit ${width} bytes`)
  return Buffer.from(text, 'hex')
}

/** u32 length and the bytes. */
export const lengthed = (bytes: Uint8Array): Buffer => Buffer.concat([uint(bytes.length, 4), bytes])
export const text = (value: string): Buffer => lengthed(Buffer.from(value, 'utf8'))

/** Reads fields one after the other; running out of bytes is an error. */
export class Cursor {
  private at = 0
  private readonly data: Buffer

  constructor(data: Uint8Array) {
    this.data = Buffer.from(data.buffer, data.byteOffset, data.length)
  }

  take(length: number): Buffer {
    if (this.at + length > this.data.length) throw new Error('bytes are missing')
    this.at += length
    return this.data.subarray(this.at - length, this.at)
  }

  uint(width: number): bigint {
    return toInt(this.take(width))
  }

  int(width: number): number {
    return Number(this.uint(width))
  }

  hex(length: number): HexText {
    return toHex(this.take(length))
  }

  lengthed(): Buffer {
    return this.take(this.int(4))
  }

  text(): string {
    return this.lengthed().toString('utf8')
  }

  position(): number {
    return this.at
  }

  end(): void {
    if (this.at !== this.data.length) throw new Error(`${this.data.length - this.at} bytes are left over`)
  }
}
