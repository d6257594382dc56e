import {
  type ContractError,
  type ExecuteContext,
  everywhere,
  type Resource,
  type ViewContext,
  writing,
} from '#contracts/runtime'
import { type Address, type Hash, ZERO_ADDRESS } from '#primitives'
import {
  alreadyMember,
  alreadyVoted,
  changeOpen,
  changesFull,
  memberForm,
  membersFull,
  notMember,
  thresholdRange,
  tooFewMembers,
  unknownMember,
} from '../errors.ts'
import { changeVotedEvent, memberAddedEvent, memberRemovedEvent, thresholdChangedEvent } from '../events.ts'
import { KIND, MAX_CHANGES, MAX_MEMBERS, MS_PER_SECOND } from '../params.ts'
import {
  type ChangeContent,
  changeIdOf,
  changes,
  listMembers,
  listOpenChanges,
  members,
  openChanges,
  pack,
  runningChange,
  saveMembers,
  saveOpenChanges,
  thresholdNow,
  unpackAddresses,
} from '../state.ts'

export const addition = (member: Address): ChangeContent => ({ kind: KIND.add, member, threshold: 0 })
export const removal = (member: Address): ChangeContent => ({ kind: KIND.remove, member, threshold: 0 })
export const newThreshold = (threshold: number): ChangeContent => ({
  kind: KIND.threshold,
  member: ZERO_ADDRESS,
  threshold,
})

/** A vote may close any change and open one. */
export const changing = (): readonly Resource[] => [
  writing(members),
  everywhere('write', changes),
  writing(openChanges),
]

function checkContent(ctx: ViewContext, { kind, member, threshold }: ChangeContent): ContractError | undefined {
  const list = listMembers(ctx)
  switch (kind) {
    case KIND.add:
      if (member === ZERO_ADDRESS) return memberForm
      if (list.includes(member)) return alreadyMember
      return list.length >= MAX_MEMBERS ? membersFull : undefined
    case KIND.remove:
      if (!list.includes(member)) return unknownMember
      return list.length - 1 < thresholdNow(ctx) ? tooFewMembers : undefined
    default:
      return threshold < 1 || threshold > list.length || threshold === thresholdNow(ctx) ? thresholdRange : undefined
  }
}

/** What forbids the sender's vote for a change. */
export function checkVote(ctx: ViewContext, content: ChangeContent): ContractError | undefined {
  const { from } = ctx.env
  if (!listMembers(ctx).includes(from)) return notMember
  const wrong = checkContent(ctx, content)
  if (wrong !== undefined) return wrong
  const known = runningChange(ctx, changeIdOf(content))
  if (known !== undefined) return unpackAddresses(known.voters).includes(from) ? alreadyVoted : undefined
  const running = listOpenChanges(ctx).flatMap((changeId) => runningChange(ctx, changeId) ?? [])
  if (running.some(({ opener }) => opener === from)) return changeOpen
  return running.length >= MAX_CHANGES ? changesFull : undefined
}

/** Takes a change off the list; and with it those whose time is over. */
function close(ctx: ExecuteContext, closed: Hash | undefined): void {
  const list = listOpenChanges(ctx)
  const left = list.filter((changeId) => changeId !== closed && runningChange(ctx, changeId) !== undefined)
  for (const changeId of list) if (!left.includes(changeId)) ctx.delete(changes, { changeId })
  saveOpenChanges(ctx, left)
}

function apply(ctx: ExecuteContext, { kind, member, threshold }: ChangeContent): void {
  const list = listMembers(ctx)
  const needed = thresholdNow(ctx)
  if (kind === KIND.add) {
    saveMembers(ctx, [...list, member], needed)
    ctx.emit(memberAddedEvent, { member, members: list.length + 1 })
  } else if (kind === KIND.remove) {
    saveMembers(
      ctx,
      list.filter((other) => other !== member),
      needed,
    )
    ctx.emit(memberRemovedEvent, { member, members: list.length - 1 })
  } else {
    saveMembers(ctx, list, threshold)
    ctx.emit(thresholdChangedEvent, { threshold })
  }
}

/** Counts the sender's vote for a change, opens it when it is the first, and makes the change when enough members agree. */
export function voteFor(ctx: ExecuteContext, content: ChangeContent): void {
  const { from, timeMs } = ctx.env
  const changeId = changeIdOf(content)
  const known = runningChange(ctx, changeId)
  const present = listMembers(ctx)
  // A vote counts as long as who gave it is a member.
  const voters = [...unpackAddresses(known?.voters), from].filter((voter) => present.includes(voter))
  const endsAt = known?.endsAt ?? timeMs + ctx.env.param('changeSeconds') * MS_PER_SECOND
  const opener = known?.opener ?? from
  close(ctx, changeId)
  ctx.emit(changeVotedEvent, {
    changeId,
    member: from,
    kind: content.kind,
    subject: content.member,
    threshold: content.threshold,
    votes: voters.length,
    endsAt,
  })
  if (voters.length >= thresholdNow(ctx)) {
    apply(ctx, content)
    return
  }
  ctx.set(changes, { changeId }, { ...content, opener, endsAt, voters: pack(voters) })
  saveOpenChanges(ctx, [...listOpenChanges(ctx), changeId])
}
