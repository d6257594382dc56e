import type { TransactionView as NodeTransaction } from '@aelf/chain/rpc'
import { z } from 'zod'
import { accountActivity, findTransaction, listTransactions, type TransactionPlace, transactionSummary } from '#db'
import type { DataAge, Hash, Hex, TransactionView } from '#domain'
import { ageAt, checkpointOf } from '../age.ts'
import type { TrpcContext } from '../context.ts'
import { describeArguments, describeEvent, signatureOf } from '../describe.ts'
import { ApiError } from '../errors.ts'
import { procedure, router } from '../init.ts'
import {
  addressInput,
  cutPage,
  hashInput,
  LIMIT_DEFAULT,
  pageFields,
  readCursor,
  toAddress,
  toHash,
  writeCursor,
} from '../inputs.ts'
import type { RouterOf, TransactionRecord } from '../surface.ts'

const FIRST_MILESTONE = 5
const SECOND_MILESTONE = 15

const name = z.string().min(1).max(64).optional()
const listInput = z
  .object({ ...pageFields, contract: name, method: name, status: z.enum(['success', 'failed']).optional() })
  .optional()
const byAccountInput = z.object({ ...pageFields, address: addressInput })

function placeOf(cursor: string | null | undefined): TransactionPlace | undefined {
  const [height, position] = readCursor(cursor, 2) ?? []
  return height === undefined || position === undefined ? undefined : { height, position: Number(position) }
}

const milestonesOf = (confirmations: number, irreversible: boolean): TransactionView['milestones'] => ({
  five: confirmations >= FIRST_MILESTONE,
  fifteen: confirmations >= SECOND_MILESTONE,
  irreversible,
})

/** A transaction the index has not: what the node knows of it. */
function fromNode(view: NodeTransaction, asOf: DataAge): TransactionView | undefined {
  const { decoded, receipt, block } = view
  if (decoded === undefined) return undefined
  const included = receipt?.status ?? 'success'
  return {
    id: view.id,
    status: view.status === 'included' ? included : view.status,
    from: decoded.from,
    contract: decoded.contractAddress,
    contractName: decoded.contract,
    method: decoded.method,
    intent: decoded.intent,
    fee: BigInt(receipt?.fee ?? 0),
    finalized: view.finalized,
    args: describeArguments(decoded.contract, decoded.method, decoded.args),
    signature: signatureOf(decoded.contract, decoded.method),
    refHeight: BigInt(decoded.refHeight),
    refHash: decoded.refHash,
    feeLimit: BigInt(decoded.feeLimit),
    nonce: decoded.nonce,
    events: (receipt?.events ?? []).map((event, index) =>
      describeEvent(
        {
          position: index,
          contract: event.contractAddress,
          contractName: event.contract,
          name: event.name,
          fields: event.fields,
        },
        index,
      ),
    ),
    confirmations: view.confirmations,
    milestones: milestonesOf(view.confirmations, view.finalized),
    asOf,
    ...(view.envelope === undefined ? {} : { envelope: view.envelope }),
    ...(block === undefined ? {} : { blockHash: block.hash, height: BigInt(block.height), index: block.index }),
    ...(block?.timeMs === undefined ? {} : { timeMs: block.timeMs }),
    ...(receipt?.error === undefined
      ? {}
      : { error: { code: receipt.error.code, help: receipt.error.help }, errorCode: receipt.error.code }),
  }
}

async function getTransaction(ctx: TrpcContext, id: Hash): Promise<TransactionView> {
  const checkpoint = await checkpointOf(ctx)
  const asOf = await ageAt(ctx, checkpoint)
  const found = await findTransaction(ctx.database, id)
  if (found === undefined || checkpoint === undefined) {
    const known = await ctx.node.transaction(id)
    if (known === undefined)
      throw new ApiError(
        'node.unreachable',
        'It is not indexed, and the node does not answer whether it waits there',
        'Try again in a moment.',
      )
    const view = fromNode(known, asOf)
    if (view === undefined)
      throw new ApiError(
        'transaction.notFound',
        `No transaction ${id} is known`,
        'A transaction expires 64 blocks after the block it refers to.',
      )
    return view
  }
  const { row, events } = found
  const summary = transactionSummary(row, checkpoint.finalizedHeight)
  const confirmations = Number(checkpoint.height - row.height) + 1
  return {
    ...summary,
    args: describeArguments(row.contractName, row.method, row.args),
    signature: signatureOf(row.contractName, row.method),
    refHeight: row.refHeight,
    refHash: row.refHash as Hex,
    feeLimit: BigInt(row.feeLimit.toFixed(0)),
    nonce: row.nonce as Hex,
    blockHash: row.blockHash as Hash,
    events: events.map(describeEvent),
    confirmations,
    milestones: milestonesOf(confirmations, summary.finalized),
    asOf,
    ...(row.envelope === null ? {} : { envelope: row.envelope as Hex }),
    ...(row.errorCode === null ? {} : { error: { code: row.errorCode, help: row.errorHelp ?? '' } }),
  }
}

export const transactionRouter: RouterOf<TransactionRecord> = router({
  list: procedure.input(listInput).query(async ({ ctx, input }) => {
    const checkpoint = await checkpointOf(ctx)
    const limit = input?.limit ?? LIMIT_DEFAULT
    const success = input?.status === undefined ? undefined : input.status === 'success'
    const query = {
      contract: input?.contract,
      method: input?.method,
      success,
      below: placeOf(input?.cursor),
      limit: limit + 1,
    }
    const rows = await listTransactions(ctx.database, query, checkpoint?.finalizedHeight ?? 0n)
    return {
      ...cutPage(rows, limit, (last) => writeCursor(last.height, last.index)),
      asOf: await ageAt(ctx, checkpoint),
    }
  }),
  get: procedure.input(z.object({ id: hashInput })).query(({ ctx, input }) => getTransaction(ctx, toHash(input.id))),
  byAccount: procedure.input(byAccountInput).query(async ({ ctx, input }) => {
    const checkpoint = await checkpointOf(ctx)
    const limit = input.limit ?? LIMIT_DEFAULT
    const query = { address: toAddress(input.address), below: placeOf(input.cursor), limit: limit + 1 }
    const rows = await accountActivity(ctx.database, query, checkpoint?.finalizedHeight ?? 0n)
    return {
      ...cutPage(rows, limit, (last) => writeCursor(last.height, last.index)),
      asOf: await ageAt(ctx, checkpoint),
    }
  }),
})
