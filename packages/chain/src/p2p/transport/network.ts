import type { Connection, Stream } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { MAX_MESSAGE_BYTES, messageKind, P2pError } from '#p2p'
import type { Bytes, Cancel, Net, Verdict } from '#primitives'
import { farthestFirst, parsePeerAddress } from './addresses.ts'
import { Admission } from './admission.ts'
import type { BanView } from './bans.ts'
import { Conducts } from './conduct.ts'
import { Counters, type TrafficCounters } from './counters.ts'
import { TransportError } from './errors.ts'
import { type GossipKind, publish, subscribe } from './gossip.ts'
import { createHost, type Host } from './host.ts'
import {
  DEFAULT_MAX_PEERS,
  HANDSHAKE_MS,
  MAX_STREAMS_PER_PROTOCOL,
  OUTBOUND_PEERS,
  PING_MS,
  PROTOCOL_VERSION,
} from './limits.ts'
import { Neighbours, type NeighboursOptions } from './neighbours.ts'
import { Sessions } from './sessions.ts'
import type { Libp2pNetwork, Libp2pNetworkDeps, Libp2pNetworkOptions, PeerView } from './types.ts'
import { Verdicts } from './verdicts.ts'
import { HELLO_PROTOCOL, networkName } from './wire.ts'

type PeerHandler = Parameters<Net['onPeer']>[0]

class Network implements Libp2pNetwork {
  readonly net: Net
  readonly peerId: string
  private readonly options: Libp2pNetworkOptions
  private readonly deps: Libp2pNetworkDeps
  private readonly name: string
  private readonly tally = new Counters()
  private readonly sessions: Sessions
  private readonly neighbours: Neighbours
  private readonly admission: Admission
  private readonly conducts: Conducts
  private readonly verdicts: Verdicts
  private readonly watchers = new Set<PeerHandler>()
  private host: Host | undefined
  private ticking: Cancel | undefined

  constructor(options: Libp2pNetworkOptions, deps: Libp2pNetworkDeps) {
    this.options = options
    this.deps = deps
    this.name = networkName(options.genesis)
    this.peerId = options.identity.peerId
    const configured = (options.peers ?? []).map(parsePeerAddress).filter(({ id }) => id !== this.peerId)
    const maxPeers = options.maxPeers ?? DEFAULT_MAX_PEERS
    const outbound = Math.min(OUTBOUND_PEERS, Math.floor(maxPeers / 2))
    this.verdicts = new Verdicts(deps.clock, deps.logger, (reason) => this.tally.dropped(reason))
    this.sessions = this.createSessions()
    this.neighbours = this.createNeighbours({ self: this.peerId, configured, outbound, maxPeers })
    this.admission = new Admission(
      { configured: new Set(configured.map(({ id }) => id)), maxPeers, outbound, perGroup: options.inboundPerGroup },
      { clock: deps.clock, bans: this.neighbours.bans, sessions: () => this.sessions.admittedAll() },
    )
    this.conducts = new Conducts({
      clock: deps.clock,
      logger: deps.logger,
      counters: this.tally,
      bans: () => this.neighbours.bans,
      drop: (peer) => this.sessions.drop(peer),
    })
    this.net = this.createNet()
  }

