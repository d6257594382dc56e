import { z } from 'zod'
import {
  addComment,
  type CommentRow,
  delegateNames,
  editComment,
  findProposal,
  listThreads,
  rolesOf,
  talkAbout,
  threadOf,
  withdrawComment,
} from '#db'
import { type Address, COMMENT_MAX_BYTES, type CommentRole, type CommentView, type DiscussionView } from '#domain'
import { chainNow } from '../chainNow.ts'
import type { TrpcContext } from '../context.ts'
import { ApiError } from '../errors.ts'
import { procedure, router, signedInMutation } from '../init.ts'
import { cutPage, hashInput, readCursor, toAddress, toHash, writeCursor } from '../inputs.ts'
import type { DiscussionRecord, RouterOf } from '../surface.ts'

/** With all answers this is as much as one page should be. */
const THREADS_SHOWN = 10
const MEMBERS_TTL_MS = 10_000

const idInput = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER)
const isShort = (text: string): boolean => new TextEncoder().encode(text).length <= COMMENT_MAX_BYTES
const textInput = z
  .string()
  .max(COMMENT_MAX_BYTES)
  .refine((text) => text.trim() !== '', 'there is nothing in it')
  .refine((text) => !text.includes('\0'), 'a character is not allowed')
  .refine(isShort, `a comment has at most ${COMMENT_MAX_BYTES} bytes`)
const listInput = z
  .object({ proposalId: hashInput, cursor: z.string().max(200).nullish(), comment: idInput.optional() })
  .strict()
const writeInput = z.object({ proposalId: hashInput, text: textInput, replyTo: idInput.optional() }).strict()
const editInput = z.object({ id: idInput, text: textInput }).strict()

/** Who the foundation's members are is in the chain's state only; without the node nobody is shown as one. */
async function membersOf(ctx: TrpcContext): Promise<ReadonlySet<Address>> {
  const answer = await ctx.memory.remember('foundation members', MEMBERS_TTL_MS, () =>
    ctx.node.call('foundation', 'members', {}),
  )
  if (typeof answer !== 'object' || answer === null || !('members' in answer) || !Array.isArray(answer.members))
    return new Set()
  return new Set(answer.members.map((member) => toAddress(String(member))))
}

type RolesOf = (address: Address) => readonly CommentRole[]

async function rolesNow(ctx: TrpcContext, addresses: readonly Address[]): Promise<RolesOf> {
  const [members, roles] = await Promise.all([membersOf(ctx), rolesOf(ctx.database, addresses)])
  return (address) => {
    const found: CommentRole[] = [...(members.has(address) ? (['member'] as const) : []), ...(roles.get(address) ?? [])]
    // The lesser of two offices, and that somebody with one holds something, is not worth a word.
    return found.filter(
      (role) => !(role === 'candidate' && found.includes('producer')) && !(role === 'holder' && found.length > 1),
    )
  }
}

/** Addresses are free: whoever writes has something on the chain, so that nobody writes under a thousand names. */
async function requireRole(ctx: TrpcContext, address: Address): Promise<void> {
  const roles = await rolesNow(ctx, [address])
  if (roles(address).length > 0) return
  throw new ApiError(
    'comment.noHolder',
    'Accounts that hold nothing on this chain do not write here',
    'Write with an account that holds tokens, or is a delegate or a member of the foundation.',
  )
}

async function listAll(ctx: TrpcContext, input: z.infer<typeof listInput>): Promise<DiscussionView> {
  const { database } = ctx
  const proposalId = toHash(input.proposalId)
  const thread = input.comment === undefined ? undefined : await threadOf(database, proposalId, input.comment)
  // The page that begins with the thread of a comment, or the one after a cursor, or the newest.
  const [below] = thread === undefined ? (readCursor(input.cursor, 1) ?? []) : [thread + 1n]
  const rows = await listThreads(database, { proposalId, below, limit: THREADS_SHOWN + 1 })
  const page = cutPage(rows, THREADS_SHOWN, ({ id }) => writeCursor(id))
  const authors = page.items.flatMap(({ author, replies }) => [author, ...replies.map((reply) => reply.author)])
  const [roles, names, talk] = await Promise.all([
    rolesNow(ctx, authors),
    delegateNames(database.prisma, authors),
    talkAbout(database, [proposalId]),
  ])
  const view = ({ id, author, text, createdAtMs, editedAtMs, withdrawn }: CommentRow): CommentView => {
    const name = names.get(author)
    const edited = editedAtMs === undefined ? {} : { editedAtMs }
    return {
      id,
      author,
      roles: roles(author),
      text,
      createdAtMs,
      withdrawn,
      ...edited,
      ...(name === undefined ? {} : { name }),
    }
  }
  return {
    ...page,
    proposalId,
    items: page.items.map((row) => ({ ...view(row), replies: row.replies.map(view) })),
    total: talk.get(proposalId)?.comments ?? 0,
  }
}

const missing = (): never => {
  throw new ApiError('comment.notFound', 'There is no such comment of yours')
}

async function write(
  ctx: TrpcContext & { readonly actor: { readonly address: Address } },
  input: z.infer<typeof writeInput>,
): Promise<{ id: number }> {
  const proposalId = toHash(input.proposalId)
  // Times on a page are told by the chain's clock.
  const nowMs = await chainNow(ctx)
  if ((await findProposal(ctx.database, proposalId, nowMs)) === undefined)
    throw new ApiError('proposal.notFound', `There is no indexed proposal ${input.proposalId}`)
  await requireRole(ctx, ctx.actor.address)
  const row = { proposalId, replyTo: input.replyTo, text: input.text.trimEnd(), nowMs }
  const done = await addComment(ctx.database, ctx.actor, row)
  if (done === 'notFound') throw new ApiError('comment.notFound', 'The comment to answer is not there any more')
  if (done === 'full') throw new ApiError('comment.full', 'There is no room for more comments here')
  if (done === 'often')
    throw new ApiError('rate.limited', 'This account has written often enough in this hour', 'Try again later.')
  return { id: done }
}

export const discussionRouter: RouterOf<DiscussionRecord> = router({
  list: procedure.input(listInput).query(({ ctx, input }) => listAll(ctx, input)),
  write: signedInMutation.input(writeInput).mutation(({ ctx, input }) => write(ctx, input)),
  edit: signedInMutation.input(editInput).mutation(async ({ ctx, input }) => {
    const change = { id: input.id, text: input.text.trimEnd(), nowMs: await chainNow(ctx) }
    return (await editComment(ctx.database, ctx.actor, change)) ? { id: input.id } : missing()
  }),
  withdraw: signedInMutation.input(z.object({ id: idInput }).strict()).mutation(async ({ ctx, input }) => {
    const change = { id: input.id, nowMs: await chainNow(ctx) }
    return (await withdrawComment(ctx.database, ctx.actor, change)) ? { id: input.id } : missing()
  }),
})
