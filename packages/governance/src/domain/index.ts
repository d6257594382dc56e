export {
  type AlertEvent,
  type AlertFacts,
  type AlertWish,
  findAlerts,
  findFinalityAlert,
  findUpgradeAlerts,
  isInside,
} from './alertRules.ts'
export {
  type AlertChannelKind,
  type AlertChannelView,
  type AlertDeliveryView,
  type AlertKind,
  type AlertOptionsView,
  type AlertSubscriptionView,
  type AlertsView,
  alertKinds,
  networkKinds,
  type SignInChallenge,
} from './alertViews.ts'
export { formatAmount } from './amount.ts'
export type { ArchiveCheckView, ArchiveOutcome, ArchiveReport, BaseView, ProposalContentView } from './contentViews.ts'
export {
  COMMENT_MAX_BYTES,
  type CommentRole,
  type CommentView,
  commentRoles,
  type DiscussionView,
  type TalkView,
  type ThreadView,
} from './discussion.ts'
export { seatCount } from './election.ts'
export { type CalendarEvent, renderCalendar } from './feeds/calendar.ts'
export { renderRss } from './feeds/rss.ts'
export type {
  HealthView,
  MissView,
  NodeCollection,
  NodeConcern,
  NodePointView,
  NodesAgreement,
  NodesView,
} from './healthViews.ts'
export type {
  LogLevel,
  NodeRole,
  NodeSyncState,
  OperatorChallenge,
  OperatorDelegate,
  OperatorLogLine,
  OperatorNodeInfo,
  OperatorPairing,
  OperatorPeer,
  OperatorSlot,
  OperatorStatus,
  OperatorWarning,
} from './operatorViews.ts'
export {
  ARCHIVE_MAX_BYTES,
  checklistQuestions,
  PROPOSAL_TEXT_MAX_BYTES,
  PROPOSAL_TITLE_MAX,
  type ProposalOutlook,
  type ProposalStatus,
  proposalOutlook,
  proposalStatusAt,
  proposalStatuses,
  quorumOf,
  type Verdict,
  verdictNumber,
  verdictOf,
  verdicts,
} from './proposal.ts'
export type {
  ProposalEventKind,
  ProposalEventView,
  ProposalListView,
  ProposalRulesView,
  ProposalSummary,
  ProposalView,
  ProposalVoterView,
  ReviewView,
} from './proposalViews.ts'
export { previewRanking, type RankedDelegate, type RankingPreview } from './rankingPreview.ts'
export {
  type ClaimableView,
  type ClaimableVoteView,
  type DelegateTermView,
  perThousandOf,
  type RewardClaimsView,
  type RewardClaimView,
  type TermIncomeView,
} from './rewardViews.ts'
export type {
  ExclusionView,
  RoundSlotView,
  RoundSummary,
  RoundView,
  SlotState,
  TermProducerView,
  TermSummary,
  TermView,
} from './roundViews.ts'
export {
  DAY_MS,
  isLockDays,
  LOCK_DAYS_MAX,
  LOCK_DAYS_MIN,
  lockMultiplier,
  multiplierHundredths,
  shareBps,
  stakeWeight,
  VOTE_AMOUNT_MIN,
} from './stake.ts'
export type {
  BackerView,
  DelegateListView,
  DelegateStatus,
  DelegateSummary,
  DelegateView,
  PerformanceView,
  PositionChangeView,
  PositionDetailView,
  PositionState,
  PositionsView,
  PositionView,
  ProfileChangeView,
  RankingEntryView,
  RankingView,
  RoundPerformanceView,
  WeightPointView,
} from './stakeViews.ts'
export type {
  AuditView,
  ContractFieldView,
  ContractListView,
  ContractMethodView,
  ContractSource,
  ContractSummary,
  ContractView,
  QueueView,
  SearchHit,
  SearchKind,
  SearchView,
  StatusView,
  TokenListView,
  TokenView,
} from './systemViews.ts'
export { nodeConcern, projectActivation, stripOf, upgradeStage, usualGapMs } from './upgrade.ts'
export { livesOf, reviseLife, type UpgradeLife } from './upgradeCalendar.ts'
export {
  newsPath,
  type ProposalStep,
  proposalNews,
  stepNews,
  type UpgradeNews,
  type UpgradeNewsKind,
} from './upgradeNews.ts'
export type {
  ActivationProjection,
  CandidateView,
  CollectionEventKind,
  CollectionEventView,
  EraView,
  NodeReadiness,
  ProducerReadiness,
  SignalledView,
  SignalStripView,
  SignalView,
  UpgradeProposalView,
  UpgradeRuleView,
  UpgradeStage,
  UpgradesView,
  UpgradeView,
} from './upgradeViews.ts'
export type { Address, Amount, Hash, Hex } from './values.ts'
export { NATIVE_SYMBOL, UNITS_PER_TOKEN } from './values.ts'
export type {
  AccountView,
  ActivityView,
  ArgumentValue,
  BalanceView,
  BlockSummary,
  BlockView,
  DataAge,
  Dated,
  EventView,
  FieldView,
  LiveEvent,
  NodeHealth,
  NodeState,
  Page,
  PulseView,
  TransactionStatus,
  TransactionSummary,
  TransactionView,
} from './views.ts'
