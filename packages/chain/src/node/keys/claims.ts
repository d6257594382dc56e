import { decodeMessage, messageKind } from '#p2p'
import { AelfError, type Net } from '#primitives'

/** What a node has heard of others since it was put together. */
export interface Claims {
  /**
   * Highest head that any peer has told of; undefined while nobody has told anything. Any peer's word counts: a wrong one makes a
   * starting node watch for some rounds where it need not, and nothing more.
   */
  targetHeight(): bigint | undefined
  /** Slot since which somebody has been connected; undefined while nobody was. */
  connectedSince(): bigint | undefined
}

/** Listens from now on; begin before anything else does, as a peer tells its head once and then only when that changes. */
export function followClaims(net: Pick<Net, 'onMessage' | 'onPeer' | 'peers'>, nowSlot: () => bigint): Claims {
  let highest: bigint | undefined
  let connected = net.peers().length > 0 ? nowSlot() : undefined
  const tell = (height: bigint): void => {
    if (highest === undefined || height > highest) highest = height
  }
  net.onPeer((_peer, here) => {
    if (here) connected ??= nowSlot()
  })
  net.onMessage((_peer, message) => {
    const kind = messageKind(message)
    // A block shows that there is a chain, whatever its height.
    if (kind === 'block') tell(1n)
    if (kind !== 'announce') return undefined
    try {
      const claim = decodeMessage(message)
      if (claim.kind === 'announce') tell(claim.height)
    } catch (error) {
      // Whoever handles messages judges those that are malformed.
      if (!(error instanceof AelfError)) throw error
    }
    return undefined
  })
  return { targetHeight: () => highest, connectedSince: () => connected }
}
