import type { Connection, Stream } from '@libp2p/interface'
import type { Bytes, Cancel, Clock, Hash, Logger } from '#primitives'
import { endConnection } from './endConnection.ts'
import { TransportError } from './errors.ts'
import { introduce, receive, refusalOf } from './handshake.ts'
import { ARRIVAL_MS, HANDSHAKE_MS, MAX_WAITING_STREAMS } from './limits.ts'
import { Link } from './link.ts'
import { HELLO_PROTOCOL, type Hello, type Refusal } from './wire.ts'

/** A peer that belongs to the network and is connected. */
export interface Session {
  readonly id: string
  readonly direction: 'in' | 'out'
  readonly address: string
  readonly hello: Hello
  readonly connectedAtMs: number
  readonly link: Link
}

export interface SessionsOptions {
  readonly genesis: Hash
  /** Protocol of direct messages. */
  readonly protocol: string
  hello(): Hello
  /** Why a peer of this network is not taken now. */
  refuse(peer: string, direction: 'inbound' | 'outbound'): Refusal | undefined
}

export interface SessionsEvents {
  /** A peer belongs to the network. */
  admitted(session: Session): void
  /** It is here: what is broadcast reaches it. */
  came(session: Session): void
  went(session: Session): void
  allows: (peer: string, type: number, body: Bytes) => boolean
  message(peer: string, message: Bytes): Promise<void> | undefined
  asked(session: Session): readonly string[]
  told(session: Session, addresses: readonly string[]): void
  broken(peer: string, error: unknown): void
  /** A handshake failed, on the connection that it was about. */
  failed(peer: string, error: unknown): void
}

/** Gossip needs a stream to the peer, the peer's word for what it wants to hear, and that both pass on to each other. */
export type GossipWay = 'stream' | 'subscription' | 'mesh'

interface Entry {
  readonly connections: Set<Connection>
  session: Session | undefined
  /** Whether others were told of the peer. */
  here: boolean
  /** What gossip with the peer still lacks. */
  readonly lacking: Set<GossipWay>
  waiting: ((admitted: boolean) => void)[]
}

const fresh = (): Entry => ({
  connections: new Set(),
  session: undefined,
  here: false,
  lacking: new Set<GossipWay>(['stream', 'subscription', 'mesh']),
  waiting: [],
})

const CLOSED = new Error('connection not wanted')

/** Which peers are connected, which of them belong to this network, and the link to each of those. */
export class Sessions {
  private readonly entries = new Map<string, Entry>()
  private readonly replaced = new WeakSet<Connection>()
  private readonly options: SessionsOptions
  private readonly deps: { readonly clock: Clock; readonly logger: Logger }
  private readonly events: SessionsEvents
  private stopped = false

  constructor(options: SessionsOptions, deps: { clock: Clock; logger: Logger }, events: SessionsEvents) {
    this.options = options
    this.deps = deps
    this.events = events
  }

  get(peer: string): Session | undefined {
    return this.entries.get(peer)?.session
  }

  all(): Session[] {
    return [...this.entries.values()].flatMap(({ session, here }) => (session !== undefined && here ? session : []))
  }

  /** All that were admitted, those included that are not quite here. */
  admittedAll(): Session[] {
    return [...this.entries.values()].flatMap(({ session }) => session ?? [])
  }

  isConnected(peer: string): boolean {
    return this.entries.has(peer)
  }

  /** Resolves once it is known whether the peer belongs to the network. */
  admitted(peer: string): Promise<boolean> {
    const entry = this.entries.get(peer)
    if (entry?.session !== undefined) return Promise.resolve(true)
    if (entry === undefined || entry.waiting.length >= MAX_WAITING_STREAMS) return Promise.resolve(false)
    return new Promise((resolve) => entry.waiting.push(resolve))
  }

  opened(connection: Connection): void {
    const id = connection.remotePeer.toString()
    // A peer that connects again the same way has lost what there was before, or is another process: it is met anew.
    const before = [...(this.entries.get(id)?.connections ?? [])]
    if (before.some(({ direction }) => direction === connection.direction)) {
      for (const other of before) this.replace(other)
    }
    const entry = this.entries.get(id) ?? fresh()
    this.entries.set(id, entry)
    entry.connections.add(connection)
    if (connection.direction === 'outbound') this.introduceOn(connection)
    else this.expectHello(connection)
  }

  closed(connection: Connection): void {
    const id = connection.remotePeer.toString()
    const entry = this.entries.get(id)
    if (entry === undefined || !entry.connections.delete(connection) || entry.connections.size > 0) return
    this.entries.delete(id)
    for (const resolve of entry.waiting.splice(0)) resolve(false)
    const { session } = entry
    session?.link.close()
    if (session !== undefined && entry.here) this.events.went(session)
  }

  /** Parts from a peer at once. */
  drop(peer: string): void {
    for (const connection of [...(this.entries.get(peer)?.connections ?? [])]) endConnection(connection, CLOSED)
  }

