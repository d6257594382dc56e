export { type DryRunOptions, dryRun } from './dryRun.ts'
export { DryRunError } from './error.ts'
export { openRpcChain } from './rpcChain.ts'
export type {
  DescriptorChange,
  DryRunReport,
  FeeChange,
  LiveChain,
  Migration,
  Outcome,
  ParameterChange,
  ProvenEntry,
  Replay,
  ReplayDifference,
} from './types.ts'
