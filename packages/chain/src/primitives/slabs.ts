import type { Bytes } from './types.ts'

/** A value has memory of its own from this part of a slab on. */
const SHARES = 4

/**
 * Memory for values of some hundred bytes that are dropped at about the same time: one piece for each takes longer than filling it. A
 * value that stays keeps its whole slab, so slabs are small.
 */
export class Slabs {
  private readonly bytes: number
  private current: Bytes
  private at = 0

  /** `bytes` of each slab. */
  constructor(bytes: number) {
    this.bytes = bytes
    this.current = new Uint8Array(bytes)
  }

  /** So many bytes that nobody else has. */
  take(length: number): Bytes {
    if (length * SHARES > this.bytes) return new Uint8Array(length)
    if (this.at + length > this.bytes) {
      this.current = new Uint8Array(this.bytes)
      this.at = 0
    }
    const start = this.at
    this.at += length
    return this.current.subarray(start, start + length)
  }

  /** The first bytes of some. */
  copy(from: Bytes, length: number): Bytes {
    const copy = this.take(length)
    // A copy by the runtime needs a view, which takes longer.
    for (let index = 0; index < length; index++) copy[index] = from[index] as number
    return copy
  }
}
