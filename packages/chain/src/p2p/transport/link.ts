import type { Stream } from '@libp2p/interface'
import type { Bytes, Clock } from '#primitives'
import { encodeFrame, type Frame } from './frames.ts'
import { Incoming } from './incoming.ts'
import { SILENCE_MS } from './limits.ts'
import { Outgoing } from './outgoing.ts'
import { FRAME, wireLimit } from './wire.ts'

export interface LinkEvents {
  message(message: Bytes): Promise<void> | undefined
  /** The peer sent what no honest node sends. */
  broken(error: unknown): void
  /** The peer reads nothing, or says nothing. */
  dead(reason: 'slow' | 'silent'): void
}

export interface LinkOptions {
  readonly clock: Clock
  /** Opens a stream to the peer. */
  open(): Promise<Stream>
}

/** What a node and one peer say to each other directly: one stream each way, with a sign of life now and then. */
export class Link {
  private readonly clock: Clock
  private readonly events: LinkEvents
  private readonly outgoing: Outgoing
  private readonly incoming: Incoming
  private heardMs: number
  private pingNumber = 0
  private pingedMs: number | undefined
  private latency: number | undefined

  constructor(options: LinkOptions, events: LinkEvents) {
    this.clock = options.clock
    this.events = events
    this.heardMs = this.clock.now()
    this.outgoing = new Outgoing(this.clock, () => options.open())
    this.incoming = new Incoming(this.clock, wireLimit, {
      frame: (frame) => this.take(frame),
      broken: (error) => events.broken(error),
    })
  }

  adopt(stream: Stream): void {
    this.incoming.adopt(stream)
  }

  /** Whether there was room for the message. */
  send(message: Bytes): boolean {
    return this.outgoing.push(encodeFrame(FRAME.message, message))
  }

  latencyMs(): number | undefined {
    return this.latency
  }

  waiting(): { readonly messages: number; readonly bytes: number } {
    return this.outgoing.waiting()
  }

  /** Asks for a sign of life, and looks whether the last one came. */
  tick(): void {
    const silent = this.clock.now() - this.heardMs > SILENCE_MS
    if (silent || this.outgoing.isStuck()) {
      this.events.dead(silent ? 'silent' : 'slow')
      return
    }
    this.pingNumber += 1
    this.pingedMs = this.clock.now()
    this.outgoing.push(encodeFrame(FRAME.ping, this.pingBody()))
  }

  close(): void {
    this.outgoing.close()
    this.incoming.close()
  }

  private pingBody(): Bytes {
    const body = new Uint8Array(8)
    new DataView(body.buffer).setUint32(4, this.pingNumber)
    return body
  }

  private take({ type, body }: Frame): Promise<void> | undefined {
    this.heardMs = this.clock.now()
    switch (type) {
      case FRAME.message:
        return this.events.message(body)
      case FRAME.ping:
        this.outgoing.push(encodeFrame(FRAME.pong, body))
        return undefined
      default: {
        const sent = this.pingBody()
        const answers = body.length === sent.length && body.every((byte, index) => byte === sent[index])
        if (answers && this.pingedMs !== undefined) {
          this.latency = Math.max(this.clock.now() - this.pingedMs, 0)
          this.pingedMs = undefined
        }
        return undefined
      }
    }
  }
}
