import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Libp2pNetwork } from '#p2p/transport'
import type { Clock, Hash, Logger, Net } from '#primitives'
import { loadIdentity } from './daemon/network.ts'
import { VERSION } from './version.ts'

/** The network among machines that a development network may take part in. */
export interface Peering {
  readonly network: Libp2pNetwork
  /** Joins what the nodes of this process say to each other with what comes from other machines. */
  join(inside: Net): Net
}

interface PeeringOptions {
  readonly listen: readonly string[]
  readonly genesis: Hash
  readonly dataDir: string | undefined
  /** The machine's: the connections do not jump when the chain's clock does. */
  readonly clock: Clock
  readonly logger: Logger
  headHeight(): bigint
}

/** Listens for nodes of other processes. Rejects with `transport.*`. */
export async function openPeering(options: PeeringOptions): Promise<Peering> {
  const { listen, genesis, dataDir, clock, logger, headHeight } = options
  const { createIdentity, createLibp2pNetwork } = await import('#p2p/transport')
  const identity = dataDir === undefined ? await createIdentity() : await loadIdentity(join(dataDir, 'p2p.key'))
  const rng = { bytes: (length: number) => new Uint8Array(randomBytes(length)) }
  const network = await createLibp2pNetwork(
    { identity, genesis, listen, agent: VERSION },
    { clock, rng, logger, headHeight },
  )
  return { network, join: (inside) => joinNets(inside, network.net) }
}

/** Two networks as one. The names inside are those of delegates, which no peer id looks like. */
function joinNets(inside: Net, outside: Net): Net {
  const netOf = (peer: string): Net => (inside.peers().includes(peer) ? inside : outside)
  const both = (run: (net: Net) => () => void): (() => void) => {
    const cancels = [inside, outside].map(run)
    return () => {
      for (const cancel of cancels) cancel()
    }
  }
  return {
    broadcast(message) {
      inside.broadcast(message)
      outside.broadcast(message)
    },
    send: (peer, message) => netOf(peer).send(peer, message),
    onMessage: (handler) => both((net) => net.onMessage(handler)),
    onPeer: (handler) => both((net) => net.onPeer(handler)),
    judge: (peer, conduct) => netOf(peer).judge(peer, conduct),
    peers: () => [...inside.peers(), ...outside.peers()],
  }
}
