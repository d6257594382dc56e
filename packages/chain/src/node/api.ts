import type { MethodCost } from '#executor'
import type {
  Block,
  MethodDescriptor,
  Receipt,
  SignedHeader,
  SignedTransaction,
  SparseProof,
  StateReader,
} from '#kernel'
import type { Address, Amount, Bytes, Cancel, Hash, Hex } from '#primitives'

/** One consistent reading of a node's position on its chain. Times are milliseconds since the epoch. */
export interface NodeStatus {
  readonly network: string
  readonly chainId: number
  readonly genesisHash: Hash
  readonly genesisTimeMs: number
  readonly slotMs: number
  readonly termSeconds: number
  readonly height: bigint
  readonly headHash: Hash
  readonly headSlot: bigint
  readonly headTimeMs: number
  readonly prevotedHeight: bigint
  readonly finalizedHeight: bigint
  readonly round: bigint
  readonly term: number
  readonly termEndsAtMs: number
  readonly nowMs: number
  readonly devnet: boolean
  readonly engines: { readonly signature: string; readonly hash: string }
  readonly version: string
  /** Nodes this process knows of, itself included. */
  readonly nodes: number
  /** Values of contract parameters that genesis sets, by `contract.param`. */
  readonly genesisParams: Readonly<Record<string, bigint>>
  readonly mempool: { readonly transactions: number; readonly bytes: number }
  /** Of this node's delegate; on a devnet of all delegates. */
  readonly warnings: readonly NodeWarning[]
}

/** Something the operator of a delegate should know. Codes never change. */
export interface NodeWarning {
  /**
   * `reveals.low`: the delegate's in-values end before they can be renewed · `reveals.renewal`: their renewal was refused ·
   * `key.inUse`: another node signs with the delegate's key · `fork.suspected`: this node may be on a fork that nobody else follows ·
   * `clock.offset`: the machine's clock differs from the others' · `peers.few`: hardly anybody is connected · `disk.low`: the disk
   * is nearly full
   */
  readonly code:
    | 'reveals.low'
    | 'reveals.renewal'
    | 'key.inUse'
    | 'fork.suspected'
    | 'clock.offset'
    | 'peers.few'
    | 'disk.low'
  readonly message: string
  /** Whose node it is; absent for an observer's. */
  readonly delegate?: Address
}

/** What code the chain runs with, and what this node has of it. */
export interface CollectionStatus {
  /** The collection of the block that follows the head. */
  readonly running: Hash
  /** What this node's blocks ask for; undefined for nothing. */
  readonly signal: Hash | undefined
  /** Collections that this node can run, the built-in one first. */
  readonly installed: readonly Hash[]
}

/** How far a node has come. */
export interface SyncStatus {
  /** `waiting`: the head is old and nobody shows a better one · `suspended`: the node may be on a fork; it neither produces nor accepts */
  readonly state: 'synced' | 'syncing' | 'waiting' | 'suspended'
  readonly height: bigint
  /** What most peers say they have, what headers prove, or, with an old head, what the peer says that is asked for the way. */
  readonly targetHeight: bigint
  readonly reason?: string
}

/** Where a block stands in its round: what a header's consensus field and the round order say together. */
export interface BlockConsensus {
  readonly round: bigint
  readonly term: number
  /** Place in the round's order; undefined for the extra slot. */
  readonly index: number | undefined
  readonly isExtra: boolean
  readonly reveal: Hash
  readonly prevotedHeight: bigint
  readonly generatedHeight: bigint
}

/** A stored block with everything known about it. */
export interface BlockRecord {
  readonly block: Block
  readonly receipts: readonly Receipt[]
  readonly consensus: BlockConsensus
  readonly timeMs: number
  readonly sizeBytes: number
  readonly finalized: boolean
  /** False for a block of an abandoned branch that is still kept. */
  readonly canonical: boolean
}

/** What a node knows about a transaction id. */
export type TransactionRecord =
  | { readonly status: 'unknown' }
  | { readonly status: 'pending'; readonly transaction: SignedTransaction; readonly envelope: Bytes }
  | { readonly status: 'expired'; readonly transaction: SignedTransaction; readonly envelope: Bytes }
  | {
      readonly status: 'included'
      readonly transaction: SignedTransaction
      readonly envelope: Bytes
      readonly header: SignedHeader
      /** Position in the block, from 0. */
      readonly index: number
      readonly receipt: Receipt
      /** Blocks on top of and including the containing one. */
      readonly confirmations: bigint
      readonly finalized: boolean
    }

/** State at one kept height, with the header that commits to it. */
export interface StateAt {
  readonly header: SignedHeader
  readonly timeMs: number
  readonly reader: StateReader
  prove(path: Hash): SparseProof
}

export interface CallRequest {
  readonly from: Address
  readonly contract: Address
  readonly method: number
  /** Encoded arguments. */
  readonly args: Bytes
}

