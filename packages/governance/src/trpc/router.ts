import { lazy } from '@trpc/server'
import { router } from './init.ts'
import type { AppRouter } from './surface.ts'

/** Each domain is loaded by its first call, so a cold start pays only for what a page asks. */
export const appRouter: AppRouter = router({
  network: lazy(() => import('./routers/network.ts').then((module) => module.networkRouter)),
  block: lazy(() => import('./routers/block.ts').then((module) => module.blockRouter)),
  transaction: lazy(() => import('./routers/transaction.ts').then((module) => module.transactionRouter)),
  account: lazy(() => import('./routers/account.ts').then((module) => module.accountRouter)),
  delegate: lazy(() => import('./routers/delegate.ts').then((module) => module.delegateRouter)),
  election: lazy(() => import('./routers/election.ts').then((module) => module.electionRouter)),
  round: lazy(() => import('./routers/round.ts').then((module) => module.roundRouter)),
  term: lazy(() => import('./routers/term.ts').then((module) => module.termRouter)),
  stake: lazy(() => import('./routers/stake.ts').then((module) => module.stakeRouter)),
  reward: lazy(() => import('./routers/reward.ts').then((module) => module.rewardRouter)),
  proposal: lazy(() => import('./routers/proposal.ts').then((module) => module.proposalRouter)),
  discussion: lazy(() => import('./routers/discussion.ts').then((module) => module.discussionRouter)),
  upgrade: lazy(() => import('./routers/upgrade.ts').then((module) => module.upgradeRouter)),
  token: lazy(() => import('./routers/token.ts').then((module) => module.tokenRouter)),
  contract: lazy(() => import('./routers/contract.ts').then((module) => module.contractRouter)),
  session: lazy(() => import('./routers/session.ts').then((module) => module.sessionRouter)),
  alerts: lazy(() => import('./routers/alerts.ts').then((module) => module.alertsRouter)),
  search: lazy(() => import('./routers/search.ts').then((module) => module.searchRouter)),
})
