import type { ContractError, ExecuteContext, ViewContext } from '#contracts/runtime'
import { assert, type Hex } from '#primitives'
import { alreadyChosen, archiveMismatch, notInElectorate, textMismatch } from '../errors.ts'
import { adoptedEvent, declinedEvent } from '../events.ts'
import { CHOICE } from '../params.ts'
import { choices, listElectorate, proposals } from '../state.ts'
import { checkOpen, close } from './close.ts'

/** What a producer signs with its choice: the hashes of what it read. */
export interface Read {
  readonly proposalId: Hex
  readonly textHash: Hex
  readonly archiveHash: Hex
}

export function checkChoice(ctx: ViewContext, read: Read, choice: number): ContractError | undefined {
  const { proposalId } = read
  const producer = ctx.env.from
  const found = checkOpen(ctx, proposalId)
  if ('error' in found) return found.error
  if (!listElectorate(ctx, proposalId).includes(producer)) return notInElectorate
  if (found.proposal.textHash !== read.textHash) return textMismatch
  if (found.proposal.archiveHash !== read.archiveHash) return archiveMismatch
  return ctx.get(choices, { proposalId, producer })?.choice === choice ? alreadyChosen : undefined
}

/** Counts a choice in place of the producer's former one, and closes the proposal when it is decided. */
export function choose(ctx: ExecuteContext, proposalId: Hex, choice: number): void {
  const { from: producer, timeMs } = ctx.env
  const before = ctx.get(choices, { proposalId, producer })?.choice
  const found = ctx.get(proposals, { proposalId })
  assert(found !== undefined, 'verified before')
  const count = (kind: number): number => (choice === kind ? 1 : 0) - (before === kind ? 1 : 0)
  const adopted = found.adopted + count(CHOICE.adopt)
  const declined = found.declined + count(CHOICE.decline)
  const proposal = { ...found, adopted, declined }
  ctx.set(choices, { proposalId, producer }, { choice, chosenAt: timeMs })
  ctx.set(proposals, { proposalId }, proposal)
  ctx.emit(choice === CHOICE.adopt ? adoptedEvent : declinedEvent, { proposalId, producer, adopted, declined })
  if (adopted >= proposal.quorum) close(ctx, proposalId, { proposal, how: 'approved' })
  else if (proposal.electorate - declined < proposal.quorum) close(ctx, proposalId, { proposal, how: 'rejected' })
}
