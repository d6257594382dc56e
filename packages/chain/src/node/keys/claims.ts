import { decodeMessage, messageKind } from '#p2p'
import { AelfError, type Net } from '#primitives'

/**
 * Highest head that any peer has told of. Any peer's word counts: a wrong one makes a starting node watch for two rounds where it
 * need not, and nothing more.
 */
export function followClaims(net: Pick<Net, 'onMessage'>): () => bigint {
  let highest = 0n
  net.onMessage((_peer, message) => {
    const kind = messageKind(message)
    // A block shows that there is a chain, whatever its height.
    if (kind === 'block' && highest === 0n) highest = 1n
    if (kind !== 'announce') return undefined
    try {
      const claim = decodeMessage(message)
      if (claim.kind === 'announce' && claim.height > highest) highest = claim.height
    } catch (error) {
      // Whoever handles messages judges those that are malformed.
      if (!(error instanceof AelfError)) throw error
    }
    return undefined
  })
  return () => highest
}
