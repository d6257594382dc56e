import type { z } from 'zod'
import type { Hash, Hex } from '#primitives'
import type { SentView } from './envelope.ts'
import type {
  ExecutionCostView,
  NodeInfoView,
  OperatorChallengeView,
  OperatorLogLevel,
  OperatorLogView,
  OperatorPairingView,
  OperatorStatusView,
  OperatorTraceAction,
  OperatorTraceView,
} from './operatorViews.ts'
import type {
  BlockView,
  ChainInfo,
  Decimal,
  DelegateView,
  DevAccount,
  FastForwardView,
  HeaderView,
  Json,
  MempoolView,
  MetadataView,
  ProofView,
  RoundView,
  SimulationView,
  StateProofsView,
  SubscriptionTopic,
  TermView,
  TransactionProofView,
  TransactionView,
} from './views.ts'

/** A height, a block hash, or one of the three moving names. */
export type BlockReference = 'latest' | 'finalized' | 'genesis' | Hex | Decimal | number

/** A call that is only tried. */
export interface SimulationRequest {
  readonly from: Hex
  readonly contract: string
  readonly method: string
  readonly args: { readonly [name: string]: Json }
}

/** At which height to read; the head when left out. */
export interface AtOptions {
  readonly at?: Decimal | number
}

interface Route<Params extends readonly unknown[], Result> {
  readonly params: Params
  readonly result: Result
}

/** Parameters (in order) and result of every method. */
export interface Routes {
  readonly aelf_chainInfo: Route<[], ChainInfo>
  readonly aelf_getBlock: Route<
    [reference: BlockReference, options?: { readonly transactions?: 'ids' | 'full' }],
    BlockView
  >
  readonly aelf_getBlocks: Route<[from: Decimal | number, to: Decimal | number], BlockView[]>
  readonly aelf_getHeader: Route<[reference: BlockReference], HeaderView>
  readonly aelf_getTransaction: Route<[id: Hex], TransactionView>
  readonly aelf_sendTransaction: Route<[envelope: Hex], { readonly id: Hash }>
  readonly aelf_sendTransactions: Route<[envelopes: readonly Hex[]], readonly SentView[]>
  readonly aelf_simulate: Route<[call: SimulationRequest], SimulationView>
  readonly aelf_estimateFee: Route<[call: SimulationRequest], { readonly fee: Decimal }>
  readonly aelf_call: Route<
    [contract: string, view: string, args?: { readonly [name: string]: Json }, options?: AtOptions],
    Json
  >
  readonly aelf_getProof: Route<[contract: string, item: string, key: readonly Json[], options?: AtOptions], ProofView>
  readonly aelf_getStateProofs: Route<[paths: readonly Hex[], options?: AtOptions], StateProofsView>
  readonly aelf_getTransactionProof: Route<[id: Hex], TransactionProofView>
  readonly aelf_getRound: Route<[round?: 'latest' | Decimal | number], RoundView>
  readonly aelf_getTerm: Route<[term?: 'latest' | number], TermView>
  readonly aelf_getDelegates: Route<[], DelegateView[]>
  readonly aelf_getMempool: Route<[], MempoolView>
  readonly aelf_getMetadata: Route<[], MetadataView>
  readonly aelf_executionCosts: Route<[], ExecutionCostView[]>
  readonly aelf_nodeInfo: Route<[], NodeInfoView>
  readonly aelf_operatorChallenge: Route<[address: Hex], OperatorChallengeView>
  readonly aelf_operatorPair: Route<[nonce: string, signature: Hex], OperatorPairingView>
  readonly aelf_operatorStatus: Route<[token: string], OperatorStatusView>
  readonly aelf_operatorLogs: Route<
    [token: string, options: { readonly limit: number; readonly level: OperatorLogLevel }],
    OperatorLogView[]
  >
  readonly aelf_operatorTrace: Route<[token: string, action: OperatorTraceAction], OperatorTraceView>
  readonly aelf_operatorUnpair: Route<[token: string], boolean>
  readonly aelf_devAccounts: Route<[], DevAccount[]>
  readonly aelf_fastForward: Route<[jump: { readonly seconds: number }], FastForwardView>
  readonly aelf_pauseDelegate: Route<[delegate: Hex], { readonly paused: boolean }>
  readonly aelf_resumeDelegate: Route<[delegate: Hex], { readonly paused: boolean }>
  readonly aelf_signalCollection: Route<[delegate: Hex, collection: Hex | null], { readonly signal: Hash | null }>
  readonly aelf_subscribe: Route<[topic: SubscriptionTopic], string>
  readonly aelf_unsubscribe: Route<[subscription: string], boolean>
}

/** Name of a method. */
export type RouteName = keyof Routes
/** Parameters of a method, in order. */
export type RouteParams<Name extends RouteName> = Routes[Name]['params']
/** Result of a method. */
export type RouteResult<Name extends RouteName> = Routes[Name]['result']

/** Who may use a method: anyone who can read; only a development network; only over a WebSocket. */
export type RouteAccess = 'open' | 'devnet' | 'socket'

/** A method as both sides know it. */
export interface RouteSpec<Name extends RouteName> {
  readonly name: Name
  readonly doc: string
  readonly access: RouteAccess
  /** Names of the parameters in order; a call may also give them by name. */
  readonly names: readonly string[]
  readonly params: z.ZodType<RouteParams<Name>>
  readonly result: z.ZodType<RouteResult<Name>>
}
