import type { Stream } from '@libp2p/interface'
import type { Bytes, Clock } from '#primitives'
import { TransportError } from './errors.ts'
import { encodeFrame, type Frame } from './frames.ts'
import { Incoming } from './incoming.ts'
import { SILENCE_MS } from './limits.ts'
import { Outgoing } from './outgoing.ts'
import type { ClockReading } from './types.ts'
import { decodeAddresses, decodePong, encodeAddresses, encodePing, encodePong, FRAME, wireLimit } from './wire.ts'

export interface LinkEvents {
  /** Whether the peer may send this now; a frame it may not send is not looked at. */
  allows(type: number, body: Bytes): boolean
  message(message: Bytes): Promise<void> | undefined
  /** The peer asks where others are. */
  asked(): readonly string[]
  /** The peer says where others are. */
  told(addresses: readonly string[]): void
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
  private reading: ClockReading | undefined
  private askedMs: number | undefined
  private awaiting = false

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

  /** How far this node's clock is ahead of the peer's. */
  clockReading(): ClockReading | undefined {
    return this.reading
  }

  waiting(): { readonly messages: number; readonly bytes: number } {
    return this.outgoing.waiting()
  }

  /** Asks where other peers are, unless it has within this time. */
  ask(waitMs: number): void {
    const now = this.clock.now()
    if (this.askedMs !== undefined && now - this.askedMs < waitMs) return
    this.askedMs = now
    this.awaiting = true
    this.outgoing.push(encodeFrame(FRAME.ask, new Uint8Array(0)))
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
    this.outgoing.push(encodeFrame(FRAME.ping, encodePing(this.pingNumber)))
  }

  close(): void {
    this.outgoing.close()
    this.incoming.close()
  }

  private take({ type, body }: Frame): Promise<void> | undefined {
    this.heardMs = this.clock.now()
    if (!this.events.allows(type, body)) return undefined
    switch (type) {
      case FRAME.message:
        return this.events.message(body)
      case FRAME.ping:
        this.outgoing.push(encodeFrame(FRAME.pong, encodePong(body, this.clock.now())))
        return undefined
      case FRAME.ask:
        this.outgoing.push(encodeFrame(FRAME.addresses, encodeAddresses(this.events.asked())))
        return undefined
      case FRAME.addresses:
        if (!this.awaiting) throw new TransportError('transport.frameMalformed', 'Addresses nobody asked for')
        this.awaiting = false
        this.events.told(decodeAddresses(body))
        return undefined
      default:
        this.takePong(body)
        return undefined
    }
  }

  private takePong(body: Bytes): void {
    const answer = decodePong(body, this.pingNumber)
    if (answer === undefined || this.pingedMs === undefined) return
    const took = this.clock.now() - this.pingedMs
    // The peer looked at its clock at some moment in between. A clock that was set back meanwhile tells nothing.
    if (answer.timeMs !== undefined && took >= 0) {
      this.reading = { aheadMs: this.pingedMs + took / 2 - answer.timeMs, errorMs: took / 2 }
    }
    this.latency = Math.max(took, 0)
    this.pingedMs = undefined
  }
}
