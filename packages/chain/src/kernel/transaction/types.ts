import type { Address, Amount, Bytes, Hash, Hex } from '#primitives'

export interface UnsignedTransaction {
  readonly version: 1
  /** u64: the chain the wallet was on when it signed. */
  readonly walletChainId: bigint
  readonly from: Address
  readonly contract: Address
  /** u16 */
  readonly method: number
  /** Canonical argument bytes. */
  readonly args: Bytes
  /** u64: height of the block named by the mark. */
  readonly refHeight: bigint
  /** First 8 bytes of that block's hash. */
  readonly refHash: Hex
  /** u128: most the sender pays, in the smallest unit of ELF. */
  readonly feeLimit: Amount
  /** 8 random bytes. */
  readonly nonce: Hex
}

export interface Authorization {
  /** 0: one secp256k1 key. */
  readonly kind: 0
  /** 65 bytes r ‖ s ‖ v. */
  readonly signature: Hex
}

export interface SignedTransaction extends UnsignedTransaction {
  readonly authorization: Authorization
}

export interface NetworkIdentity {
  /** Shown to the signer, for example `aelf devnet`. */
  readonly name: string
  readonly genesisHash: Hash
}
