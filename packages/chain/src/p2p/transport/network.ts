import { multiaddr } from '@multiformats/multiaddr'
import { MAX_MESSAGE_BYTES, messageKind, P2pError } from '#p2p'
import type { Bytes, Cancel, Conduct, Net, Verdict } from '#primitives'
import { parsePeerAddress } from './addresses.ts'
import { Dialer } from './dialer.ts'
import { TransportError } from './errors.ts'
import { type GossipKind, publish, subscribe } from './gossip.ts'
import { createHost, type Host } from './host.ts'
import {
  DEFAULT_MAX_PEERS,
  HANDSHAKE_MS,
  MAX_STREAMS_PER_PROTOCOL,
  PING_MS,
  PROTOCOL_VERSION,
  VALIDATION_MS,
} from './limits.ts'
import { Sessions } from './sessions.ts'
import type { Libp2pNetwork, Libp2pNetworkDeps, Libp2pNetworkOptions, PeerView } from './types.ts'
import { HELLO_PROTOCOL, networkName } from './wire.ts'

type Handler = Parameters<Net['onMessage']>[0]
type PeerHandler = Parameters<Net['onPeer']>[0]

class Network implements Libp2pNetwork {
  readonly net: Net
  readonly peerId: string
  private readonly options: Libp2pNetworkOptions
  private readonly deps: Libp2pNetworkDeps
  private readonly name: string
  private readonly sessions: Sessions
  private readonly handlers = new Set<Handler>()
  private readonly watchers = new Set<PeerHandler>()
  private readonly dialer: Dialer
  private host: Host | undefined
  private ticking: Cancel | undefined

  constructor(options: Libp2pNetworkOptions, deps: Libp2pNetworkDeps) {
    this.options = options
    this.deps = deps
    this.name = networkName(options.genesis)
    this.peerId = options.identity.peerId
    const configured = (options.peers ?? []).map(parsePeerAddress).filter(({ id }) => id !== this.peerId)
    this.sessions = this.createSessions(new Set(configured.map(({ id }) => id)))
    this.dialer = new Dialer(configured, {
      clock: deps.clock,
      rng: deps.rng,
      logger: deps.logger,
      isConnected: (peer) => this.sessions.isConnected(peer),
      dial: (address) => this.running().dial(multiaddr(address), { signal: AbortSignal.timeout(HANDSHAKE_MS) }),
    })
    this.net = this.createNet()
  }

  async start(): Promise<void> {
    const host = await createHost(this.options, {
      network: this.name,
      watch: {
        admitted: (peer) => this.sessions.admitted(peer),
        opened: () => undefined,
        outOpened: (peer) => this.sessions.gossipReady(peer, 'stream'),
        ended: (connection) => this.sessions.gossipEnded(connection),
      },
      validate: (peer, kind, message) => this.validate(peer, kind, message),
      scoreOf: () => 0,
    })
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
    this.dialer.start()
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
      score: 0,
      latencyMs: link.latencyMs() ?? null,
      height: hello.height,
    }))
  }

  async stop(): Promise<void> {
    this.ticking?.()
    this.dialer.stop()
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

  private createSessions(configured: ReadonlySet<string>): Sessions {
    const { genesis, agent = 'aelf', maxPeers = DEFAULT_MAX_PEERS } = this.options
    return new Sessions(
      {
        genesis,
        protocol: this.protocol(),
        hello: () => ({
          version: PROTOCOL_VERSION,
          genesis,
          height: this.deps.headHeight(),
          agent,
          addresses: this.listenAddresses(),
        }),
        refuse: (peer) => (this.sessions.count() >= maxPeers && !configured.has(peer) ? 'full' : undefined),
      },
      this.deps,
      {
        came: ({ id }) => {
          this.deps.logger.info('A peer is connected', { peer: id })
          for (const watcher of this.watchers) watcher(id, true)
        },
        went: ({ id }) => {
          this.deps.logger.info('A peer is gone', { peer: id })
          for (const watcher of this.watchers) watcher(id, false)
        },
        message: (peer, message) => this.judged(peer, message).then(() => undefined),
        broken: (peer, error) => {
          this.deps.logger.warn('A peer broke the rules', { peer, reason: String(error) })
          this.sessions.drop(peer)
        },
        failed: (peer, error) => {
          const code = error instanceof TransportError ? error.code : undefined
          this.deps.logger.info('A peer was not taken', { peer, code, reason: String(error) })
        },
      },
    )
  }

  private createNet(): Net {
    return {
      broadcast: (message) => this.broadcast(message),
      send: (peer, message) => {
        checkSize(message)
        this.sessions.get(peer)?.link.send(message)
      },
      onMessage: (handler): Cancel => {
        this.handlers.add(handler)
        return () => this.handlers.delete(handler)
      },
      onPeer: (handler): Cancel => {
        this.watchers.add(handler)
        return () => this.watchers.delete(handler)
      },
      judge: (peer: string, conduct: Conduct) => {
        this.deps.logger.debug('A peer is judged', { peer, conduct })
      },
      peers: () => this.sessions.all().map(({ id }) => id),
    }
  }

  /** What many pass on goes by gossip; what a node says of itself goes to each peer, once. */
  private broadcast(message: Bytes): void {
    checkSize(message)
    const kind = messageKind(message)
    if (kind !== 'block' && kind !== 'transactions') {
      for (const { link } of this.sessions.all()) link.send(message)
      return
    }
    publish(this.running().services.pubsub, this.name, kind, message).catch((error: unknown) => {
      this.deps.logger.warn('A message could not be published', { kind, reason: String(error) })
    })
  }

  private async validate(peer: string, kind: GossipKind, message: Bytes): Promise<Verdict> {
    if (messageKind(message) !== kind) return 'reject'
    this.sessions.arrive(peer)
    return this.judged(peer, message)
  }

  /** The verdict of whoever listens: one rejection rejects, one acceptance accepts. */
  private judged(peer: string, message: Bytes): Promise<Verdict> {
    return new Promise((resolve) => {
      const cancel = this.deps.clock.after(VALIDATION_MS, () => resolve('ignore'))
      Promise.all([...this.handlers].map(async (handler) => handler(peer, message))).then(
        (verdicts) => {
          cancel()
          resolve((['reject', 'accept'] as const).find((verdict) => verdicts.includes(verdict)) ?? 'ignore')
        },
        (error: unknown) => {
          cancel()
          this.deps.logger.error('A message could not be handled', { peer, reason: String(error) })
          resolve('ignore')
        },
      )
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
