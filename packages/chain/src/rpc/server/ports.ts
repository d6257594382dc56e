import type { Block, Receipt, SignedHeader, SignedTransaction, SparseProof, StateReader } from '#kernel'
import type { Address, Amount, Bytes, Cancel, Hash, Hex } from '#primitives'
import type {
  ExecutionCostView,
  NodeInfoView,
  OperatorLogLevel,
  OperatorSpanView,
  OperatorStatusView,
  OperatorTraceAction,
} from '#rpc/routes'

/** Where the node is on its chain. Times are milliseconds since 1970. */
export interface ChainStatus {
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
  readonly nodes: number
  /** Values of contract parameters that genesis sets, by `contract.param`. */
  readonly genesisParams: Readonly<Record<string, bigint>>
  readonly mempool: { readonly transactions: number; readonly bytes: number }
  readonly warnings?: readonly { readonly code: string; readonly message: string; readonly delegate?: Address }[]
}

/** A stored block with what is known about it. */
export interface StoredBlock {
  readonly block: Block
  readonly receipts: readonly Receipt[]
  readonly consensus: {
    readonly round: bigint
    readonly term: number
    readonly index: number | undefined
    readonly isExtra: boolean
    readonly reveal: Hash
    readonly prevotedHeight: bigint
    readonly generatedHeight: bigint
  }
  readonly timeMs: number
  readonly sizeBytes: number
  readonly finalized: boolean
  readonly canonical: boolean
}

/** What is known about a transaction id. */
export type StoredTransaction =
  | { readonly status: 'unknown' }
  | { readonly status: 'pending' | 'expired'; readonly transaction: SignedTransaction; readonly envelope: Bytes }
  | {
      readonly status: 'included'
      readonly transaction: SignedTransaction
      readonly envelope: Bytes
      readonly header: SignedHeader
      readonly index: number
      readonly receipt: Receipt
      readonly confirmations: bigint
      readonly finalized: boolean
    }

/** State at one kept height. */
export interface StoredState {
  readonly header: SignedHeader
  readonly reader: StateReader
  prove(path: Hash): SparseProof
}

/** What a call would do. */
export interface TriedCall {
  readonly ok: boolean
  readonly fee: Amount
  readonly intent: string
  readonly error: { readonly contract: number; readonly error: number } | undefined
}

/** A round with the fate of its slots. */
export interface StoredRound {
  readonly number: bigint
  readonly term: number
  readonly startSlot: bigint
  readonly startTimeMs: number
  readonly order: readonly Address[]
  readonly extra: Address
  readonly slots: readonly {
    readonly slot: bigint
    readonly timeMs: number
    readonly producer: Address
    readonly isExtra: boolean
    readonly state: 'produced' | 'missed' | 'current' | 'upcoming' | 'skipped'
    readonly height: bigint | undefined
    readonly hash: Hash | undefined
    readonly reason?: 'offline' | 'late' | 'paused' | 'networkHalt' | undefined
  }[]
  readonly excluded: readonly { readonly address: Address; readonly untilMs: number; readonly failures: number }[]
  readonly finalized: boolean
}

/** The producers of a term. */
export interface StoredTerm {
  readonly term: number
  readonly startHeight: bigint
  readonly producers: readonly Address[]
  /** Anchors of the producers' hash chains, in their order. */
  readonly commitments?: readonly Hash[]
  readonly startsAtMs: number
  readonly endsAtMs: number
}

/** How a delegate has produced so far. */
export interface DelegateRecord {
  readonly address: Address
  readonly isProducer: boolean
  readonly produced: bigint
  readonly missed: bigint
  readonly excludedUntilMs: number | undefined
  readonly paused: boolean
}

/** What happens on the chain. */
export type ChainEvent =
  | {
      readonly kind: 'head'
      readonly header: SignedHeader
      readonly removed: readonly Hash[]
      readonly added: readonly Hash[]
    }
  | { readonly kind: 'finalized'; readonly header: SignedHeader }
  | { readonly kind: 'pending'; readonly id: Hash; readonly transaction: SignedTransaction }

/** Steps of blocks on their way through a node, in milliseconds since the look began. */
export interface OperatorTrace {
  readonly spans: readonly {
    readonly step: OperatorSpanView['step']
    readonly height: bigint
    readonly startMs: number
    readonly endMs: number
  }[]
  readonly dropped: number
}

/** What the operator of a node may see of it. */
export interface OperatorPort {
  /** Names the node to whoever signs for it: its peer id. */
  readonly nodeId: string
  info(): NodeInfoView
  isOperator(address: Address): boolean
  /** As the holder of a pairing sees the node. */
  status(operator: Address): Promise<OperatorStatusView>
  /** Begins a look at the steps of each block, or ends it, at the node that the holder of a pairing sees. */
  trace(operator: Address, action: OperatorTraceAction): OperatorTrace
  /** Newest lines of a level and above, oldest first. */
  logs(options: { readonly limit: number; readonly level: OperatorLogLevel }): readonly {
    readonly timeMs: number
    readonly level: OperatorLogLevel
    readonly message: string
    readonly fields: Readonly<Record<string, unknown>>
  }[]
}

/** What only a development network offers. */
export interface DevnetPort {
  accounts(): readonly { readonly address: Address; readonly privateKey: Hex; readonly label: string }[]
  fastForward(ms: number): Promise<void>
  pause(delegate: Address): void
  resume(delegate: Address): void
  signal(delegate: Address, collection: Hash | undefined): Promise<void>
}

/** What the server asks of a node. Errors with a code `tx.*`, `state.*` or `call.*` reach the caller under that name. */
export interface NodePort {
  status(): ChainStatus
  blockByHeight(height: bigint): Promise<StoredBlock | undefined>
  blockByHash(hash: Hash): Promise<StoredBlock | undefined>
  blocks(from: bigint, to: bigint): Promise<readonly StoredBlock[]>
  transaction(id: Hash): Promise<StoredTransaction>
  /** Takes encoded transactions in; resolves when what was accepted is on disk. In order: ids, or what they are refused for. */
  submitAll(envelopes: readonly Bytes[]): Promise<readonly ({ readonly id: Hash } | { readonly error: unknown })[]>
  /** What methods are expected to take on this machine, in microseconds, and took since the node started. */
  executionCosts(): readonly ExecutionCostView[]
  simulate(request: {
    readonly from: Address
    readonly contract: Address
    readonly method: number
    readonly args: Bytes
  }): Promise<TriedCall>
  view(request: { contract: string; view: string; args: readonly unknown[]; at?: bigint }): Promise<unknown>
  stateAt(height?: bigint): Promise<StoredState>
  round(number: bigint | 'latest'): Promise<StoredRound | undefined>
  term(term: number | 'latest'): Promise<StoredTerm | undefined>
  delegates(): Promise<readonly DelegateRecord[]>
  pending(
    limit: number,
  ): readonly { readonly id: Hash; readonly transaction: SignedTransaction; readonly sizeBytes: number }[]
  subscribe(handler: (event: ChainEvent) => void): Cancel
  readonly devnet: DevnetPort | undefined
}
