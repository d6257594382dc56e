import type { Address, Hash } from '#primitives'
import type { Decimal, Json } from './views.ts'

/** Where a node stands: on the newest head it heard of; on its way there; without anybody to hear from; stopped by a suspicion. */
export type SyncState = 'synced' | 'syncing' | 'waiting' | 'suspended'

/**
 * One entry of the answer of `aelf_executionCosts`: what a call of a method is expected to take on this machine, and what all calls
 * took since the node started, as expected just before and as measured. Times are microseconds.
 */
export interface ExecutionCostView {
  readonly contract: string
  readonly method: string
  readonly calls: number
  /** Counted units of a call. */
  readonly units: number
  readonly expectedUs: number
  readonly totalExpectedUs: number
  readonly totalMeasuredUs: number
}

/** Answer of `aelf_nodeInfo`: which node this is and what it does. Times are milliseconds since 1970. */
export interface NodeInfoView {
  readonly version: string
  readonly network: string
  readonly chainId: number
  readonly genesisHash: Hash
  readonly startedAtMs: number
  readonly nowMs: number
  /** Whose blocks this node makes. */
  readonly delegate: Address | null
  readonly role: 'producer' | 'backup' | 'candidate' | 'observer'
  readonly peers: number
  readonly sync: {
    readonly state: SyncState
    readonly height: Decimal
    readonly targetHeight: Decimal
    readonly reason?: string
  }
  /** How far the clock is ahead of the middle one of its peers; null while none has told its time, absent in older nodes. */
  readonly clockOffsetMs?: number | null
  readonly engines: { readonly signature: string; readonly hash: string }
  /**
   * The collection that the block after the head runs with, the one this node's blocks signal, and all that it can run, the
   * built-in one first; absent in older nodes.
   */
  readonly collection?: {
    readonly running: Hash
    readonly signal: Hash | null
    readonly installed: readonly Hash[]
  }
  /** Runtime and machine, such as `node v24.2.0 linux x64`. */
  readonly platform: string
}

/** What an operator signs with `personal_sign` to pair with a node. */
export interface OperatorChallengeView {
  readonly nonce: string
  readonly message: string
  readonly expiresAtMs: number
}

/** A permission to look, until it expires. */
export interface OperatorPairingView {
  readonly token: string
  readonly address: Address
  readonly expiresAtMs: number
}

/** How the delegate of this node does. */
export interface OperatorDelegateView {
  readonly address: Address
  readonly name: string
  readonly inRotation: boolean
  readonly produced: number
  readonly missed: number
  readonly excludedUntilMs: number | null
  /** Exclusions in this term. */
  readonly failures: number
  readonly lastSigned: { readonly slot: Decimal; readonly height: Decimal } | null
  readonly keySource: 'keystore' | 'remote' | null
  readonly nextSlotAtMs: number | null
  /** True while the node listens for another one with its key before it signs. */
  readonly watching: boolean
}

/** One slot of the delegate. */
export interface OperatorSlotView {
  readonly slot: Decimal
  readonly timeMs: number
  readonly round: Decimal
  readonly state: 'produced' | 'missed'
  readonly height: Decimal | null
  readonly reason: string | null
}

/** A connected peer. */
export interface OperatorPeerView {
  readonly id: string
  readonly address: string
  readonly direction: 'in' | 'out'
  readonly agent: string
  readonly connectedAtMs: number
  readonly score: number
  readonly height: Decimal | null
  readonly latencyMs: number | null
  /** How far this node's clock is ahead of the peer's. */
  readonly clockOffsetMs?: number | null
}

/** Answer of `aelf_operatorStatus`. */
export interface OperatorStatusView {
  readonly info: NodeInfoView
  readonly delegate: OperatorDelegateView | null
  /** Newest first, at most 100. */
  readonly recentSlots: readonly OperatorSlotView[]
  readonly peers: readonly OperatorPeerView[]
  readonly bans: readonly { readonly id: string; readonly untilMs: number; readonly reason: string }[]
  readonly disk: { readonly usedBytes: number; readonly freeBytes: number }
  readonly memory: { readonly rssBytes: number; readonly heapBytes: number }
  readonly clock: { readonly offsetMs: number | null }
  readonly warnings: readonly { readonly code: string; readonly message: string; readonly delegate?: Address }[]
}

export type OperatorLogLevel = 'debug' | 'info' | 'warn' | 'error'

/** One line of the node's log. */
export interface OperatorLogView {
  readonly timeMs: number
  readonly level: OperatorLogLevel
  readonly message: string
  readonly fields: { readonly [name: string]: Json }
}

/** Begins a look at the node's pipeline, or ends it and gives what was seen. */
export type OperatorTraceAction = 'start' | 'stop'

/** A step of one block on its way through the node, in milliseconds since the look began. */
export interface OperatorSpanView {
  readonly step: 'verify' | 'execute' | 'root' | 'commit'
  readonly height: Decimal
  readonly startMs: number
  readonly endMs: number
}

/** Answer of `aelf_operatorTrace`: at `start` nothing yet. */
export interface OperatorTraceView {
  /** In order of their ends. */
  readonly spans: readonly OperatorSpanView[]
  /** Older ones that were not kept. */
  readonly dropped: number
}
