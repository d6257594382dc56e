import type {
  TRPCBuiltRouter,
  TRPCDefaultErrorData,
  TRPCErrorShape,
  TRPCMutationProcedure,
  TRPCQueryProcedure,
  TRPCSubscriptionProcedure,
} from '@trpc/server'
import type {
  AccountView,
  ActivityView,
  Address,
  AlertChannelKind,
  AlertKind,
  AlertOptionsView,
  AlertsView,
  ArchiveCheckView,
  BackerView,
  BaseView,
  BlockSummary,
  BlockView,
  ClaimableView,
  ContractListView,
  ContractView,
  DelegateListView,
  DelegateTermView,
  DelegateView,
  DiscussionView,
  HealthView,
  LiveEvent,
  Page,
  PositionDetailView,
  PositionsView,
  ProposalContentView,
  ProposalListView,
  ProposalRulesView,
  ProposalStatus,
  ProposalView,
  PulseView,
  RankingView,
  RewardClaimsView,
  RoundSummary,
  RoundView,
  SearchView,
  SignInChallenge,
  StatusView,
  TermSummary,
  TermView,
  TokenListView,
  TransactionSummary,
  TransactionView,
  UpgradesView,
  UpgradeView,
} from '#domain'
import type { TrpcContext } from './context.ts'

/** What an error looks like to a client: `data.reason` is the stable code (`account.badAddress`). */
export interface ApiErrorShape
  extends TRPCErrorShape<TRPCDefaultErrorData & { reason: string; help?: string; retryable: boolean }> {}

export interface ApiRoot {
  ctx: TrpcContext
  meta: object
  errorShape: ApiErrorShape
  transformer: true
}

export type Query<I, O> = TRPCQueryProcedure<{ input: I; output: O; meta: object; errorShape: ApiErrorShape }>
export type Mutation<I, O> = TRPCMutationProcedure<{ input: I; output: O; meta: object; errorShape: ApiErrorShape }>
export type Subscription<I, O> = TRPCSubscriptionProcedure<{
  input: I
  output: AsyncIterable<{ id: string; data: O }, void, unknown>
  meta: object
  errorShape: ApiErrorShape
}>

/** `limit` 1…100, 25 when absent. */
export interface PageInput {
  cursor?: string | null | undefined
  limit?: number | undefined
}

export type NetworkRecord = {
  pulse: Query<void, PulseView>
  status: Query<void, StatusView>
  /** Nodes side by side, newest missed slots, who is excluded. */
  health: Query<void, HealthView>
  /** Resumes after `lastEventId`; an id is the height and hash of the head it described. */
  live: Subscription<{ lastEventId?: string | null | undefined } | undefined, LiveEvent>
}
export type BlockRecord = {
  list: Query<(PageInput & { producer?: string | undefined }) | undefined, Page<BlockSummary>>
  /** Height (decimal text or bigint), block hash or `latest`. */
  get: Query<{ id: string | bigint }, BlockView>
}
export type TransactionRecord = {
  list: Query<
    | (PageInput & {
        contract?: string | undefined
        method?: string | undefined
        status?: 'success' | 'failed' | undefined
      })
    | undefined,
    Page<TransactionSummary>
  >
  get: Query<{ id: string }, TransactionView>
  byAccount: Query<PageInput & { address: string }, Page<ActivityView>>
}
export type AccountRecord = {
  get: Query<{ address: string }, AccountView>
}
export type DelegateRecord = {
  list: Query<
    | (PageInput & {
        sort?: 'rank' | 'weight' | 'commission' | 'uptime' | 'voters' | 'name' | undefined
        filter?: 'all' | 'producers' | 'candidates' | 'elected' | undefined
        search?: string | undefined
      })
    | undefined,
    DelegateListView
  >
  get: Query<{ address: string }, DelegateView>
  backers: Query<PageInput & { address: string }, Page<BackerView>>
}
export type ElectionRecord = {
  /** Standing "if the term ended now". */
  ranking: Query<{ limit?: number | undefined } | undefined, RankingView>
}
export type RoundRecord = {
  list: Query<(PageInput & { term?: number | undefined }) | undefined, Page<RoundSummary>>
  get: Query<{ number: number | 'latest' }, RoundView>
}
export type TermRecord = {
  list: Query<PageInput | undefined, Page<TermSummary>>
  get: Query<{ term: number | 'latest' }, TermView>
}
export type StakeRecord = {
  positions: Query<PageInput & { owner: string; state?: 'open' | 'all' | undefined }, PositionsView>
  position: Query<{ lockId: string }, PositionDetailView>
}
export type RewardRecord = {
  /** What an account can claim now, asked of the chain. */
  claimable: Query<{ owner: string }, ClaimableView>
  /** What an account was paid, newest first. */
  claims: Query<PageInput & { account: string }, RewardClaimsView>
  /** What terms that have ended brought a delegate and its voters, newest first. */
  byDelegate: Query<PageInput & { address: string }, Page<DelegateTermView>>
}
export type ProposalRecord = {
  list: Query<(PageInput & { status?: ProposalStatus | undefined }) | undefined, ProposalListView>
  get: Query<{ id: string }, ProposalView>
  /** What submitting asks for, read from the chain. */
  rules: Query<void, ProposalRulesView>
  /** What is kept of what it names, and what the server made of its archive. */
  content: Query<{ id: string }, ProposalContentView>
  /** What a proposed archive is compared with. */
  base: Query<void, BaseView>
  /** Null until somebody asked for it. */
  check: Query<{ archiveHash: string }, { check: ArchiveCheckView | null }>
  /** For an archive that was handed in. */
  askForCheck: Mutation<{ archiveHash: string }, { archiveHash: string }>
}
export type DiscussionRecord = {
  /** What is said about a proposal, newest first; with `comment` the page that begins with its thread. */
  list: Query<{ proposalId: string; cursor?: string | null | undefined; comment?: number | undefined }, DiscussionView>
  /** By whoever is signed in and has something on the chain; `replyTo` names a comment that is no answer itself. */
  write: Mutation<{ proposalId: string; text: string; replyTo?: number | undefined }, { id: number }>
  edit: Mutation<{ id: number; text: string }, { id: number }>
  withdraw: Mutation<{ id: number }, { id: number }>
}
export type UpgradeRecord = {
  /** What runs, what is signalled and locked in, and what ran before. */
  overview: Query<void, UpgradesView>
  /** One collection, by its hash. */
  get: Query<{ id: string }, UpgradeView>
}
export type TokenRecord = {
  list: Query<void, TokenListView>
}
export type ContractRecord = {
  list: Query<void, ContractListView>
  /** Name or address. */
  get: Query<{ id: string }, ContractView>
}
export type SearchRecord = {
  query: Query<{ text: string }, SearchView>
}