  async start(): Promise<void> {
    const host = await this.createHost()
    this.host = host
    host.addEventListener('connection:open', ({ detail }) => this.sessions.opened(detail))
    host.addEventListener('connection:close', ({ detail }) => this.sessions.closed(detail))
    host.addEventListener('peer:disconnect', ({ detail }) => {
      // What is worth remembering of peers is kept elsewhere, bounded.
      if (!this.sessions.isConnected(detail.toString())) host.peerStore.delete(detail).catch(() => undefined)
    })
    const limits = { maxInboundStreams: MAX_STREAMS_PER_PROTOCOL, maxOutboundStreams: MAX_STREAMS_PER_PROTOCOL }
    await host.handle(HELLO_PROTOCOL, (stream, connection) => this.sessions.takeHello(stream, connection), limits)
    await host.handle(this.protocol(), (stream, connection) => this.sessions.takeStream(stream, connection), limits)
    try {
      await host.start()
    } catch (cause) {
      await host.stop()
      throw new TransportError('transport.listen', `Cannot listen on ${this.options.listen.join(', ')}`, { cause })
    }
    const { pubsub } = host.services
    pubsub.addEventListener('subscription-change', ({ detail }) => {
      if (detail.subscriptions.length > 0) this.sessions.gossipReady(detail.peerId.toString(), 'subscription')
    })
    pubsub.addEventListener('gossipsub:graft', ({ detail }) => this.sessions.gossipReady(detail.peerId, 'mesh'))
    subscribe(pubsub, this.name)
    await this.neighbours.start()
    const tick = (): void => {
      this.ticking = this.deps.clock.after(PING_MS, tick)
      this.sessions.tick()
    }
    tick()
  }

  listenAddresses(): string[] {
    return this.running()
      .getMultiaddrs()
      .map((address) => address.toString())
  }

  peers(): PeerView[] {
    return this.sessions.all().map(({ id, address, direction, connectedAtMs, hello, link }) => ({
      id,
      address,
      direction,
      agent: hello.agent,
      connectedAtMs,
      score: this.conducts.scoreOf(id),
      latencyMs: link.latencyMs() ?? null,
      clock: link.clockReading() ?? null,
      height: hello.height,
    }))
  }

  bans(): BanView[] {
    return this.neighbours.bans.list()
  }

  counters(): TrafficCounters {
    return this.tally.read()
  }

  async stop(): Promise<void> {
    this.ticking?.()
    await this.neighbours.stop()
    this.sessions.stop()
    await this.host?.stop()
  }

  private running(): Host {
    if (this.host === undefined) throw new TransportError('transport.listen', 'The network has not started')
    return this.host
  }

  private protocol(): string {
    return `${this.name}/direct`
  }

  private createSessions(): Sessions {
    const { genesis, agent = 'aelf' } = this.options
    const { clock, logger, headHeight } = this.deps
    const hello = () => ({
      version: PROTOCOL_VERSION,
      genesis,
      height: headHeight(),
      agent,
      addresses: farthestFirst(this.listenAddresses()),
    })
    const tell = (peer: string, here: boolean): void => {
      logger.info(here ? 'A peer is connected' : 'A peer is gone', { peer })
      for (const watcher of this.watchers) watcher(peer, here)
    }
    return new Sessions(
      {
        genesis,
        protocol: this.protocol(),
        hello,
        refuse: (peer, direction) => this.admission.refuse(peer, direction),
      },
      { clock, logger },
      {
        admitted: (session) => {
          this.neighbours.came(session)
          // How far away it is, and what its clock says, is known from the beginning.
          session.link.tick()
        },
        came: ({ id }) => tell(id, true),
        went: ({ id }) => tell(id, false),
        allows: (peer, type, body) => this.conducts.allowsFrame(peer, type, body),
        message: (peer, message) => this.take(peer, message).then(() => undefined),
        asked: (session) => this.neighbours.share(session),
        told: (session, addresses) => this.neighbours.told(session, addresses),
        broken: (peer, error) => this.conducts.broken(peer, error),
        failed: (peer, error) => this.failed(peer, error),
      },
    )
  }

  private createNeighbours(options: NeighboursOptions): Neighbours {
    const { clock, rng, logger, book } = this.deps
    return new Neighbours(options, {
      clock,
      rng,
      logger,
      store: book,
      sessions: () => this.sessions.admittedAll(),
      isConnected: (peer) => this.sessions.isConnected(peer),
      dial: async ({ id, address }) => {
        await this.running().dial(multiaddr(address), { signal: AbortSignal.timeout(HANDSHAKE_MS) })
        if (!(await this.sessions.admitted(id))) throw new TransportError('transport.refused', 'No handshake')
      },
    })
  }

