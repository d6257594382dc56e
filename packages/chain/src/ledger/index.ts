export { checkHeader, MARK_WINDOW, type RecentWindow } from './checks.ts'
export { LedgerError, type LedgerErrorCode } from './errors.ts'
export type { Ledger } from './ledger.ts'
export { openLedger } from './openLedger.ts'
export type {
  BatchResult,
  BlockEnvironment,
  BlockExecutor,
  BlockNode,
  BuildInput,
  BuiltBlock,
  EngineCodec,
  Execution,
  ExecutionInput,
  ImportOptions,
  ImportResult,
  LedgerIndexer,
  LedgerOptions,
  LedgerPorts,
  Outcome,
  OutcomeMemo,
  StoredBlock,
  Trace,
  TraceStep,
  TransactionPlace,
} from './types.ts'
