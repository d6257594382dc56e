import { z } from 'zod'
import {
  archiveOfBundle,
  askForCheck,
  countProposals,
  delegateNames,
  findCheck,
  findProposal,
  keptOf,
  listProposals,
  talkAbout,
} from '#db'
import { type BaseView, type Hash, type ProposalRulesView, type ProposalVoterView, proposalStatuses } from '#domain'
import { ageAt, checkpointOf } from '../age.ts'
import { chainNow } from '../chainNow.ts'
import type { TrpcContext } from '../context.ts'
import { ApiError } from '../errors.ts'
import { mutation, procedure, router } from '../init.ts'
import { cutPage, hashInput, LIMIT_DEFAULT, pageFields, readCursor, toAddress, toHash, writeCursor } from '../inputs.ts'
import { currentRelease } from '../release.ts'
import type { ProposalRecord, RouterOf } from '../surface.ts'

const isRow = (row: unknown): row is Readonly<Record<string, unknown>> => typeof row === 'object' && row !== null
const CHECKS_PER_MINUTE = 12
const CHOICES = ['none', 'adopt', 'decline'] as const

/** Who may choose is in the chain's state and in no event: the node says it, and the page shows the rest without it. */
async function votersOf(ctx: TrpcContext, id: Hash): Promise<{ voters?: readonly ProposalVoterView[] }> {
  const answer = await ctx.node.call('proposal', 'electorate', { proposalId: id })
  if (!Array.isArray(answer)) return {}
  const rows = answer.filter(isRow).map((row) => ({
    producer: toAddress(String(row['producer'])),
    choice: CHOICES[Number(row['choice'])] ?? 'none',
    chosenAtMs: Number(row['chosenAt']),
  }))
  const names = await delegateNames(
    ctx.database.prisma,
    rows.map(({ producer }) => producer),
  )
  return {
    voters: rows.map(({ producer, choice, chosenAtMs }) => {
      const name = names.get(producer)
      return {
        producer,
        choice,
        ...(name === undefined ? {} : { name }),
        ...(choice === 'none' ? {} : { chosenAtMs }),
      }
    }),
  }
}

async function rulesOf(ctx: TrpcContext): Promise<ProposalRulesView> {
  const [rules, members] = await Promise.all([
    ctx.node.call('proposal', 'rules', {}),
    ctx.node.call('foundation', 'members', {}),
  ])
  if (!isRow(rules) || !isRow(members) || !Array.isArray(members['members']))
    throw new ApiError(
      'node.unreachable',
      'The node does not answer what submitting asks for',
      'Try again in a moment.',
    )
  return {
    deposit: BigInt(String(rules['deposit'])),
    periodMs: Number(rules['periodSeconds']) * 1000,
    openMax: Number(rules['openMax']),
    members: members['members'].map((member) => toAddress(String(member))),
  }
}

async function baseOf(ctx: TrpcContext): Promise<BaseView> {
  const status = await ctx.node.call('collection', 'status', {})
  if (!isRow(status) || !isRow(status['current']))
    throw new ApiError(
      'node.unreachable',
      'The node does not say which collection is in force',
      'Try again in a moment.',
    )
  const collection = toHash(String(status['current']['hash']))
  const release = await currentRelease().catch(() => undefined)
  if (release?.bundleHash === collection) return { collection, source: 'release' }
  const archiveHash = await archiveOfBundle(ctx.database, collection)
  return archiveHash === undefined ? { collection, source: 'unknown' } : { collection, source: 'archive', archiveHash }
}

export const proposalRouter: RouterOf<ProposalRecord> = router({
  list: procedure
    .input(z.object({ ...pageFields, status: z.enum(proposalStatuses).optional() }).optional())
    .query(async ({ ctx, input }) => {
      const limit = input?.limit ?? LIMIT_DEFAULT
      const [below] = readCursor(input?.cursor, 1) ?? []
      const nowMs = await chainNow(ctx)
      const [rows, counts, checkpoint] = await Promise.all([
        listProposals(ctx.database, { status: input?.status, below, limit: limit + 1, nowMs }),
        countProposals(ctx.database, nowMs),
        checkpointOf(ctx),
      ])
      const page = cutPage(rows, limit, (last) => writeCursor(last.order))
      const talk = await talkAbout(
        ctx.database,
        page.items.map(({ id }) => id),
      )
      const items = page.items.map((item) => {
        const about = talk.get(item.id)
        return about === undefined ? item : { ...item, talk: about }
      })
      return { ...page, items, counts, nowMs, asOf: await ageAt(ctx, checkpoint) }
    }),
  get: procedure.input(z.object({ id: hashInput })).query(async ({ ctx, input }) => {
    const id = toHash(input.id)
    const nowMs = await chainNow(ctx)
    const found = await findProposal(ctx.database, id, nowMs)
    if (found === undefined) throw new ApiError('proposal.notFound', `There is no indexed proposal ${input.id}`)
    const [voters, checkpoint] = await Promise.all([votersOf(ctx, id), checkpointOf(ctx)])
    return { ...found, ...voters, nowMs, asOf: await ageAt(ctx, checkpoint) }
  }),
  rules: procedure.query(({ ctx }) => rulesOf(ctx)),
  content: procedure.input(z.object({ id: hashInput })).query(async ({ ctx, input }) => {
    const found = await findProposal(ctx.database, toHash(input.id), await chainNow(ctx))
    if (found === undefined) throw new ApiError('proposal.notFound', `There is no indexed proposal ${input.id}`)
    const { textHash, archiveHash, bundleHash, reviewed } = found
    const check = await findCheck(ctx.database, archiveHash)
    const outcome = check?.report?.outcome
    const kept = await keptOf(ctx.database, [
      textHash,
      archiveHash,
      ...(bundleHash === undefined ? [] : [bundleHash]),
      ...(outcome?.kind === 'built' ? [outcome.bundleHash] : []),
      ...reviewed.flatMap(({ reviewHash }) => (reviewHash === undefined ? [] : [reviewHash])),
    ])
    return { kept, ...(check === undefined ? {} : { check }) }
  }),
  base: procedure.query(({ ctx }) => baseOf(ctx)),
  check: procedure.input(z.object({ archiveHash: hashInput })).query(async ({ ctx, input }) => ({
    check: (await findCheck(ctx.database, toHash(input.archiveHash))) ?? null,
  })),
  askForCheck: mutation('check an archive', CHECKS_PER_MINUTE)
    .input(z.object({ archiveHash: hashInput }))
    .mutation(async ({ ctx, input }) => {
      if (await askForCheck(ctx.database, toHash(input.archiveHash), ctx.now())) return input
      throw new ApiError('content.notFound', 'The archive is not here', 'Hand it in first.')
    }),
})
