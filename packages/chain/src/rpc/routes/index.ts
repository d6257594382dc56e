export type { CallId, RpcAnswer, RpcCall, RpcNotification, SentView } from './envelope.ts'
export type { RpcErrorCode, RpcErrorKind, RpcErrorObject } from './errors.ts'
export { isRpcErrorCode, rpcErrorObject, rpcErrors } from './errors.ts'
export type { RpcLimits } from './limits.ts'
export {
  defaultRpcLimits,
  MAX_ARGUMENTS,
  MAX_BLOCK_RANGE,
  MAX_DECIMAL_LENGTH,
  MAX_FAST_FORWARD_SECONDS,
  MAX_ID_LENGTH,
  MAX_LOG_LINES,
  MAX_METHOD_LENGTH,
  MAX_SENT_TOGETHER,
} from './limits.ts'
export type {
  ExecutionCostView,
  NodeInfoView,
  OperatorChallengeView,
  OperatorDelegateView,
  OperatorLogLevel,
  OperatorLogView,
  OperatorPairingView,
  OperatorPeerView,
  OperatorSlotView,
  OperatorSpanView,
  OperatorStatusView,
  OperatorTraceAction,
  OperatorTraceView,
  SyncState,
} from './operatorViews.ts'
export { isRouteName, routeNames, routes } from './routes.ts'
export type {
  AtOptions,
  BlockReference,
  RouteAccess,
  RouteName,
  RouteParams,
  RouteResult,
  RouteSpec,
  Routes,
  SimulationRequest,
} from './routeTypes.ts'
export type { ScanResult } from './scan.ts'
export { scanMessage } from './scan.ts'
export { headEventSchema, pendingEventSchema } from './viewSchemas.ts'
export type {
  BlockConsensusView,
  BlockView,
  ChainInfo,
  ContractInfo,
  Decimal,
  DecodedTransaction,
  DelegateView,
  DevAccount,
  EventView,
  FailureView,
  FastForwardView,
  HeadEvent,
  HeaderView,
  Json,
  MempoolView,
  MetadataView,
  PendingEvent,
  ProofView,
  ReceiptView,
  RoundView,
  SimulationView,
  SlotView,
  StateProofsView,
  SubscriptionTopic,
  SubscriptionTopics,
  TermView,
  TransactionProofView,
  TransactionView,
} from './views.ts'
