import type { ConnectionGater, MultiaddrConnection } from '@libp2p/interface'
import type { Clock } from '#primitives'
import { placeOf } from './addresses.ts'
import type { Bans } from './bans.ts'
import { Bucket } from './bucket.ts'
import { INBOUND_PER_GROUP, INBOUND_RATE, MAX_REMEMBERED_GROUPS } from './limits.ts'
import type { Session } from './sessions.ts'
import type { Refusal } from './wire.ts'

export interface AdmissionOptions {
  readonly configured: ReadonlySet<string>
  readonly maxPeers: number
  /** Places kept for connections of this node's own making. */
  readonly outbound: number
  readonly perGroup: number | undefined
}

export interface AdmissionDeps {
  readonly clock: Clock
  readonly bans: Bans
  sessions(): readonly Session[]
}

/** Groups of neighbours; everything on this machine is nobody's neighbour. */
function groupOf(address: string): string | undefined {
  const place = placeOf(address)
  return place === undefined || place.reach === 'loopback' ? undefined : place.group
}

/** Who may connect: before a word is said by where it comes from, then by who it is, and at last by how many there are. */
export class Admission {
  private readonly options: AdmissionOptions
  private readonly deps: AdmissionDeps
  private readonly attempts = new Map<string, Bucket>()

  constructor(options: AdmissionOptions, deps: AdmissionDeps) {
    this.options = options
    this.deps = deps
  }

  gater(): ConnectionGater {
    const { bans } = this.deps
    return {
      denyDialPeer: (peer) => bans.isBanned(peer.toString()),
      denyInboundConnection: (connection) => !this.mayTry(connection),
      denyInboundEncryptedConnection: (peer, connection) =>
        bans.isBanned(peer.toString()) || this.isCrowded(peer.toString(), connection),
    }
  }

  /** Why a peer of this network is not taken. Who connects to this node takes no place it keeps for its own connections. */
  refuse(peer: string, direction: 'inbound' | 'outbound'): Refusal | undefined {
    const { configured, maxPeers, outbound } = this.options
    if (this.deps.bans.isBanned(peer)) return 'banned'
    if (configured.has(peer)) return undefined
    const others = this.deps.sessions().filter(({ id }) => !configured.has(id) && id !== peer)
    if (others.length >= maxPeers) return 'full'
    const inbound = others.filter((session) => session.direction === 'in')
    return direction === 'inbound' && inbound.length >= maxPeers - outbound ? 'full' : undefined
  }

  private isCrowded(peer: string, { remoteAddr }: MultiaddrConnection): boolean {
    const group = groupOf(remoteAddr.toString())
    if (group === undefined || this.options.configured.has(peer)) return false
    const inbound = this.deps.sessions().filter(({ direction }) => direction === 'in')
    const same = inbound.filter(({ address }) => groupOf(address) === group)
    return same.length >= (this.options.perGroup ?? INBOUND_PER_GROUP)
  }

  private mayTry({ remoteAddr }: MultiaddrConnection): boolean {
    const group = groupOf(remoteAddr.toString())
    if (group === undefined) return true
    const now = this.deps.clock.now()
    const bucket = this.attempts.get(group) ?? new Bucket(INBOUND_RATE, now)
    this.attempts.delete(group)
    this.attempts.set(group, bucket)
    if (this.attempts.size > MAX_REMEMBERED_GROUPS) {
      const oldest = this.attempts.keys().next()
      if (oldest.done !== true) this.attempts.delete(oldest.value)
    }
    return bucket.take(1, now)
  }
}
