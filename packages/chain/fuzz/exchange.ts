import { connect, type Socket } from 'node:net'
import type { Bytes } from '#primitives'

/** Longest wait for an answer that must come. */
const ANSWER_MS = 5_000
/** Turns of the loop without a byte after which nothing more comes: server and attacker share the loop, so its own work is done. */
const IDLE_TURNS = 25
const MAX_ANSWER_BYTES = 4 * 1024 * 1024

export interface Exchange {
  readonly bytes: Bytes
  /** Sent in two parts, cut here. */
  readonly cut: number
  /** Whether the bytes are whole, so that an answer or the end of the connection must come. */
  readonly whole: boolean
}

export interface Heard {
  readonly text: string
  /** An answer had to come, and neither it nor the end of the connection did. */
  readonly ignored: boolean
}

const INTERIM = 'HTTP/1.1 100'

/** How long an answer over HTTP is in all, once its head is there. An open WebSocket has no end of its own. */
function lengthOf(text: string): number | undefined {
  const end = text.indexOf('\r\n\r\n')
  if (end < 0 || !text.startsWith('HTTP/1.1 ')) return undefined
  const head = end + 4
  if (text.startsWith(INTERIM)) {
    const rest = lengthOf(text.slice(head))
    return rest === undefined ? undefined : head + rest
  }
  if (text.startsWith('HTTP/1.1 101')) return Number.POSITIVE_INFINITY
  return head + Number(/\r\ncontent-length: ([0-9]+)/i.exec(text.slice(0, end + 2))?.[1] ?? 0)
}

/** One connection: what is written, and what comes back until it is whole, ends, or nothing more can come. */
class Conversation {
  private readonly socket: Socket
  private readonly options: Exchange
  private readonly chunks: Buffer[] = []
  private size = 0
  private idle = 0
  /** Bytes of the whole answer, once they are known. Read from the head alone: a large answer must not cost the loop anything here. */
  private due: number | undefined
  private settled = false
  private readonly timer: NodeJS.Timeout
  private readonly resolve: (heard: Heard) => void

  constructor(port: number, options: Exchange, done: { resolve(heard: Heard): void; reject(error: Error): void }) {
    this.options = options
    this.resolve = done.resolve
    this.socket = connect(port, '127.0.0.1')
    this.timer = setTimeout(() => this.finish(this.size === 0), ANSWER_MS)
    this.socket.on('connect', () => this.write())
    this.socket.on('data', (chunk) => this.take(chunk))
    this.socket.on('close', () => this.finish(false))
    this.socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ECONNREFUSED') return this.finish(false)
      clearTimeout(this.timer)
      this.settled = true
      done.reject(error)
    })
  }

  private write(): void {
    const { bytes, cut } = this.options
    this.socket.setNoDelay(true)
    this.socket.write(bytes.subarray(0, cut))
    setImmediate(() => {
      if (!this.socket.destroyed) this.socket.write(bytes.subarray(cut), () => this.turn())
    })
  }

  private take(chunk: Buffer): void {
    this.chunks.push(chunk)
    this.size += chunk.length
    this.idle = 0
    this.due ??= lengthOf(this.text())
    if (this.size >= Math.min(this.due ?? MAX_ANSWER_BYTES, MAX_ANSWER_BYTES)) this.finish(false)
  }

  /** Counts turns of the loop; an answer that must come is waited for by the clock. */
  private turn(): void {
    if (this.settled) return
    this.idle += 1
    const isDue = this.options.whole && this.size === 0
    if (this.idle > IDLE_TURNS && !isDue) this.finish(false)
    else if (this.idle > IDLE_TURNS) setTimeout(() => this.turn(), 1)
    else setImmediate(() => this.turn())
  }

  private text(): string {
    return Buffer.concat(this.chunks).toString('latin1')
  }

  private finish(ignored: boolean): void {
    if (this.settled) return
    this.settled = true
    clearTimeout(this.timer)
    this.socket.destroy()
    this.resolve({ text: this.text(), ignored: ignored && this.options.whole })
  }
}

/** Sends bytes over a connection of their own. Rejects only when nobody listens. */
export const exchange = (port: number, options: Exchange): Promise<Heard> =>
  new Promise((resolve, reject) => {
    new Conversation(port, options, { resolve, reject })
  })
