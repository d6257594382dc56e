export { readCheckpoint, writeCheckpoint } from './checkpoint.ts'
export type { CheckpointRow } from './checkpoint.ts'
export { createDatabase, inTransaction } from './database.ts'
export type { Database, DatabaseOptions } from './database.ts'
export { DatabaseError } from './errors.ts'
export { toColumns, toJson } from './json.ts'
export type { Json } from './json.ts'
export { migrate } from './migrate.ts'
export { factTables, stateTableNames } from './rows.ts'
export type {
  AccountRow, ActivityRow, BackerRow, BalanceRow, BlockRow, DelegateRow, EventRow, FactRows, FactTable, PositionRow, ProfileChangeRow, RoundRow,
  RoundSlotRow, StateRows, StateTable, TermProducerRow, TermRow, TokenRow, TransactionRow, VoteChangeRow, WeightPointRow,
} from './rows.ts'
export { INDEX_CHANNEL, sendSignal } from './signal.ts'
export type { IndexSignal } from './signal.ts'
export { deleteState, insertFacts, insertUndo, loadState, pruneUndo, rowKey, undoAbove, upsertState, wipe } from './write.ts'
export type { UndoImage } from './write.ts'
