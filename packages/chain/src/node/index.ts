export type {
  BlockConsensus,
  BlockRecord,
  CallRequest,
  CollectionStatus,
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
  SyncStatus,
  TermRecord,
  TransactionRecord,
} from './api.ts'
export { type Authenticator, createAuthenticator, inlineExec } from './authenticator.ts'
export { createSystemClock, openShiftingClock, type ShiftingClock } from './clock.ts'
export { createNode, type NodeOptions, type NodePorts, type RunningNode } from './compose.ts'
export { type DevnetConfig, readDevnetConfig } from './config.ts'
export type { ContractBook } from './contractBook.ts'
export { installBundle, listBundles, readBundle, readSignal, writeSignal } from './daemon/bundleFolder.ts'
export { CollectionWatch, openingError } from './daemon/collectionWatch.ts'
export { type NodeDeps, type RunningDaemon, startNode } from './daemon/daemon.ts'
export { loadNodeConfig, type NodeConfig, type NodeFlags, readNodeConfig } from './daemon/nodeConfig.ts'
export { type RunningSigner, type SignerConfig, startRemoteSigner } from './daemon/signerDaemon.ts'
export { guardStore } from './daemon/storeGuard.ts'
export { type Decoder, plainDecoder } from './decoder.ts'
export { startDevnet } from './devnet.ts'
export type { Devnet, DevnetOptions } from './devnetTypes.ts'
export { type EngineNames, installEngines } from './engines.ts'
export { NodeError, type NodeErrorCode } from './errors.ts'
export { defaultLanes, MAX_LANES } from './executing.ts'
export { nodeExitCode, nodeExitCodes } from './exitCodes.ts'
export {
  commitmentOf,
  createKeystore,
  DEFAULT_REVEAL_LENGTH,
  type DelegateSecrets,
  delegateSecrets,
  describeKeystore,
  openKeystore,
  withoutPrivateKey,
} from './keys/keystore.ts'
export { type LastSigned, openRecordFile, readRecordFile } from './keys/signedRecord.ts'
export { type BlockSigner, openSigner } from './keys/signer.ts'
export { createLogger, type LogFormat, type LoggerOptions, type LogLevel, withFields } from './logger.ts'
export { createLogRing, type LogLine, type LogRing } from './logRing.ts'
export { delegateKeys } from './producing.ts'
export { createRecoverPool, pooledExec, type RecoverPool } from './recoverPool.ts'
export { createRedactor, type Redactor } from './redactor.ts'
export { VERSION } from './version.ts'
