import { AelfError, type Cancel, type Clock, type Logger, type Rng } from '#primitives'
import { isPlausible, type PeerAddress, placeOf, type Reach } from './addresses.ts'
import { Bans } from './bans.ts'
import { Book } from './book.ts'
import { type BookStore, decodeBook, encodeBook } from './bookFile.ts'
import { some } from './chance.ts'
import { Dialer } from './dialer.ts'
import { ASK_MS, MAX_ANCHORS, MAX_SHARED_ADDRESSES, SAVE_MS } from './limits.ts'
import type { Session } from './sessions.ts'

export interface NeighboursOptions {
  readonly self: string
  readonly configured: readonly PeerAddress[]
  readonly outbound: number
  readonly maxPeers: number
}

export interface NeighboursDeps {
  readonly clock: Clock
  readonly rng: Rng
  readonly logger: Logger
  readonly store: BookStore | undefined
  /** Peers that are connected. */
  sessions(): readonly Session[]
  isConnected(peer: string): boolean
  dial(peer: PeerAddress): Promise<unknown>
}

const reachOf = (address: string): Reach => placeOf(address)?.reach ?? 'public'

/** Which peers a node knows, keeps away, and looks for; remembered between starts. */
export class Neighbours {
  readonly bans: Bans
  private readonly options: NeighboursOptions
  private readonly deps: NeighboursDeps
  private readonly book: Book
  private readonly dialer: Dialer
  private saving: Cancel | undefined
  private saved = ''

  constructor(options: NeighboursOptions, deps: NeighboursDeps) {
    this.options = options
    this.deps = deps
    this.bans = new Bans(deps.clock, new Set(options.configured.map(({ id }) => id)))
    this.book = new Book(options.self, deps)
    this.dialer = new Dialer(options, {
      ...deps,
      book: this.book,
      isConnected: (peer) => deps.isConnected(peer),
      isBanned: (peer) => this.bans.isBanned(peer),
      outbound: () => this.outbound(),
      hasRoom: () => deps.sessions().length < options.maxPeers,
      dial: (peer) => deps.dial(peer),
    })
  }

  async start(): Promise<void> {
    await this.load()
    this.dialer.start()
    const round = (): void => {
      this.saving = this.deps.clock.after(SAVE_MS, round)
      const waitMs = this.outbound().count < this.options.outbound ? SAVE_MS / 2 : ASK_MS
      for (const { link } of this.deps.sessions()) link.ask(waitMs)
      void this.save()
    }
    this.saving = this.deps.clock.after(SAVE_MS, round)
  }

  async stop(): Promise<void> {
    this.dialer.stop()
    this.saving?.()
    await this.save()
  }

  /** A peer is connected and belongs to the network. */
  came({ id, direction, address, hello, link }: Session): void {
    const place = placeOf(address)
    if (direction === 'out') this.book.reached(id, this.dialedAddress(id, address))
    if (place !== undefined) this.book.introduced(id, hello.addresses, place)
    link.ask(ASK_MS)
  }

  /** A handshake with a peer failed for good. */
  foreign(id: string): void {
    this.book.forget(id)
  }

  /** Where others are, for a peer that asks: what was reached, and what connected peers say of themselves and cannot have made up. */
  share(session: Session): string[] {
    const reach = reachOf(session.address)
    const reached = this.book
      .all()
      .flatMap(({ tried, failures, addresses: [first] }) => (tried && failures === 0 ? (first ?? []) : []))
    const present = this.deps.sessions().flatMap(({ id, address, hello }) => {
      const host = placeOf(address)?.host
      return hello.addresses.filter(
        (one) => one.endsWith(`/p2p/${id}`) && host !== undefined && placeOf(one)?.host === host,
      )
    })
    const known = [...new Set([...reached, ...present])].filter(
      (address) => !address.endsWith(`/p2p/${session.id}`) && isPlausible(reach, reachOf(address)),
    )
    return some(this.deps.rng, known, MAX_SHARED_ADDRESSES)
  }

  /** A peer said where others are. */
  told(session: Session, addresses: readonly string[]): void {
    const place = placeOf(session.address)
    if (place !== undefined) this.book.learn(addresses, place)
  }

  known(): { readonly tried: number; readonly fresh: number } {
    return this.book.size()
  }

  private outbound(): { readonly count: number; readonly groups: ReadonlySet<string> } {
    const own = this.deps.sessions().filter(({ direction }) => direction === 'out')
    return { count: own.length, groups: new Set(own.flatMap(({ address }) => placeOf(address)?.group ?? [])) }
  }

  /** A connection's address may lack the peer's id. */
  private dialedAddress(id: string, address: string): string {
    return address.includes('/p2p/') ? address : `${address}/p2p/${id}`
  }

  private async load(): Promise<void> {
    try {
      const text = await this.deps.store?.load()
      if (text === undefined) return
      const { peers, bans } = decodeBook(text)
      for (const peer of peers) this.book.restore(peer)
      this.bans.restore(bans)
    } catch (error) {
      const code = error instanceof AelfError ? error.code : undefined
      this.deps.logger.warn('The book of peers could not be read; a new one is begun', { code, reason: String(error) })
    }
  }

  private async save(): Promise<void> {
    if (this.deps.store === undefined) return
    const own = this.deps.sessions().filter(({ direction }) => direction === 'out')
    if (own.length > 0) this.book.anchor(new Set(own.slice(0, MAX_ANCHORS).map(({ id }) => id)))
    const text = encodeBook({ peers: this.book.all(), bans: this.bans.kept() })
    if (text === this.saved) return
    try {
      await this.deps.store.save(text)
      this.saved = text
    } catch (error) {
      this.deps.logger.warn('The book of peers could not be kept', { reason: String(error) })
    }
  }
}
