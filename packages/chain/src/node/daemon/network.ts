import { createMemoryNetwork } from '#p2p'
import type { Clock, Logger, Net } from '#primitives'

/** A connected peer, as an operator sees it. */
export interface PeerInfo {
  readonly id: string
  readonly address: string
  readonly direction: 'in' | 'out'
  readonly agent: string
  readonly connectedAtMs: number
  readonly score: number
  readonly latencyMs: number | null
  /** Height of its head as it said last. */
  readonly height: bigint | null
}

/** A peer that is kept away for a while. */
export interface BanInfo {
  readonly id: string
  readonly untilMs: number
  readonly reason: string
}

/** A network port with what the runtime wants to know of it. */
export interface DaemonNetwork {
  readonly net: Net
  readonly peerId: string
  listenAddresses(): readonly string[]
  peers(): readonly PeerInfo[]
  bans(): readonly BanInfo[]
  stop(): Promise<void>
}

/** A node that is alone, for as long as nothing else is given. */
export function createLonelyNetwork(clock: Clock, _logger: Logger): DaemonNetwork {
  const net = createMemoryNetwork({ clock }).join('alone')
  return {
    net,
    peerId: 'alone',
    listenAddresses: () => [],
    peers: () => [],
    bans: () => [],
    stop: async () => undefined,
  }
}
