export { SyncError, type SyncErrorCode } from './errors.ts'
export { blocksAfter, bodiesOf, headersAfter, locatorOf, mayHaveMore, type RangeQuestion } from './serve.ts'
export { Sync } from './sync.ts'
export type { SyncOptions, SyncPorts, SyncProgress, SyncQuestion } from './types.ts'
