export { IndexerError } from './errors.ts'
export type { Indexer, IndexerLogger, IndexerOptions, StepResult } from './indexer.ts'
export { createIndexer } from './indexer.ts'
export type { RunningIndexer } from './run.ts'
export { runIndexer } from './run.ts'
export type { RpcSourceOptions } from './sources/rpcSource.ts'
export { createRpcSource } from './sources/rpcSource.ts'
export type {
  ChainSource,
  SourceBlock,
  SourceCollection,
  SourceDelegate,
  SourceEvent,
  SourceGenesis,
  SourceInfo,
  SourcePosition,
  SourceRanking,
  SourceRound,
  SourceSharing,
  SourceTerm,
  SourceToken,
  SourceTransaction,
} from './sources/source.ts'
