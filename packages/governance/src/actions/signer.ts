import type { Address, Hex } from '#domain'
import type { TransactionTypedData } from './prepareTransaction.ts'

/** Whoever signs: a wallet in the browser or a key in a file. The private key stays behind this line. */
export interface TransactionSigner {
  readonly address: Address
  /** Chain the wallet is on now; it is echoed in the signed domain, because wallets refuse any other. */
  walletChainId(): Promise<bigint>
  /** 65-byte signature r ‖ s ‖ v over the typed data. */
  signTypedData(data: TransactionTypedData): Promise<Hex>
}

/** The part of a viem local account that signing needs. */
export interface LocalAccountLike {
  readonly address: string
  signTypedData(data: TransactionTypedData): Promise<Hex>
}

/** Makes a signer of a viem local account; `chainId` defaults to Ethereum's 1, which every verifier accepts. */
export function accountToSigner(account: LocalAccountLike, chainId: bigint = 1n): TransactionSigner {
  return {
    address: account.address.toLowerCase() as Address,
    walletChainId: () => Promise.resolve(chainId),
    signTypedData: (data) => account.signTypedData(data),
  }
}
