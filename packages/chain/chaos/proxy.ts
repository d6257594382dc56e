import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { createPrng } from '#primitives'
import { Pipe } from './pipe.ts'
import { CLEAN, type Direction, type Rules } from './rules.ts'

export interface LinkOptions {
  readonly name: string
  readonly seed: string
  /** Where the other end listens; asked at every connection, since a node may come back elsewhere. */
  target(): { readonly host: string; readonly port: number }
}

interface Connection {
  readonly there: Pipe
  readonly back: Pipe
}

/** A TCP link with faults: whoever connects to its port talks to the target through it. */
export interface Link {
  readonly name: string
  readonly port: number
  connections(): number
  /** Connections made so far. */
  made(): number
  bytes(direction: Direction): { readonly in: number; readonly out: number }
  /** Changes one direction, for connections there are and those that come. */
  set(direction: Direction, rules: Partial<Rules>): void
  /** Turns new connections away. */
  refuse(on: boolean): void
  /** Breaks every connection. */
  break(): void
  /** Sends the end of one direction of every connection. */
  halfClose(direction: Direction): void
  /** No more faults. */
  mend(): void
  close(): Promise<void>
}

class FaultyLink implements Link {
  readonly name: string
  private readonly options: LinkOptions
  private readonly server: Server
  private readonly open = new Set<Connection>()
  private readonly rules: Record<Direction, Rules> = { there: CLEAN, back: CLEAN }
  private readonly total: Record<Direction, { in: number; out: number }> = {
    there: { in: 0, out: 0 },
    back: { in: 0, out: 0 },
  }
  private count = 0
  private refusing = false

  constructor(options: LinkOptions) {
    this.name = options.name
    this.options = options
    this.server = createServer({ allowHalfOpen: true }, (socket) => this.accept(socket))
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port
  }

  listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject)
      this.server.listen(0, '127.0.0.1', resolve)
    })
  }

  private accept(near: Socket): void {
    if (this.refusing) {
      near.resetAndDestroy()
      return
    }
    const { host, port } = this.options.target()
    const far = connect({ host, port, allowHalfOpen: true })
    for (const socket of [near, far]) socket.setNoDelay(true)
    this.count += 1
    const prng = (direction: Direction): ReturnType<typeof createPrng> =>
      createPrng(`${this.options.seed}/${this.name}/${this.count}/${direction}`)
    const connection: Connection = {
      there: new Pipe({ from: near, to: far }, prng('there'), this.rules.there),
      back: new Pipe({ from: far, to: near }, prng('back'), this.rules.back),
    }
    this.open.add(connection)
    const gone = (): void => {
      if (!this.open.delete(connection)) return
      for (const direction of ['there', 'back'] as const) {
        this.total[direction].in += connection[direction].count.in
        this.total[direction].out += connection[direction].count.out
        connection[direction].stop()
      }
      near.destroy()
      far.destroy()
    }
    for (const socket of [near, far]) {
      socket.on('error', gone)
      socket.on('close', (failed) => {
        // Both directions have ended, or one side is gone.
        if (failed || (near.destroyed && far.destroyed)) gone()
      })
    }
  }

  connections(): number {
    return this.open.size
  }

  made(): number {
    return this.count
  }

  bytes(direction: Direction): { in: number; out: number } {
    const sum = { ...this.total[direction] }
    for (const connection of this.open) {
      sum.in += connection[direction].count.in
      sum.out += connection[direction].count.out
    }
    return sum
  }

  set(direction: Direction, rules: Partial<Rules>): void {
    this.rules[direction] = { ...CLEAN, ...rules }
    for (const connection of [...this.open]) connection[direction].set(this.rules[direction])
  }

  refuse(on: boolean): void {
    this.refusing = on
  }

  break(): void {
    for (const { there } of [...this.open]) there.break()
  }

  halfClose(direction: Direction): void {
    for (const connection of this.open) connection[direction].halfClose()
  }

  mend(): void {
    this.refusing = false
    this.set('there', CLEAN)
    this.set('back', CLEAN)
  }

  close(): Promise<void> {
    this.break()
    return new Promise((resolve) => this.server.close(() => resolve()))
  }
}

/** Opens a link on a free port of the loopback. What it does to bytes follows from the seed. */
export async function openLink(options: LinkOptions): Promise<Link> {
  const link = new FaultyLink(options)
  await link.listen()
  return link
}
