import type { SignInChallenge } from '@aelf/governance/domain'
import type { Session } from './session.ts'

/** What pages know of wallets. The implementation, with every wallet library, is fetched by `loadWallet` on first use. */
export interface WalletChoice {
  readonly id: string
  readonly name: string
  /** `data:` image announced by the wallet; other addresses are not loaded. */
  readonly icon?: string
}

export interface DemoAccount {
  readonly address: `0x${string}`
  readonly label: string
}

export type CallArguments = Readonly<Record<string, string | number | bigint | boolean>>

/** One contract method with named arguments. */
export interface CallRequest {
  readonly contract: string
  readonly method: string
  readonly args: CallArguments
}

/** Exactly what the wallet is asked to sign, in the words it shows. */
export interface Prepared {
  readonly from: `0x${string}`
  readonly intent: string
  readonly fee: bigint
  readonly feeLimit: bigint
  readonly refHeight: bigint
  readonly network: string
  readonly fields: readonly { readonly name: string; readonly type: string; readonly value: string }[]
  readonly typedDataJson: string
}

/** A failure in three parts: what happened, what to do, a code to quote. */
export interface Failure {
  readonly title: string
  readonly help: string
  readonly code: string
}

export interface SignHooks {
  /** The data that is before the wallet right now. */
  readonly onSigning: (prepared: Prepared) => void
  readonly onSigned: (envelope: `0x${string}`) => void
}

export interface WalletPort {
  listWallets(): Promise<readonly WalletChoice[]>
  /** Funded accounts of a development network; empty on any other. */
  listDemoAccounts(): Promise<readonly DemoAccount[]>
  connectWallet(id: string): Promise<Session>
  connectDemo(account: DemoAccount): Session
  disconnect(): Promise<void>
  /** Spendable ELF of an account, read from the chain. */
  balanceOf(address: `0x${string}`): Promise<bigint>
  prepare(session: Session, call: CallRequest): Promise<Prepared>
  /** Has the call signed and sent; refuses when the words differ from the reviewed ones. Returns the transaction id. */
  send(session: Session, call: CallRequest, reviewed: Prepared, hooks: SignHooks): Promise<`0x${string}`>
  /** Hands signed bytes to the node once more; harmless when it already has them. */
  resend(envelope: `0x${string}`): Promise<`0x${string}`>
  /** The Sign-In with Ethereum message of an account for a number of the server. */
  signInText(session: Session, challenge: SignInChallenge): string
  /** Has a text signed (`personal_sign`); the caller shows it before. */
  signText(session: Session, text: string): Promise<`0x${string}`>
  failureOf(error: unknown): Failure
}

let loading: Promise<WalletPort> | undefined

/** Fetches the wallet code once. */
export function loadWallet(): Promise<WalletPort> {
  loading ??= import('./runtime.ts').then((module) => module.createWalletPort())
  loading.catch(() => {
    loading = undefined
  })
  return loading
}
