import type { MethodDescriptor, ReceiptError, SignedTransaction } from '#kernel'
import type { Address, Amount, Bytes, Hash, Hex, Logger, RecordLog } from '#primitives'

/** What the waiting room must know of the chain; every answer is about the present head. */
export interface MempoolChain {
  height(): bigint
  /** The 8-byte mark of the head's ancestor (or itself) at this height; undefined outside of the window. */
  markAt(height: bigint): Hex | undefined
  /** Whether one of the last 64 blocks contains this id; only those above the transaction's mark can. */
  includes(id: Hash, refHeight: bigint): boolean
  method(contract: Address, number: number): MethodDescriptor | undefined
  fee(bytes: number, method: MethodDescriptor): Amount
  /** What the account can pay fees from. */
  balance(account: Address): Amount
  /** The contract's own check against the present state. */
  verify(transaction: SignedTransaction, id: Hash): ReceiptError | undefined
}

export interface MempoolDeps {
  readonly chain: MempoolChain
  /** As the kernel's `decodeSharedTransaction`, which it is when left out. */
  decode?(envelope: Bytes): SignedTransaction
  /** The accounts whose keys signed what this node renders for the transactions; undefined for a malformed signature. */
  authenticate(
    transactions: readonly SignedTransaction[],
    ids: readonly Hash[],
  ): Promise<readonly (Address | undefined)[]>
  /** Where acknowledged transactions survive a crash. */
  readonly journal: RecordLog
  readonly logger: Logger
}

export interface MempoolOptions {
  readonly maxTransactions?: number
  readonly maxBytes?: number
  readonly maxPerAccount?: number
}

/** A transaction that waits. */
export interface PoolEntry {
  readonly id: Hash
  readonly transaction: SignedTransaction
  readonly envelope: Uint8Array
  readonly fee: Amount
  /** Order of arrival. */
  readonly arrival: bigint
  /** Whether the node stands for it, and offers it again while it waits. */
  isOwn: boolean
}

/** What became of a transaction that was added: where it waits, or a TxError that says why it does not. */
export type Admitted = { readonly entry: PoolEntry } | { readonly error: unknown }
