import type { Address, Amount, Bytes, Hash, Hex } from '#primitives'
import type { SignedTransaction } from '../transaction/types.ts'

export interface Header {
  readonly version: 1
  /** u32 */
  readonly chainId: number
  readonly height: bigint
  readonly parentHash: Hash
  /** u64 slot number since genesis. */
  readonly slot: bigint
  readonly producer: Address
  readonly transactionRoot: Hash
  readonly receiptRoot: Hash
  readonly stateRoot: Hash
  /** Root over indexed side-chain blocks; the empty list root when there are none. */
  readonly indexRoot: Hash
  /** Hash of the collection this producer supports as successor; zero for none. */
  readonly signal: Hash
  /** Engine-specific, at most 4096 bytes. */
  readonly consensus: Bytes
  /** Described by the chain's collection, at most 1024 bytes. */
  readonly extension: Bytes
}

export interface SignedHeader extends Header {
  /** 65 bytes r ‖ s ‖ v over `hash`. */
  readonly signature: Hex
  readonly hash: Hash
}

export interface Block {
  readonly header: SignedHeader
  readonly transactions: readonly SignedTransaction[]
}

export interface ReceiptEvent {
  readonly contract: Address
  readonly number: number
  readonly data: Bytes
}

export interface ReceiptError {
  /** Number of the contract that refused; 0 is the runtime. */
  readonly contract: number
  readonly error: number
}

export interface Receipt {
  readonly transactionId: Hash
  readonly status: 'success' | 'failed'
  readonly error?: ReceiptError
  readonly fee: Amount
  readonly events: readonly ReceiptEvent[]
}
