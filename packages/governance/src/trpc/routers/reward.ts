import { z } from 'zod'
import { claimedTotal, delegateNames, delegateTerms, listClaims, listPositions } from '#db'
import type { Address, ClaimableView, ClaimableVoteView } from '#domain'
import { ageAt, checkpointOf } from '../age.ts'
import type { TrpcContext } from '../context.ts'
import { ApiError } from '../errors.ts'
import { procedure, router } from '../init.ts'
import {
  addressInput,
  cutPage,
  LIMIT_DEFAULT,
  pageFields,
  readCursor,
  toAddress,
  toHash,
  writeCursor,
} from '../inputs.ts'
import type { RewardRecord, RouterOf } from '../surface.ts'

/** As many as the chain lets one account hold, and as one question may name. */
const POSITIONS_MAX = 256

const isRow = (row: unknown): row is Readonly<Record<string, unknown>> => typeof row === 'object' && row !== null

/** What can be claimed is asked of the chain: it changes at the end of a term, and a claim is signed on it. */
async function claimableOf(ctx: TrpcContext, owner: Address): Promise<ClaimableView> {
  const query = { owner, includeWithdrawn: false, offset: 0, limit: POSITIONS_MAX, nowMs: ctx.now() }
  const positions = await listPositions(ctx.database, query)
  const lockIds = `0x${positions.map(({ lockId }) => lockId.slice(2)).join('')}`
  const [shares, commission] = await Promise.all([
    ctx.node.call('reward', 'claimables', { lockIds }),
    ctx.node.call('reward', 'claimableCommission', { delegate: owner }),
  ])
  if (!Array.isArray(shares) || (typeof commission !== 'string' && typeof commission !== 'number'))
    throw new ApiError('node.unreachable', 'The node does not answer what can be claimed', 'Try again in a moment.')
  const earned = shares.filter(isRow).map((row) => ({
    lockId: toHash(String(row['lockId'])),
    delegate: toAddress(String(row['delegate'])),
    amount: BigInt(String(row['amount'])),
  }))
  const due = earned.filter(({ amount }) => amount > 0n)
  const names = await delegateNames(
    ctx.database.prisma,
    due.map(({ delegate }) => delegate),
  )
  const votes = due.map((vote): ClaimableVoteView => {
    const delegateName = names.get(vote.delegate)
    return { ...vote, ...(delegateName === undefined ? {} : { delegateName }) }
  })
  const own = BigInt(commission)
  return { votes, commission: own, total: votes.reduce((sum, { amount }) => sum + amount, own) }
}

export const rewardRouter: RouterOf<RewardRecord> = router({
  claimable: procedure
    .input(z.object({ owner: addressInput }))
    .query(({ ctx, input }) => claimableOf(ctx, toAddress(input.owner))),
  claims: procedure.input(z.object({ ...pageFields, account: addressInput })).query(async ({ ctx, input }) => {
    const account = toAddress(input.account)
    const limit = input.limit ?? LIMIT_DEFAULT
    const at = readCursor(input.cursor, 2)
    const below = at === undefined ? undefined : { height: at[0] ?? 0n, position: Number(at[1] ?? 0n) }
    const [rows, total, checkpoint] = await Promise.all([
      listClaims(ctx.database, { account, below, limit: limit + 1 }),
      claimedTotal(ctx.database, account),
      checkpointOf(ctx),
    ])
    const page = cutPage(rows, limit, (last) => writeCursor(last.height, last.position))
    return { ...page, total, asOf: await ageAt(ctx, checkpoint) }
  }),
  byDelegate: procedure.input(z.object({ ...pageFields, address: addressInput })).query(async ({ ctx, input }) => {
    const limit = input.limit ?? LIMIT_DEFAULT
    const [below] = readCursor(input.cursor, 1) ?? []
    const query = { delegate: toAddress(input.address), below: below === undefined ? undefined : Number(below) }
    const rows = await delegateTerms(ctx.database, { ...query, limit: limit + 1 })
    const page = cutPage(rows, limit, (last) => writeCursor(last.term))
    return { ...page, asOf: await ageAt(ctx, await checkpointOf(ctx)) }
  }),
})
