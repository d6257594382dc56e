import type { Socket } from 'node:net'
import type { Prng } from '#primitives'
import { CLEAN, type Rules } from './rules.ts'

/** Bytes that may wait in one direction before the sender is made to wait. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024

interface Piece {
  readonly bytes: Buffer
  readonly dueMs: number
}

/** One direction of one connection. */
export class Pipe {
  /** Bytes that came in, and that went out. */
  readonly count: { in: number; out: number } = { in: 0, out: 0 }
  private readonly from: Socket
  private readonly to: Socket
  private readonly prng: Prng
  private rules: Rules = CLEAN
  private queue: Piece[] = []
  private waiting = 0
  private timer: NodeJS.Timeout | undefined
  private ended = false
  private stallUntil = 0
  private freeAt = 0
  private touched = false

  constructor(ends: { readonly from: Socket; readonly to: Socket }, prng: Prng, rules: Rules) {
    this.from = ends.from
    this.to = ends.to
    this.prng = prng
    this.rules = rules
    this.from.on('data', (bytes: Buffer) => this.take(bytes))
    this.from.on('end', () => {
      this.ended = true
      this.pump()
    })
    this.to.on('drain', () => this.pump())
  }

  set(rules: Rules): void {
    const cut = this.rules.swallow && !rules.swallow && this.touched
    this.rules = rules
    if (cut) this.break()
    else this.pump()
  }

  /** Sends the end of this direction, and leaves the other one open. */
  halfClose(): void {
    this.to.end()
  }

  break(): void {
    this.stop()
    this.from.resetAndDestroy()
    this.to.resetAndDestroy()
  }

  stop(): void {
    clearTimeout(this.timer)
    this.queue = []
  }

  private chance(thousandths: number): boolean {
    return thousandths > 0 && this.prng.int(1000) < thousandths
  }

  private take(bytes: Buffer): void {
    this.count.in += bytes.length
    const { rules } = this
    if (rules.swallow) {
      this.touched = true
      return
    }
    if (this.chance(rules.breakChance)) {
      this.break()
      return
    }
    if (this.chance(rules.stallChance)) this.stallUntil = Date.now() + rules.stallMs
    this.push(this.chance(rules.corruptChance) ? this.flipped(bytes) : bytes)
    if (this.chance(rules.duplicateChance)) this.push(bytes)
    if (this.chance(rules.reorderChance)) this.swapLast()
    if (this.waiting > MAX_WAITING_BYTES) this.from.pause()
    this.pump()
  }

  private flipped(bytes: Buffer): Buffer {
    const copy = Buffer.from(bytes)
    const at = this.prng.int(copy.length)
    copy[at] = (copy[at] ?? 0) ^ (1 << this.prng.int(8))
    return copy
  }

  private push(bytes: Buffer): void {
    const { delayMs, jitterMs } = this.rules
    const shift = jitterMs > 0 ? this.prng.int(2 * jitterMs + 1) - jitterMs : 0
    const due = Date.now() + Math.max(delayMs + shift, 0)
    this.queue.push({ bytes, dueMs: Math.max(due, this.queue.at(-1)?.dueMs ?? 0) })
    this.waiting += bytes.length
  }

  private swapLast(): void {
    const [a, b] = [this.queue.at(-1), this.queue.at(-2)]
    if (a === undefined || b === undefined) return
    this.queue.splice(-2, 2, { ...a, dueMs: b.dueMs }, { ...b, dueMs: a.dueMs })
  }

  /** Writes what is due, then sleeps until the next piece is. */
  private pump(): void {
    clearTimeout(this.timer)
    if (this.rules.hold) return
    for (;;) {
      const piece = this.queue[0]
      if (piece === undefined) break
      const wait = Math.max(piece.dueMs, this.stallUntil, this.freeAt) - Date.now()
      if (wait > 0) {
        this.timer = setTimeout(() => this.pump(), wait)
        return
      }
      if (this.to.writableNeedDrain) return
      this.queue.shift()
      this.waiting -= piece.bytes.length
      this.write(piece.bytes)
    }
    if (this.waiting <= MAX_WAITING_BYTES / 2) this.from.resume()
    if (this.ended && !this.to.writableEnded) this.to.end()
  }

  private write(bytes: Buffer): void {
    const { bytesPerSecond, truncateAfter, deafAfter } = this.rules
    if (bytesPerSecond > 0) this.freeAt = Date.now() + (bytes.length * 1000) / bytesPerSecond
    const limit = truncateAfter > 0 ? truncateAfter : deafAfter
    const passing = limit > 0 ? bytes.subarray(0, Math.max(limit - this.count.out, 0)) : bytes
    this.count.out += passing.length
    if (passing.length > 0 && !this.to.destroyed && !this.to.writableEnded) this.to.write(passing)
    if (truncateAfter > 0 && this.count.out >= truncateAfter) this.to.end()
  }
}
