import type { Clock, Hash, Logger, Net, Rng } from '#primitives'
import type { BanView } from './bans.ts'
import type { BookStore } from './bookFile.ts'
import type { TrafficCounters } from './counters.ts'
import type { Identity } from './identity.ts'

export interface Libp2pNetworkOptions {
  readonly identity: Identity
  /** Hash of the genesis block: nodes of another network are refused. */
  readonly genesis: Hash
  /** Where to listen, such as `/ip4/0.0.0.0/tcp/6880`; port 0 takes a free one. Empty: nobody can connect to this node. */
  readonly listen: readonly string[]
  /** Addresses to tell others instead of those listened on. */
  readonly announce?: readonly string[]
  /** Peers to stay connected to, each with its peer id: `/ip4/…/tcp/…/p2p/…`. */
  readonly peers?: readonly string[]
  /** Connections at most, those to `peers` not counted. Default 50. */
  readonly maxPeers?: number
  /** Connections others may make from one group of neighbours, an IPv4 /16 or IPv6 /32; this machine excepted. Default 10. */
  readonly inboundPerGroup?: number
  /** Name and version of this software, as peers see it. */
  readonly agent?: string
}

export interface Libp2pNetworkDeps {
  readonly clock: Clock
  readonly rng: Rng
  readonly logger: Logger
  /** Where to keep the book of peers between starts. */
  readonly book?: BookStore
  /** Height of this node's head, told to peers when they meet. */
  headHeight(): bigint
}

/** This node's clock against a peer's: ahead by `aheadMs`, give or take `errorMs`. */
export interface ClockReading {
  readonly aheadMs: number
  readonly errorMs: number
}

/** A connected peer as an operator sees it. */
export interface PeerView {
  readonly id: string
  readonly address: string
  readonly direction: 'in' | 'out'
  readonly agent: string
  readonly connectedAtMs: number
  /** What this node thinks of it: 0 at first, a ban at the lowest. */
  readonly score: number
  readonly latencyMs: number | null
  readonly clock: ClockReading | null
  /** Height of its head as it said when it connected. */
  readonly height: bigint
}

export interface Libp2pNetwork {
  readonly net: Net
  readonly peerId: string
  /** Where this node can be reached, peer id included. */
  listenAddresses(): string[]
  peers(): PeerView[]
  /** Who is kept away now. */
  bans(): BanView[]
  counters(): TrafficCounters
  stop(): Promise<void>
}
