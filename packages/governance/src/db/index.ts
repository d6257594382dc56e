export type { CheckpointRow } from './checkpoint.ts'
export { readCheckpoint, writeCheckpoint } from './checkpoint.ts'
export type { CollectionEventRow, CollectionRuleRow } from './collectionRows.ts'
export type { CheckOutcome } from './contents/checks.ts'
export {
  archiveOfBundle,
  askForCheck,
  askForProposed,
  claimCheck,
  countChecks,
  findCheck,
  releaseCheck,
  settleCheck,
} from './contents/checks.ts'
export { findContent, isNamed, keptOf, pruneContents, putContent } from './contents/contents.ts'
export type { Database, DatabaseOptions } from './database.ts'
export { createDatabase, inTransaction } from './database.ts'
export { DatabaseError } from './errors.ts'
export type { Json } from './json.ts'
export { toColumns, toJson } from './json.ts'
export { migrate } from './migrate.ts'
export type { ChannelRow, NewChannel } from './people/channels.ts'
export {
  addChannel,
  channelView,
  confirmChannel,
  countConfirmations,
  findChannel,
  listChannels,
  pruneChannels,
  removeChannel,
  stopChannel,
} from './people/channels.ts'
export type { CommentRow, NewComment, ThreadRow } from './people/comments.ts'
export { addComment, editComment, listThreads, talkAbout, threadOf, withdrawComment } from './people/comments.ts'
export type { DeliveryOutcome, DeliveryRow, NewDelivery } from './people/deliveries.ts'
export {
  addDelivery,
  claimDelivery,
  deliveryView,
  listDeliveries,
  pruneDeliveries,
  reviveDelivery,
  settleDelivery,
  waitingDeliveries,
} from './people/deliveries.ts'
export type { Actor } from './people/sessions.ts'
export { addNonce, addSession, endSession, findSession, pruneSessions, takeNonce } from './people/sessions.ts'
export type { NewSubscription, SubscriptionRow } from './people/subscriptions.ts'
export {
  listSubscriptions,
  listWishes,
  putSubscription,
  removeSubscription,
  subscriptionView,
} from './people/subscriptions.ts'
export { dropWatchesExcept, readWatches, writeWatch } from './people/watches.ts'
export type { ProposalEventRow, ProposalReviewerRow, ProposalRow } from './proposalRows.ts'
export type { AccountRecord } from './reads/accounts.ts'
export { findAccount, findToken, listBalances, listTokens } from './reads/accounts.ts'
export { placeOf, recentExclusions, recentSlots, recentTerms } from './reads/alertFacts.ts'
export { latestAudits, pruneAudits, writeAudit } from './reads/audits.ts'
export type { BlockQuery, ChainCounts } from './reads/blocks.ts'
export { chainTotals, findBlock, listBlocks, recentThroughput } from './reads/blocks.ts'
export type { StandingRecord } from './reads/delegates.ts'
export {
  listBackers,
  listStandings,
  performanceOf,
  profileChanges,
  roundPerformance,
  termPerformance,
  termsServed,
  weightHistory,
} from './reads/delegates.ts'
export { delegateNames } from './reads/names.ts'
export type { ProposalQuery } from './reads/proposals.ts'
export { countProposals, findProposal, listProposals } from './reads/proposals.ts'
export { claimedTotal, delegateTerms, listClaims, termIncome } from './reads/rewards.ts'
export { rolesOf } from './reads/roles.ts'
export type { RoundRecord, TermRecord } from './reads/rounds.ts'
export {
  findRound,
  findTerm,
  listMisses,
  listRounds,
  listTerms,
  missedInLastRound,
  slotStateOf,
} from './reads/rounds.ts'
export type { SearchRows } from './reads/search.ts'
export { searchDelegates, searchHashes, searchTokens } from './reads/search.ts'
export { findPosition, listPositions, positionTotals } from './reads/stake.ts'
export type { PlacedTransaction, TransactionPlace, TransactionQuery } from './reads/transactions.ts'
export {
  accountActivity,
  countCalls,
  findTransaction,
  listTransactions,
  transactionSummary,
  transactionsOfBlock,
} from './reads/transactions.ts'
export { bundleTitles, proposalDeadlines, timesUpTo, upgradeNews } from './reads/upgradeNews.ts'
export type { EraRecord, RuleRecord } from './reads/upgrades.ts'
export {
  collectionEvents,
  everySignalCount,
  findRule,
  lastSignals,
  listEras,
  proposalsOfBundles,
  signalCountOf,
  signalCounts,
  signalHistory,
  signalStrip,
} from './reads/upgrades.ts'
export type { RewardClaimRow, RewardPointRow, RewardTermRow } from './rewardRows.ts'
export type { RoundRow, RoundSlotRow, TermProducerRow, TermRow } from './roundRows.ts'
export type {
  AccountRow,
  ActivityRow,
  BackerRow,
  BalanceRow,
  BlockRow,
  DelegateRow,
  EventRow,
  FactRows,
  FactTable,
  PositionRow,
  ProfileChangeRow,
  StateRows,
  StateTable,
  TokenRow,
  TransactionRow,
  VoteChangeRow,
  WeightPointRow,
} from './rows.ts'
export { factTables, stateTableNames } from './rows.ts'
export type { IndexSignal } from './signal.ts'
export { INDEX_CHANNEL, sendSignal } from './signal.ts'
export type { UndoImage } from './write.ts'
export {
  deleteState,
  insertFacts,
  insertUndo,
  loadState,
  pruneUndo,
  rowKey,
  undoAbove,
  upsertState,
  wipe,
} from './write.ts'
