import type { NodeInfoView, OperatorStatusView } from '@aelf/chain/rpc'

/** What a delegate's own node tells its paired operator. The node says it, so its words are the only ones. */
export type {
  NodeInfoView as OperatorNodeInfo,
  OperatorChallengeView as OperatorChallenge,
  OperatorDelegateView as OperatorDelegate,
  OperatorLogLevel as LogLevel,
  OperatorLogView as OperatorLogLine,
  OperatorPairingView as OperatorPairing,
  OperatorPeerView as OperatorPeer,
  OperatorSlotView as OperatorSlot,
  OperatorStatusView as OperatorStatus,
} from '@aelf/chain/rpc'

export type NodeRole = NodeInfoView['role']
export type NodeSyncState = NodeInfoView['sync']['state']
export type OperatorWarning = OperatorStatusView['warnings'][number]
