import type { Stream } from '@libp2p/interface'
import type { Bytes, Cancel, Clock } from '#primitives'
import { MAX_QUEUE_BYTES, MAX_QUEUE_MESSAGES, MAX_REOPEN_MS, REOPEN_MS, SLOW_PEER_MS } from './limits.ts'

/** Frames on their way to one peer: a bounded queue before a stream that is opened again when it closes. */
export class Outgoing {
  private readonly clock: Clock
  private readonly open: () => Promise<Stream>
  private readonly queue: Bytes[] = []
  private queuedBytes = 0
  private stream: Stream | undefined
  private opening = false
  private closed = false
  private reopenMs = REOPEN_MS
  private retry: Cancel | undefined
  /** Since when something waits without any of it leaving. */
  private stuckSinceMs: number | undefined

  constructor(clock: Clock, open: () => Promise<Stream>) {
    this.clock = clock
    this.open = open
    this.connect()
  }

  /** Takes a frame, or answers false when the peer already has too much waiting. */
  push(frame: Bytes): boolean {
    const full = this.queue.length >= MAX_QUEUE_MESSAGES || this.queuedBytes + frame.length > MAX_QUEUE_BYTES
    if (this.closed || full) return false
    this.queue.push(frame)
    this.queuedBytes += frame.length
    this.pump()
    return true
  }

  /** Whether the peer has not read for too long what waits for it. */
  isStuck(): boolean {
    return this.stuckSinceMs !== undefined && this.clock.now() - this.stuckSinceMs > SLOW_PEER_MS
  }

  waiting(): { readonly messages: number; readonly bytes: number } {
    return { messages: this.queue.length, bytes: this.queuedBytes }
  }

  close(): void {
    this.closed = true
    this.retry?.()
    this.queue.length = 0
    this.queuedBytes = 0
    this.stream?.close().catch(() => undefined)
    this.stream = undefined
  }

  private connect(): void {
    if (this.opening || this.closed) return
    this.opening = true
    this.open().then(
      (stream) => {
        this.opening = false
        if (this.closed) stream.abort(new Error('not wanted any more'))
        else this.use(stream)
      },
      () => {
        this.opening = false
        this.later()
      },
    )
  }

  private use(stream: Stream): void {
    this.stream = stream
    // A stream that is written to while it tells of being empty leaves what it was given: it is told first, then written to.
    const goOn = (): void => queueMicrotask(() => this.pump())
    stream.addEventListener('drain', goOn)
    stream.addEventListener('idle', goOn)
    stream.addEventListener('close', () => {
      if (this.stream !== stream) return
      this.stream = undefined
      this.later()
    })
    if (stream.status === 'open') this.pump()
    else if (this.stream === stream) {
      this.stream = undefined
      this.later()
    }
  }

  private later(): void {
    if (this.closed || this.retry !== undefined) return
    this.stuckSinceMs ??= this.clock.now()
    this.retry = this.clock.after(this.reopenMs, () => {
      this.retry = undefined
      this.connect()
    })
    this.reopenMs = Math.min(2 * this.reopenMs, MAX_REOPEN_MS)
  }

  /** One frame after the other, each when the one before has left: what waits, waits here, where it is counted. */
  private pump(): void {
    const stream = this.stream
    try {
      while (stream !== undefined && stream.writeBufferLength === 0 && !stream.writableNeedsDrain) {
        this.stuckSinceMs = undefined
        const frame = this.queue.shift()
        if (frame === undefined) return
        this.queuedBytes -= frame.length
        stream.send(frame)
        this.reopenMs = REOPEN_MS
      }
      this.stuckSinceMs ??= this.clock.now()
    } catch {
      // A stream that cannot be written to tells by closing.
    }
  }
}
