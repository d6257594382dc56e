import type { ErrorDescriptor, EventDescriptor, FieldSpec, ItemDescriptor, MethodDescriptor } from '#kernel'
import type { Address, Hash, Hex } from '#primitives'

/** Unsigned integer as a decimal string: amounts (1 ELF = 100,000,000), weights, heights, slots, round numbers. */
export type Decimal = string

/** Any value that survives JSON. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** Answer of `aelf_chainInfo`: which network this is and how far it is. Times are milliseconds since 1970. */
export interface ChainInfo {
  readonly network: string
  readonly chainId: number
  /** Chain id that wallets use for this network (`eth_chainId`). */
  readonly walletChainId: number
  readonly genesisHash: Hash
  readonly genesisTimeMs: number
  readonly slotMs: number
  readonly termSeconds: number
  readonly height: Decimal
  readonly headHash: Hash
  readonly headSlot: Decimal
  readonly prevotedHeight: Decimal
  readonly finalizedHeight: Decimal
  readonly round: Decimal
  readonly term: number
  readonly termEndsAtMs: number
  readonly nowMs: number
  readonly devnet: boolean
  readonly engines: { readonly signature: string; readonly hash: string }
  readonly version: string
  readonly nodes: number
  /** Values of contract parameters that genesis sets, by `contract.param`; absent in older nodes. */
  readonly genesisParams?: { readonly [name: string]: Decimal }
  /** What operators of delegates should know now, for example `reveals.low`. */
  readonly warnings?: readonly { readonly code: string; readonly message: string; readonly delegate?: Address }[]
}

/** An event of a receipt, with the contract's own field names. */
export interface EventView {
  readonly contract: string
  readonly contractAddress: Address
  readonly name: string
  readonly number: number
  readonly fields: { readonly [name: string]: Json }
  readonly data: Hex
}

/** Why a transaction failed: `code` is `contract.errorName`. */
export interface FailureView {
  readonly code: string
  readonly help: string
  readonly contract?: number
  readonly error?: number
}

/** Result of an included transaction. */
export interface ReceiptView {
  readonly status: 'success' | 'failed'
  readonly error?: FailureView
  readonly fee: Decimal
  readonly events: readonly EventView[]
}

/** What a transaction says. */
export interface DecodedTransaction {
  readonly from: Address
  readonly contract: string
  readonly contractAddress: Address
  readonly method: string
  readonly args: { readonly [name: string]: Json }
  readonly intent: string
  readonly walletChainId: Decimal
  readonly refHeight: Decimal
  readonly refHash: Hex
  readonly feeLimit: Decimal
  readonly nonce: Hex
}

/** A transaction and what became of it. */
export interface TransactionView {
  readonly id: Hash
  readonly status: 'pending' | 'included' | 'unknown' | 'expired'
  readonly envelope?: Hex
  readonly decoded?: DecodedTransaction
  readonly block?: { readonly height: Decimal; readonly hash: Hash; readonly index: number; readonly timeMs?: number }
  readonly receipt?: ReceiptView
  /** Blocks from the one that includes it up to the head; 1 when it is in the head. */
  readonly confirmations: number
  readonly finalized: boolean
}

/** What the header says about the producers' rounds. */
export interface BlockConsensusView {
  readonly round: Decimal
  readonly term: number
  /** Place in the round; absent for the extra slot. */
  readonly index?: number
  readonly isExtra: boolean
  readonly reveal: Hash
  readonly prevotedHeight: Decimal
  readonly generatedHeight: Decimal
}

/** A block; `transactions` are ids or, when asked for, full views. */
export interface BlockView {
  readonly hash: Hash
  readonly height: Decimal
  readonly parentHash: Hash
  readonly slot: Decimal
  readonly timeMs: number
  readonly producer: Address
  readonly transactionRoot: Hash
  readonly receiptRoot: Hash
  readonly stateRoot: Hash
  readonly indexRoot: Hash
  readonly signal: Hash
  readonly consensus: BlockConsensusView
  readonly transactionCount: number
  readonly transactions: readonly Hash[] | readonly TransactionView[]
  /** Encoded size of the whole block in bytes. */
  readonly size: number
  readonly finalized: boolean
  /** False for a block of an abandoned branch. */
  readonly canonical: boolean
}

/** A header as it was signed, and its fields. */
export interface HeaderView {
  readonly hash: Hash
  readonly height: Decimal
  readonly raw: Hex
  readonly decoded: { readonly [field: string]: Json }
}

/** What a call would do now, without doing it. */
export interface SimulationView {
  readonly ok: boolean
  readonly fee: Decimal
  readonly intent: string
  readonly error?: FailureView
  readonly events?: readonly EventView[]
}

/** A state value with the path that binds it to the state root of a signed header. */
export interface ProofView {
  readonly path: Hash
  readonly value: Hex | null
  readonly decoded: Json
  readonly proof: Hex
  readonly header: Hex
  readonly height: Decimal
}

