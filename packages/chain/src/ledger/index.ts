export { checkHeader, MARK_WINDOW, type RecentWindow } from './checks.ts'
export { LedgerError, type LedgerErrorCode } from './errors.ts'
export { type Ledger, openLedger } from './ledger.ts'
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
  TransactionPlace,
} from './types.ts'