  private createNet(): Net {
    return {
      broadcast: (message) => this.broadcast(message),
      send: (peer, message) => {
        checkSize(message)
        this.send(peer, message)
      },
      onMessage: (handler) => this.verdicts.listen(handler),
      onPeer: (handler): Cancel => {
        this.watchers.add(handler)
        return () => this.watchers.delete(handler)
      },
      judge: (peer, conduct) => this.conducts.judge(peer, conduct),
      peers: () => this.sessions.all().map(({ id }) => id),
    }
  }

  private send(peer: string, message: Bytes): void {
    const link = this.sessions.get(peer)?.link
    if (link === undefined) this.tally.dropped('notConnected')
    else if (link.send(message)) this.tally.message('out', messageKind(message), message.length)
    else this.tally.dropped('queueFull')
  }

  /** What many pass on goes by gossip; what a node says of itself goes to each peer, once. */
  private broadcast(message: Bytes): void {
    checkSize(message)
    const kind = messageKind(message)
    if (kind !== 'block' && kind !== 'transactions') {
      for (const { id } of this.sessions.all()) this.send(id, message)
      return
    }
    this.tally.message('out', kind, message.length)
    publish(this.running().services.pubsub, this.name, kind, message).catch((error: unknown) => {
      this.deps.logger.warn('A message could not be published', { kind, reason: String(error) })
    })
  }

  private async validate(peer: string, kind: GossipKind, message: Bytes): Promise<Verdict> {
    if (message.length > MAX_MESSAGE_BYTES || messageKind(message) !== kind) {
      this.conducts.charge(peer, 'invalid', 'gossip that is no message')
      return 'reject'
    }
    if (!this.conducts.allows(peer, kind, { bytes: message.length })) return 'ignore'
    this.sessions.arrive(peer)
    return this.take(peer, message)
  }

  private async take(peer: string, message: Bytes): Promise<Verdict> {
    const verdict = await this.verdicts.ask(peer, message)
    if (verdict === 'reject') this.conducts.charge(peer, 'invalid', 'invalid messages')
    return verdict
  }

  private failed(peer: string, error: unknown): void {
    const code = error instanceof TransportError ? error.code : 'transport.handshake'
    this.tally.refused(code)
    this.deps.logger.info('A peer was not taken', { peer, code, reason: String(error) })
    if (code === 'transport.foreignNetwork' || code === 'transport.version') this.neighbours.foreign(peer)
    if (code.startsWith('transport.frame')) this.conducts.charge(peer, 'garbage', code)
    if (code === 'transport.handshake') this.conducts.charge(peer, 'useless', code)
  }

  private createHost(): Promise<Host> {
    const watch = {
      admitted: (peer: string) => this.sessions.admitted(peer),
      opened: (stream: Stream, { remotePeer }: Connection) => this.conducts.watchGossip(stream, remotePeer.toString()),
      outOpened: (peer: string) => this.sessions.gossipReady(peer, 'stream'),
      ended: (connection: Connection) => this.sessions.gossipEnded(connection),
    }
    return createHost(this.options, {
      gater: this.admission.gater(),
      gossip: {
        network: this.name,
        watch,
        validate: (peer, kind, message) => this.validate(peer, kind, message),
        scoreOf: (peer) => this.conducts.scoreOf(peer),
      },
    })
  }
}

function checkSize(message: Bytes): void {
  if (message.length > MAX_MESSAGE_BYTES) {
    throw new P2pError('p2p.tooLarge', `A message of ${message.length} bytes`)
  }
}

/** A node's place in the network of other machines. Connects and listens when the promise settles. */
export async function createLibp2pNetwork(
  options: Libp2pNetworkOptions,
  deps: Libp2pNetworkDeps,
): Promise<Libp2pNetwork> {
  const network = new Network(options, deps)
  await network.start()
  return network
}
