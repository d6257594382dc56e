import { electionHandlers } from './election.ts'
import { proposalHandlers } from './proposal.ts'
import { rewardHandlers } from './reward.ts'
import type { EventHandler } from './scope.ts'
import { tokenHandlers } from './token.ts'

/** By `contract.Event`. Events without a handler are stored and shown, and change nothing else. */
export const eventHandlers: Readonly<Record<string, EventHandler>> = {
  ...tokenHandlers,
  ...electionHandlers,
  ...rewardHandlers,
  ...proposalHandlers,
}