  /** What a peer opened to send direct messages on. */
  async takeStream(stream: Stream, connection: Connection): Promise<void> {
    const id = connection.remotePeer.toString()
    const session = (await this.admitted(id)) ? this.get(id) : undefined
    if (session === undefined) stream.abort(CLOSED)
    else session.link.adopt(stream)
  }

  /** What a peer opened to introduce itself on. */
  async takeHello(stream: Stream, connection: Connection): Promise<void> {
    const id = connection.remotePeer.toString()
    try {
      const hello = await receive(stream, () => this.options.hello(), {
        clock: this.deps.clock,
        judge: (said) => refusalOf(said, this.options.genesis) ?? this.options.refuse(id, connection.direction),
      })
      await stream.close().catch(() => undefined)
      this.admit(connection, hello)
    } catch (error) {
      this.events.failed(id, error)
      await this.part(connection, stream)
    }
  }

  /** Gossip on this connection has ended: a peer with whom there is no gossip is better met anew. */
  gossipEnded(connection: Connection): void {
    if (!this.stopped && !this.replaced.has(connection)) this.drop(connection.remotePeer.toString())
  }

  /** A peer is here when what is broadcast and passed on reaches it, when it speaks first, or after a while. */
  gossipReady(peer: string, way: GossipWay): void {
    const entry = this.entries.get(peer)
    if (entry?.lacking.delete(way) === true && entry.lacking.size === 0) this.arrive(peer)
  }

  arrive(peer: string): void {
    const entry = this.entries.get(peer)
    if (entry?.session === undefined || entry.here) return
    entry.here = true
    this.events.came(entry.session)
  }

  tick(): void {
    for (const { session } of this.entries.values()) session?.link.tick()
  }

  stop(): void {
    this.stopped = true
    for (const { session } of this.entries.values()) session?.link.close()
  }

  private replace(connection: Connection): void {
    this.replaced.add(connection)
    endConnection(connection, CLOSED)
    this.closed(connection)
  }

  private introduceOn(connection: Connection): void {
    const run = async (): Promise<void> => {
      const stream = await connection.newStream(HELLO_PROTOCOL, { signal: AbortSignal.timeout(HANDSHAKE_MS) })
      try {
        const hello = await introduce(stream, this.options.hello(), this.deps.clock)
        await stream.close().catch(() => undefined)
        this.admit(connection, hello)
      } catch (error) {
        stream.abort(CLOSED)
        throw error
      }
    }
    run().catch((error: unknown) => {
      this.events.failed(connection.remotePeer.toString(), error)
      endConnection(connection, CLOSED)
    })
  }

  private expectHello(connection: Connection): void {
    const id = connection.remotePeer.toString()
    const cancel: Cancel = this.deps.clock.after(HANDSHAKE_MS, () => {
      if (this.get(id) !== undefined || connection.status !== 'open') return
      this.events.failed(id, new TransportError('transport.handshake', 'The peer did not introduce itself in time'))
      endConnection(connection, CLOSED)
    })
    connection.addEventListener('close', cancel)
  }

  private admit(connection: Connection, hello: Hello): void {
    const id = connection.remotePeer.toString()
    const entry = this.entries.get(id)
    if (entry === undefined || entry.session !== undefined || !entry.connections.has(connection) || this.stopped) return
    const link = new Link(
      { clock: this.deps.clock, open: () => this.openStream(id) },
      {
        allows: (type, body) => this.events.allows(id, type, body),
        message: (message) => {
          this.arrive(id)
          return this.events.message(id, message)
        },
        asked: () => this.events.asked(session),
        told: (addresses) => this.events.told(session, addresses),
        broken: (error) => this.events.broken(id, error),
        dead: (reason) => {
          this.deps.logger.info('A peer is parted from', { peer: id, reason })
          this.drop(id)
        },
      },
    )
    const session: Session = {
      id,
      direction: connection.direction === 'outbound' ? 'out' : 'in',
      address: connection.remoteAddr.toString(),
      hello,
      connectedAtMs: this.deps.clock.now(),
      link,
    }
    entry.session = session
    for (const resolve of entry.waiting.splice(0)) resolve(true)
    this.events.admitted(session)
    if (entry.lacking.size === 0) this.arrive(id)
    else this.deps.clock.after(ARRIVAL_MS, () => this.arrive(id))
  }

  private async openStream(peer: string): Promise<Stream> {
    const open = [...(this.entries.get(peer)?.connections ?? [])].find(({ status }) => status === 'open')
    if (open === undefined) throw new TransportError('transport.handshake', 'No connection to the peer')
    return open.newStream(this.options.protocol, { signal: AbortSignal.timeout(HANDSHAKE_MS) })
  }

  /** Closes a connection after what was written has left. */
  private async part(connection: Connection, stream: Stream): Promise<void> {
    await stream.close({ signal: AbortSignal.timeout(HANDSHAKE_MS) }).catch(() => undefined)
    await connection.close().catch(() => endConnection(connection, CLOSED))
  }
}
