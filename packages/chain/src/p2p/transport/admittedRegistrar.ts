import type { GossipSubComponents } from '@libp2p/gossipsub'
import type { Connection, Stream, StreamHandler, Topology } from '@libp2p/interface'
import { GOSSIP_STREAM_MS } from './limits.ts'

type Registrar = GossipSubComponents['registrar']

export interface GossipWatch {
  /** Resolves to whether this peer belongs to the network, once it is known. */
  admitted(peer: string): Promise<boolean>
  /** A stream on which a peer sends gossip was opened. */
  opened(stream: Stream, connection: Connection): void
  /** The stream on which a peer gets gossip is open. */
  outOpened(peer: string): void
  /** Gossip with this peer has ended or could not begin. It never begins again on the same connection. */
  ended(connection: Connection): void
}

/** The same connection, with an eye on the streams that are opened on it. */
function watched(connection: Connection, watch: GossipWatch): Connection {
  const newStream: Connection['newStream'] = async (protocols, options) => {
    try {
      // Streams to all peers are opened one after the other: one that does not answer must not hold up the others for long.
      const stream = await connection.newStream(protocols, {
        ...options,
        signal: AbortSignal.timeout(GOSSIP_STREAM_MS),
      })
      stream.addEventListener('close', () => watch.ended(connection))
      // After gossip has taken the stream.
      setTimeout(() => watch.outOpened(connection.remotePeer.toString()), 0)
      return stream
    } catch (error) {
      watch.ended(connection)
      throw error
    }
  }
  return new Proxy(connection, {
    get: (target, key) => (key === 'newStream' ? newStream : Reflect.get(target, key, target)),
  })
}

/** Shows gossip only the peers that were admitted to this network, and lets its streams be watched. */
export function admittedRegistrar(registrar: Registrar, watch: GossipWatch): Registrar {
  const handlerOf =
    (handler: StreamHandler): StreamHandler =>
    async (stream, connection) => {
      if (!(await watch.admitted(connection.remotePeer.toString()))) {
        stream.abort(new Error('not admitted'))
        return
      }
      watch.opened(stream, connection)
      await handler(stream, watched(connection, watch))
    }
  const topologyOf = (topology: Topology): Topology => ({
    ...topology,
    onConnect: async (peer, connection) => {
      if (await watch.admitted(peer.toString())) await topology.onConnect?.(peer, watched(connection, watch))
    },
  })
  return {
    getProtocols: () => registrar.getProtocols(),
    handle: (protocol, handler, options) => registrar.handle(protocol, handlerOf(handler), options),
    unhandle: (protocol, options) => registrar.unhandle(protocol, options),
    getHandler: (protocol) => registrar.getHandler(protocol),
    use: (protocol, middleware) => registrar.use(protocol, middleware),
    unuse: (protocol) => registrar.unuse(protocol),
    getMiddleware: (protocol) => registrar.getMiddleware(protocol),
    register: (protocol, topology, options) => registrar.register(protocol, topologyOf(topology), options),
    unregister: (id) => registrar.unregister(id),
    getTopologies: (protocol) => registrar.getTopologies(protocol),
  }
}
