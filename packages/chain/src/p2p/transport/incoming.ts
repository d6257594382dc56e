import type { Stream, StreamMessageEvent } from '@libp2p/interface'
import type { Bytes, Cancel, Clock } from '#primitives'
import { type Frame, type FrameLimit, FrameReader } from './frames.ts'
import { FRAME_MS, MAX_BUSY_BYTES, MAX_BUSY_MESSAGES } from './limits.ts'

export interface IncomingEvents {
  /** A frame came; what it resolves to is waited for before too many more are read. */
  frame(frame: Frame): Promise<void> | undefined
  /** The peer broke a rule of the stream. */
  broken(error: unknown): void
}

const bytesOf = (data: StreamMessageEvent['data']): Bytes => (data instanceof Uint8Array ? data : data.subarray())

/** Reads frames from one peer's streams, no faster than they are dealt with. The newest stream counts. */
export class Incoming {
  private readonly clock: Clock
  private readonly limit: FrameLimit
  private readonly events: IncomingEvents
  private stream: Stream | undefined
  private late: Cancel | undefined
  private busy = 0
  private busyBytes = 0

  constructor(clock: Clock, limit: FrameLimit, events: IncomingEvents) {
    this.clock = clock
    this.limit = limit
    this.events = events
  }

  /** Reads from this stream from now on. */
  adopt(stream: Stream): void {
    this.close()
    this.stream = stream
    const frames = new FrameReader(this.limit)
    stream.addEventListener('message', (event) => {
      if (this.stream !== stream) return
      try {
        for (const frame of frames.push(bytesOf(event.data))) this.take(frame)
        this.watch(frames.pending() > 0)
      } catch (error) {
        stream.abort(new Error('a frame broke a limit'))
        this.events.broken(error)
      }
    })
    stream.addEventListener('remoteCloseWrite', () => {
      stream.close().catch(() => undefined)
    })
    stream.addEventListener('close', () => {
      if (this.stream === stream) this.close()
    })
  }

  close(): void {
    const stream = this.stream
    this.stream = undefined
    this.late?.()
    this.late = undefined
    if (stream !== undefined && stream.status === 'open') stream.abort(new Error('replaced'))
  }

  /** A frame that has begun must end in time. */
  private watch(begun: boolean): void {
    if (!begun) {
      this.late?.()
      this.late = undefined
    } else if (this.late === undefined) {
      this.late = this.clock.after(FRAME_MS, () => this.events.broken(new Error('a frame did not end in time')))
    }
  }

  private take(frame: Frame): void {
    this.watch(false)
    const done = this.events.frame(frame)
    if (done === undefined) return
    this.busy += 1
    this.busyBytes += frame.body.length
    if (this.isFull()) this.hold(true)
    const settle = (): void => {
      this.busy -= 1
      this.busyBytes -= frame.body.length
      if (!this.isFull()) this.hold(false)
    }
    done.then(settle, settle)
  }

  private isFull(): boolean {
    return this.busy >= MAX_BUSY_MESSAGES || this.busyBytes >= MAX_BUSY_BYTES
  }

  private hold(still: boolean): void {
    const stream = this.stream
    if (stream === undefined || stream.readStatus === 'closing' || stream.readStatus === 'closed') return
    try {
      if (still) stream.pause()
      else stream.resume()
    } catch {
      // A stream whose connection has just gone cannot be held, and need not be.
    }
  }
}
