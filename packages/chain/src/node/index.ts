export type {
  BlockConsensus,
  BlockRecord,
  CallRequest,
  DelegateRecord,
  DevAccount,
  DevnetApi,
  NodeApi,
  NodeEvent,
  NodeStatus,
  NodeWarning,
  RoundRecord,
  SimulationRecord,
  SlotReason,
  SlotRecord,
  SlotState,
  StateAt,
  TermRecord,
  TransactionRecord,
} from './api.ts'
export { type Authenticator, createAuthenticator, inlineExec } from './authenticator.ts'
export { createSystemClock, openShiftingClock, type ShiftingClock } from './clock.ts'
export { createNode, delegateKeys, type NodeOptions, type NodePorts, type RunningNode } from './compose.ts'
export { type DevnetConfig, readDevnetConfig } from './config.ts'
export { type Devnet, type DevnetOptions, startDevnet } from './devnet.ts'
export { type EngineNames, installEngines } from './engines.ts'
export { NodeError, type NodeErrorCode } from './errors.ts'
export { createLogger, type LogLevel, withFields } from './logger.ts'
export { createRecoverPool, pooledExec, type RecoverPool } from './recoverPool.ts'
export { type BlockSigner, openSigner } from './signer.ts'
export { VERSION } from './version.ts'