export interface SimulationRecord {
  readonly ok: boolean
  readonly fee: Amount
  readonly intent: string
  readonly error: { readonly contract: number; readonly error: number } | undefined
  readonly method: MethodDescriptor
}

export type SlotState = 'produced' | 'missed' | 'current' | 'upcoming' | 'skipped'

/** Why a slot has no block, as far as this node knows. */
export type SlotReason = 'offline' | 'late' | 'paused' | 'networkHalt'

export interface SlotRecord {
  readonly slot: bigint
  readonly timeMs: number
  readonly producer: Address
  readonly isExtra: boolean
  readonly state: SlotState
  readonly height: bigint | undefined
  readonly hash: Hash | undefined
  readonly reason: SlotReason | undefined
}

export interface RoundRecord {
  readonly number: bigint
  readonly term: number
  readonly startSlot: bigint
  readonly startTimeMs: number
  readonly order: readonly Address[]
  readonly extra: Address
  readonly slots: readonly SlotRecord[]
  readonly excluded: readonly { readonly address: Address; readonly untilMs: number; readonly failures: number }[]
  /** All blocks of the round are irreversible. */
  readonly finalized: boolean
}

export interface TermRecord {
  readonly term: number
  readonly startHeight: bigint
  readonly producers: readonly Address[]
  readonly commitments?: readonly Hash[]
  readonly startsAtMs: number
  readonly endsAtMs: number
}

/** Production counters of one delegate, since genesis, over finished rounds. */
export interface DelegateRecord {
  readonly address: Address
  readonly isProducer: boolean
  readonly produced: bigint
  readonly missed: bigint
  readonly excludedUntilMs: number | undefined
  /** Devnet only: the operator has stopped it. */
  readonly paused: boolean
}

export type NodeEvent =
  | {
      readonly kind: 'head'
      readonly header: SignedHeader
      readonly removed: readonly Hash[]
      readonly added: readonly Hash[]
    }
  | { readonly kind: 'finalized'; readonly header: SignedHeader }
  | { readonly kind: 'pending'; readonly id: Hash; readonly transaction: SignedTransaction }

export interface DevAccount {
  readonly address: Address
  readonly privateKey: Hex
  readonly label: string
}

/** What only a devnet offers. */
export interface DevnetApi {
  accounts(): readonly DevAccount[]
  /** Moves the shared clock forward; resolves when the chain has caught up with it. */
  fastForward(ms: number): Promise<void>
  /** Stops and restarts one delegate's block production. */
  pause(delegate: Address): void
  resume(delegate: Address): void
  /** Chooses what a delegate's blocks signal from the next one on; undefined for nothing. Rejects what is not installed. */
  signal(delegate: Address, collection: Hash | undefined): Promise<void>
}

/** What became of a transaction: its id, or an error with a `tx.*` code. */
export type Submitted = { readonly id: Hash } | { readonly error: unknown }

/**
 * Everything a server, a command or a test may ask of a running node. Calls fail with an AelfError that carries a code:
 * `tx.*` for refused transactions, `state.*` for heights that are not kept, `call.*` for unknown methods and views.
 */
export interface NodeApi {
  status(): NodeStatus
  blockByHeight(height: bigint): Promise<BlockRecord | undefined>
  blockByHash(hash: Hash): Promise<BlockRecord | undefined>
  /** Inclusive range of canonical blocks, at most 100. */
  blocks(from: bigint, to: bigint): Promise<BlockRecord[]>
  transaction(id: Hash): Promise<TransactionRecord>
  /** Admits an encoded signed transaction. Resolves only when it is on disk; rejects with a `tx.*` code. */
  submit(envelope: Bytes): Promise<Hash>
  /** As `submit` for several, which share what is done once: in order, each with its id or what it is refused for. */
  submitAll(envelopes: readonly Bytes[]): Promise<readonly Submitted[]>
  simulate(request: CallRequest): Promise<SimulationRecord>
  /** Runs a contract's view with JSON-free values at a kept height (default: head). */
  view(request: { contract: string; view: string; args: readonly unknown[]; at?: bigint }): Promise<unknown>
  /** State at a kept height (default: head); `state.notKept` outside of the last 1024 heights. */
  stateAt(height?: bigint): Promise<StateAt>
  round(number: bigint | 'latest'): Promise<RoundRecord | undefined>
  term(term: number | 'latest'): Promise<TermRecord | undefined>
  delegates(): Promise<DelegateRecord[]>
  pending(
    limit: number,
  ): readonly { readonly id: Hash; readonly transaction: SignedTransaction; readonly sizeBytes: number }[]
  /** What methods are expected to take on this machine and took since the node started. */
  executionCosts(): readonly MethodCost[]
  subscribe(handler: (event: NodeEvent) => void): Cancel
  readonly devnet: DevnetApi | undefined
}
