import type { DelegateStatus, PositionView } from './stakeViews.ts'
import type { Address, Amount, Hash, Hex } from './values.ts'

/**
 * The shapes every tRPC procedure returns. Units: amounts and weights in smallest units (`bigint`), heights and slots
 * `bigint`, rounds, terms, ranks and counts `number`, times in milliseconds since the epoch, commission in basis points.
 */

/** Which block an answer was read at, and how far behind the node the index was at that moment. */
export interface DataAge {
  /** Height of the newest indexed block; undefined while nothing is indexed yet. */
  readonly height?: bigint
  readonly hash?: Hash
  /** Slot time of that block. */
  readonly timeMs?: number
  readonly finalizedHeight: bigint
  /** Blocks the index is behind the node; undefined when the node did not answer. */
  readonly behind?: bigint
  /** Server time of the answer. */
  readonly answeredAtMs: number
}

export interface Dated {
  readonly asOf: DataAge
}

/** One page of a list; pass `nextCursor` back as `cursor`. */
export interface Page<T> extends Dated {
  readonly items: readonly T[]
  readonly nextCursor?: string
}

// ---- network ----

export type NodeState = 'ok' | 'stalled' | 'unreachable'

export interface NodeHealth {
  readonly state: NodeState
  /** One sentence for people, for instance why the node counts as stalled. */
  readonly detail: string
  readonly latencyMs?: number
  readonly version?: string
  /** Nodes the answering process runs or sees. */
  readonly nodes?: number
  readonly engines?: { readonly signature: string; readonly hash: string }
}

export interface PulseView extends Dated {
  readonly network: string
  readonly chainId: number
  readonly genesisHash: Hash
  readonly genesisTimeMs: number
  readonly slotMs: number
  readonly devnet: boolean
  /** Head as the node reports it; the indexed head when the node does not answer. */
  readonly height: bigint
  readonly headHash: Hash
  readonly headSlot: bigint
  readonly headTimeMs: number
  readonly headAgeMs: number
  /** The chain's clock, which a development network may fast-forward. */
  readonly chainNowMs: number
  readonly prevotedHeight: bigint
  readonly finalizedHeight: bigint
  readonly round: number
  readonly term: number
  readonly termStartsAtMs: number
  readonly termEndsAtMs: number
  readonly termSeconds: number
  readonly producers: { readonly active: number; readonly total: number; readonly excluded: number }
  readonly missedLastRound: number
  /** Over the last 100 indexed blocks. */
  readonly throughput: { readonly blocks: number; readonly transactions: number; readonly perSecond: number }
  readonly totalTransactions: number
  readonly totalLocked: Amount
  readonly voters: number
  readonly node: NodeHealth
}

/** What `network.live` sends: the newest state after each change; `changed` says which parts moved. */
export interface LiveEvent {
  readonly changed: readonly ('head' | 'round' | 'finalized' | 'term' | 'reorganised')[]
  readonly head: BlockSummary
  readonly round: number
  readonly term: number
  readonly prevotedHeight: bigint
  readonly finalizedHeight: bigint
  /** When blocks were taken back and it is known: the height that both branches share. */
  readonly commonHeight?: bigint
}

// ---- blocks ----

export interface BlockSummary {
  readonly height: bigint
  readonly hash: Hash
  readonly timeMs: number
  readonly slot: bigint
  readonly round: number
  readonly term: number
  readonly producer: Address
  readonly producerName?: string
  readonly isExtra: boolean
  readonly transactionCount: number
  readonly fees: Amount
  readonly size: number
  readonly finalized: boolean
}

export interface BlockView extends BlockSummary, Dated {
  readonly parentHash: Hash
  readonly nextHash?: Hash
  readonly transactionRoot: Hash
  readonly receiptRoot: Hash
  readonly stateRoot: Hash
  readonly indexRoot: Hash
  readonly signal?: Hash
  /** Place in the round's order, 0-based; absent for the extra slot. */
  readonly index?: number
  readonly reveal?: Hash
  readonly prevotedHeight: bigint
  readonly generatedHeight?: bigint
  readonly confirmations: number
  readonly signature?: Hex
  readonly transactions: readonly TransactionSummary[]
}

// ---- transactions ----

export type ArgumentValue = string | number | bigint | boolean

/** One named argument or event field; `display` is ready text (token amounts with eight decimals). */
export interface FieldView {
  readonly name: string
  readonly type: string
  readonly value: ArgumentValue
  readonly display: string
}

export type TransactionStatus = 'pending' | 'success' | 'failed' | 'expired' | 'unknown'

export interface TransactionSummary {
  readonly id: Hash
  readonly status: TransactionStatus
  readonly from: Address
  readonly contract: Address
  readonly contractName: string
  readonly method: string
  /** The sentence the signer saw. */
  readonly intent: string
  readonly fee: Amount
  readonly height?: bigint
  readonly index?: number
  readonly timeMs?: number
  readonly finalized: boolean
  /** Receipt error, for instance `token.insufficientBalance`. */
  readonly errorCode?: string
}

export interface EventView {
  readonly index: number
  readonly contract: Address
  readonly contractName: string
  readonly name: string
  readonly fields: readonly FieldView[]
}

export interface TransactionView extends TransactionSummary, Dated {
  readonly args: readonly FieldView[]
  readonly signature: string
  /** Raw signed bytes; absent for an unknown id. */
  readonly envelope?: Hex
  readonly refHeight?: bigint
  readonly refHash?: Hex
  readonly feeLimit?: Amount
  readonly nonce?: Hex
  readonly blockHash?: Hash
  readonly error?: { readonly code: string; readonly help: string }
  readonly events: readonly EventView[]
  readonly confirmations: number
  /** Confirmation milestones of the whitepaper, 5 and 15 blocks, and irreversibility. */
  readonly milestones: { readonly five: boolean; readonly fifteen: boolean; readonly irreversible: boolean }
}

// ---- accounts ----

export interface BalanceView {
  readonly symbol: string
  readonly available: Amount
  readonly locked: Amount
  readonly total: Amount
}

export interface AccountView extends Dated {
  readonly address: Address
  readonly exists: boolean
  readonly elf: BalanceView
  /** All symbols, the native token first. */
  readonly balances: readonly BalanceView[]
  readonly transactionCount: number
  readonly firstSeen?: bigint
  readonly lastSeen?: bigint
  readonly positions: readonly PositionView[]
  readonly votingWeight: bigint
  readonly delegate?: { readonly name: string; readonly rank?: number; readonly status: DelegateStatus }
  /** Set when the address is a system contract or a system account. */
  readonly contractName?: string
}

/** What an account sent, received, locked or was named in. */
export interface ActivityView extends TransactionSummary {
  readonly direction: 'out' | 'in' | 'self' | 'mention'
}
