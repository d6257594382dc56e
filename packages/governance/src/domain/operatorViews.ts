import type { Address, Hash } from './values.ts'

/** What a delegate's own node tells its paired operator; heights and slots are decimal text or numbers as the node sends them. */

export type NodeRole = 'producer' | 'backup' | 'candidate' | 'observer'
export type NodeSyncState = 'synced' | 'syncing' | 'waiting' | 'suspended'
export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

export interface OperatorNodeInfo {
  readonly version: string
  readonly network: string
  readonly chainId: number
  readonly genesisHash: Hash
  readonly startedAtMs: number
  readonly nowMs: number
  readonly delegate: Address | null
  readonly role: NodeRole
  readonly peers: number
  readonly sync: {
    readonly state: NodeSyncState
    readonly height: string | number
    readonly targetHeight: string | number
    readonly reason?: string | undefined
  }
  /** How far its clock is ahead of the middle one of its peers. */
  readonly clockOffsetMs?: number | null | undefined
  readonly engines: { readonly signature: string; readonly hash: string }
  readonly platform: string
}

export interface OperatorChallenge {
  readonly nonce: string
  /** Text for `personal_sign`; it names the node, the network, the address, the nonce and the end of its validity. */
  readonly message: string
  readonly expiresAtMs: number
}

/** Permission to look at one node for a while; it can move nothing and sign nothing. */
export interface OperatorPairing {
  readonly token: string
  readonly address: Address
  readonly expiresAtMs: number
}

export interface OperatorDelegate {
  readonly address: Address
  readonly name: string
  readonly inRotation: boolean
  readonly produced: number
  readonly missed: number
  readonly excludedUntilMs: number | null
  readonly failures: number
  readonly lastSigned: { readonly slot: string | number; readonly height: string | number } | null
  readonly keySource: 'keystore' | 'remote' | null
  readonly nextSlotAtMs: number | null
  readonly watching: boolean
}

export interface OperatorSlot {
  readonly slot: string | number
  readonly timeMs: number
  readonly round: string | number
  readonly state: 'produced' | 'missed'
  readonly height: string | number | null
  readonly reason: string | null
}

export interface OperatorPeer {
  readonly id: string
  readonly address: string
  readonly direction: 'in' | 'out'
  readonly agent: string
  readonly connectedAtMs: number
  readonly score: number
  readonly height: string | number | null
  readonly latencyMs: number | null
}

export interface OperatorWarning {
  readonly code: string
  readonly message: string
}

export interface OperatorStatus {
  readonly info: OperatorNodeInfo
  readonly delegate: OperatorDelegate | null
  readonly recentSlots: readonly OperatorSlot[]
  readonly peers: readonly OperatorPeer[]
  readonly bans: readonly { readonly id: string; readonly untilMs: number; readonly reason: string }[]
  readonly disk: { readonly usedBytes: number; readonly freeBytes: number }
  readonly memory: { readonly rssBytes: number; readonly heapBytes: number }
  readonly clock: { readonly offsetMs: number | null }
  readonly warnings: readonly OperatorWarning[]
}

export interface OperatorLogLine {
  readonly timeMs: number
  readonly level: LogLevel
  readonly message: string
  readonly fields: Readonly<Record<string, unknown>>
}
