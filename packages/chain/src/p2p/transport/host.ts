import './withResolvers.ts'
import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import type { GossipSub } from '@libp2p/gossipsub'
import { identify } from '@libp2p/identify'
import type { ConnectionGater, Libp2p } from '@libp2p/interface'
import { tcp } from '@libp2p/tcp'
import { createLibp2p } from 'libp2p'
import { createGossip, type GossipOptions } from './gossip.ts'
import { DEFAULT_MAX_PEERS, HANDSHAKE_MS, MAX_STREAMS_PER_PEER, STREAM_WINDOW_BYTES } from './limits.ts'
import type { Libp2pNetworkOptions } from './types.ts'

export type Host = Libp2p<{ pubsub: GossipSub; identify: unknown }>

/** Time for a connection to close in order. */
const CLOSE_MS = 500
/** Connections that are being opened or refused, above those that are kept. */
const SPARE_CONNECTIONS = 64

/** libp2p with the parts this node speaks, not started. */
export function createHost(
  options: Libp2pNetworkOptions,
  parts: { readonly gossip: GossipOptions; readonly gater: ConnectionGater },
): Promise<Host> {
  const { identity, listen, announce = [], agent = 'aelf', maxPeers = DEFAULT_MAX_PEERS } = options
  return createLibp2p({
    start: false,
    privateKey: identity.key,
    nodeInfo: { userAgent: agent },
    addresses: { listen: [...listen], announce: [...announce] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [
      yamux({
        maxInboundStreams: MAX_STREAMS_PER_PEER,
        maxOutboundStreams: MAX_STREAMS_PER_PEER,
        streamOptions: { maxStreamWindowSize: STREAM_WINDOW_BYTES },
      }),
    ],
    connectionGater: parts.gater,
    // Links say themselves that they are alive.
    connectionMonitor: { enabled: false },
    connectionManager: {
      maxConnections: 2 * maxPeers + SPARE_CONNECTIONS,
      // Its own limit of five connections a second from one host stops networks on one machine.
      inboundConnectionThreshold: 1_000_000,
      maxIncomingPendingConnections: 1000,
      connectionCloseTimeout: CLOSE_MS,
      reconnectRetries: 0,
    },
    services: { identify: identify({ timeout: HANDSHAKE_MS }), pubsub: createGossip(parts.gossip) },
  })
}