export type SessionRecord = {
  /** Whose session this browser holds. */
  current: Query<void, { address: Address | null }>
  challenge: Mutation<void, SignInChallenge>
  signIn: Mutation<{ message: string; signature: `0x${string}` }, { address: Address }>
  signOut: Mutation<void, { address: null }>
}
/** All but `options`, `confirm` and `stop` want a session and concern its account only. */
/** A text of this server, and its signature by whoever is signed in. */
export interface SignedText {
  readonly message: string
  readonly signature: `0x${string}`
}

export type AlertsRecord = {
  options: Query<void, AlertOptionsView>
  list: Query<void, AlertsView>
  /** What to sign for a new channel; adding it takes the signed text. */
  challenge: Mutation<{ kind: AlertChannelKind; target: string }, SignInChallenge>
  addWebhook: Mutation<{ url: string } & SignedText, { id: string; secret: string }>
  addEmail: Mutation<{ address: string } & SignedText, { id: string }>
  removeChannel: Mutation<{ id: string }, { id: string }>
  subscribe: Mutation<{ channelId: string; delegate: string; kinds: AlertKind[]; missedInRow: number }, { id: string }>
  unsubscribe: Mutation<{ id: string }, { id: string }>
  retry: Mutation<{ id: string }, { id: string }>
  /** By the links of mails. */
  confirm: Mutation<{ channel: string; token: string }, { done: boolean }>
  stop: Mutation<{ channel: string; token: string }, { done: boolean }>
}

export type AppRecord = {
  network: NetworkRecord
  block: BlockRecord
  transaction: TransactionRecord
  account: AccountRecord
  delegate: DelegateRecord
  election: ElectionRecord
  round: RoundRecord
  term: TermRecord
  stake: StakeRecord
  reward: RewardRecord
  proposal: ProposalRecord
  discussion: DiscussionRecord
  upgrade: UpgradeRecord
  token: TokenRecord
  contract: ContractRecord
  search: SearchRecord
  session: SessionRecord
  alerts: AlertsRecord
}

/** The whole API as a type; the routers are checked against it. */
export type AppRouter = TRPCBuiltRouter<ApiRoot, AppRecord>
export type RouterOf<TRecord extends AppRecord[keyof AppRecord]> = TRPCBuiltRouter<ApiRoot, TRecord>
