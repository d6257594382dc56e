import type { ContractError, Event, ExecuteContext, ViewContext } from '#contracts/runtime'
import { TREASURY_ADDRESS } from '#kernel'
import type { Hex } from '#primitives'
import { closed, periodOver, unknownProposal } from '../errors.ts'
import { approvedEvent, expiredEvent, rejectedEvent, withdrawnEvent } from '../events.ts'
import { STATUS } from '../params.ts'
import { depositPort } from '../ports.ts'
import { listOpen, type Proposal, proposals, saveOpen } from '../state.ts'

type Ending = 'approved' | 'rejected' | 'withdrawn' | 'expired'

const EVENTS: Readonly<
  Record<
    Ending,
    Event<'bytes32 indexed proposalId, address indexed author, uint32 adopted, uint32 declined, uint32 electorate, uint256 deposit'>
  >
> = { approved: approvedEvent, rejected: rejectedEvent, withdrawn: withdrawnEvent, expired: expiredEvent }

/** A proposal as it is, or what forbids to act on it now. */
export function checkOpen(ctx: ViewContext, proposalId: Hex): { proposal: Proposal } | { error: ContractError } {
  const proposal = ctx.get(proposals, { proposalId })
  if (proposal === undefined) return { error: unknownProposal }
  if (proposal.status !== STATUS.open) return { error: closed }
  return proposal.endsAt <= ctx.env.timeMs ? { error: periodOver } : { proposal }
}

/** Ends an open proposal: a rejected one leaves its deposit to the treasury account, every other one gives it back. */
export function close(ctx: ExecuteContext, proposalId: Hex, ended: { proposal: Proposal; how: Ending }): void {
  const { proposal, how } = ended
  const { author, adopted, declined, electorate, deposit } = proposal
  if (how === 'rejected') ctx.call(depositPort).seize({ lockId: proposalId, to: TREASURY_ADDRESS })
  else ctx.call(depositPort).unlock(proposalId)
  ctx.set(proposals, { proposalId }, { ...proposal, status: STATUS[how], closedAt: ctx.env.timeMs })
  saveOpen(
    ctx,
    author,
    listOpen(ctx, author).filter((other) => other !== proposalId),
  )
  ctx.emit(EVENTS[how], { proposalId, author, adopted, declined, electorate, deposit })
}
