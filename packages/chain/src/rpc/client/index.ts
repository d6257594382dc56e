export { type ClientErrorCode, RpcRequestError } from './error.ts'
export { createRpcClient, type RpcClient, type RpcClientOptions } from './http.ts'
export { createWsClient, type SocketConstructor, type SocketLike, type SocketStatus, type WsClient, type WsClientOptions } from './socket.ts'
export type { RequestArguments, Requester, RequestOptions, ResultChecker } from './types.ts'
export type {
  AtOptions, BlockConsensusView, BlockReference, BlockView, ChainInfo, Decimal, DecodedTransaction, DelegateView, DevAccount, EventView,
  FailureView, FastForwardView, HeadEvent, HeaderView, Json, MempoolView, MetadataView, PendingEvent, ProofView, ReceiptView, RouteName,
  RouteParams, RouteResult, Routes, RoundView, RpcErrorCode, RpcErrorObject, SimulationRequest, SimulationView, SlotView,
  SubscriptionTopic, SubscriptionTopics, TermView, TransactionProofView, TransactionView,
} from '#rpc/routes'
