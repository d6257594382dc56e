import type { Bytes } from '#primitives'
import { TransportError } from './errors.ts'

/** One unit on a stream: what it is, then its bytes. */
export interface Frame {
  readonly type: number
  readonly body: Bytes
}

/**
 * Most bytes of a body of this type; `first` is the body's first byte, undefined for an empty body. A type nobody may send is undefined.
 */
export type FrameLimit = (type: number, first: number | undefined) => number | undefined

/** Length (of type and body) in four bytes, then the type. */
const HEADER_BYTES = 5
/** Memory taken at first for a body of which little has arrived. */
const FIRST_BUFFER_BYTES = 16 * 1024

export function encodeFrame(type: number, body: Bytes): Bytes {
  const frame = new Uint8Array(HEADER_BYTES + body.length)
  const length = body.length + 1
  frame[0] = length >>> 24
  frame[1] = (length >>> 16) & 255
  frame[2] = (length >>> 8) & 255
  frame[3] = length & 255
  frame[4] = type
  frame.set(body, HEADER_BYTES)
  return frame
}

/**
 * Cuts a stream of bytes into frames, however it arrives. What a frame may hold is known from its first six bytes, and judged by them
 * before memory is taken for the rest; memory grows with what has arrived, to at most twice that.
 */
export class FrameReader {
  private readonly limit: FrameLimit
  private readonly header = new Uint8Array(HEADER_BYTES)
  private headerBytes = 0
  private bodyLength = 0
  private body: Bytes | undefined
  private bodyBytes = 0

  constructor(limit: FrameLimit) {
    this.limit = limit
  }

  /** Bytes of a frame that has begun and not ended. */
  pending(): number {
    return this.headerBytes + this.bodyBytes
  }

  /** Frames that are complete with these bytes. Throws at the first that breaks a limit; nothing after it can be trusted. */
  push(chunk: Bytes): Frame[] {
    const frames: Frame[] = []
    let at = 0
    while (at < chunk.length || this.complete()) {
      if (this.headerBytes < HEADER_BYTES) {
        at += this.readHeader(chunk, at)
      } else if (this.complete()) {
        frames.push(this.take())
      } else {
        at += this.readBody(chunk, at)
      }
    }
    return frames
  }

  private complete(): boolean {
    return this.headerBytes === HEADER_BYTES && this.bodyBytes === this.bodyLength
  }

  private readHeader(chunk: Bytes, from: number): number {
    const count = Math.min(HEADER_BYTES - this.headerBytes, chunk.length - from)
    this.header.set(chunk.subarray(from, from + count), this.headerBytes)
    this.headerBytes += count
    if (this.headerBytes < HEADER_BYTES) return count
    const [a = 0, b = 0, c = 0, d = 0, type = 0] = this.header
    const length = a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d
    if (length === 0) throw new TransportError('transport.frameMalformed', 'A frame without a type')
    this.bodyLength = length - 1
    if (this.bodyLength === 0) this.judge(type, undefined)
    return count
  }

  private readBody(chunk: Bytes, from: number): number {
    if (this.body === undefined) this.judge(this.header[4] ?? 0, chunk[from])
    const count = Math.min(this.bodyLength - this.bodyBytes, chunk.length - from)
    const body = this.room(this.bodyBytes + count)
    body.set(chunk.subarray(from, from + count), this.bodyBytes)
    this.bodyBytes += count
    return count
  }

  private judge(type: number, first: number | undefined): void {
    const most = this.limit(type, first)
    if (most === undefined) throw new TransportError('transport.frameMalformed', `A frame of the unknown type ${type}`)
    if (this.bodyLength > most) {
      throw new TransportError(
        'transport.frameTooLarge',
        `A frame of ${this.bodyLength} bytes where ${most} are allowed`,
      )
    }
  }

  private room(needed: number): Bytes {
    const before = this.body
    if (before !== undefined && before.length >= needed) return before
    const size = Math.min(this.bodyLength, Math.max(needed, FIRST_BUFFER_BYTES, 2 * (before?.length ?? 0)))
    const body = new Uint8Array(size)
    if (before !== undefined) body.set(before.subarray(0, this.bodyBytes))
    this.body = body
    return body
  }

  private take(): Frame {
    const body = (this.body ?? new Uint8Array(0)).subarray(0, this.bodyLength)
    const frame = { type: this.header[4] ?? 0, body }
    this.headerBytes = 0
    this.body = undefined
    this.bodyBytes = 0
    this.bodyLength = 0
    return frame
  }
}