/** Entries of one state by their paths, each with its proof under the state root of a signed header. */
export interface StateProofsView {
  readonly header: Hex
  readonly height: Decimal
  /** In the order they were asked for. */
  readonly entries: readonly { readonly path: Hash; readonly value: Hex | null; readonly proof: Hex }[]
}

/** A transaction and its receipt with the paths that bind them to a signed header. */
export interface TransactionProofView {
  readonly id: Hash
  readonly envelope: Hex
  /** Encoded list proof: index, count and siblings, against the transaction root. */
  readonly transactionProof: Hex
  readonly receipt: Hex
  /** Encoded list proof against the receipt root. */
  readonly receiptProof: Hex
  readonly header: Hex
  readonly height: Decimal
}

/** One slot of a round. */
export interface SlotView {
  readonly slot: Decimal
  readonly timeMs: number
  readonly producer: Address
  readonly isExtra: boolean
  readonly state: 'produced' | 'missed' | 'current' | 'upcoming' | 'skipped'
  readonly height?: Decimal
  readonly hash?: Hash
  /** Why there is no block, as far as the node knows: `offline`, `late`, `paused` or `networkHalt`. */
  readonly reason?: string
}

/** A round: who produces when, and what came of it. */
export interface RoundView {
  readonly number: Decimal
  readonly term: number
  readonly startSlot: Decimal
  readonly startTimeMs: number
  readonly order: readonly Address[]
  readonly extra: Address
  readonly slots: readonly SlotView[]
  readonly excluded: readonly { readonly address: Address; readonly untilMs: number; readonly failures: number }[]
  /** All blocks of the round are irreversible. */
  readonly finalized: boolean
}

/** A term: the producers elected for one week. */
export interface TermView {
  readonly term: number
  readonly startHeight: Decimal
  readonly producers: readonly Address[]
  /** Anchors of the producers' hash chains, in their order: with them the list has the hash a header committed to. */
  readonly commitments?: readonly Hash[]
  readonly startsAtMs: number
  readonly endsAtMs: number
}

/** A registered delegate; `commissionBps` in hundredths of a percent. */
export interface DelegateView {
  readonly address: Address
  readonly name: string
  readonly url: string
  readonly commissionBps: number
  readonly weight: Decimal
  readonly rank: number
  readonly isProducer: boolean
  readonly isBackup: boolean
  readonly produced: number
  readonly missed: number
  readonly status: 'producing' | 'excluded' | 'paused' | 'backup' | 'candidate' | 'retired'
  readonly excludedUntilMs?: number
}

/** The waiting room; `transactions` lists the first hundred in the order they would be included. */
export interface MempoolView {
  readonly count: number
  readonly bytes: number
  readonly transactions: readonly { readonly id: Hash; readonly size: number; readonly decoded: DecodedTransaction }[]
}

/** A contract as clients see it: what is needed to encode calls and keys and to decode results. */
export interface ContractInfo {
  readonly name: string
  readonly number: number
  readonly address: Address
  readonly methods: readonly MethodDescriptor[]
  readonly items: readonly (ItemDescriptor & { readonly keyNames: readonly string[] })[]
  readonly events: readonly EventDescriptor[]
  readonly errors: readonly ErrorDescriptor[]
  readonly views: readonly { readonly name: string; readonly args: readonly FieldSpec[]; readonly doc: string }[]
}

/** Every contract of the chain. */
export interface MetadataView {
  readonly contracts: readonly ContractInfo[]
}

/** A funded account of a development network. Its key is public: it protects nothing. */
export interface DevAccount {
  readonly address: Address
  readonly privateKey: Hex
  readonly label: string
}

/** Where the clock of a development network went. */
export interface FastForwardView {
  readonly nowMs: number
  readonly height: Decimal
}

/** What subscribers of `heads` and `finalized` receive; the two lists are empty for `finalized`. */
export interface HeadEvent {
  readonly height: Decimal
  readonly hash: Hash
  readonly parentHash: Hash
  readonly slot: Decimal
  readonly timeMs: number
  readonly producer: Address
  readonly prevotedHeight: Decimal
  readonly finalizedHeight: Decimal
  /** Blocks that left the chain, highest first. */
  readonly removed: readonly Hash[]
  /** Blocks that joined the chain, lowest first; the last one is this head. */
  readonly added: readonly Hash[]
}

/** What subscribers of `pending` receive. */
export interface PendingEvent {
  readonly id: Hash
  readonly decoded: DecodedTransaction
}

/** Topics and what they deliver. */
export interface SubscriptionTopics {
  readonly heads: HeadEvent
  readonly finalized: HeadEvent
  readonly pending: PendingEvent
}

/** A topic one can subscribe to. */
export type SubscriptionTopic = keyof SubscriptionTopics
