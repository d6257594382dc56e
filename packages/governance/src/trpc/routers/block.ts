import { z } from 'zod'
import { findBlock, listBlocks, transactionsOfBlock } from '#db'
import { ageAt, checkpointOf } from '../age.ts'
import { ApiError } from '../errors.ts'
import { procedure, router } from '../init.ts'
import { addressInput, cutPage, LIMIT_DEFAULT, pageFields, readCursor, toAddress, writeCursor } from '../inputs.ts'
import { requireCheckpoint } from '../standings.ts'
import type { BlockRecord, RouterOf } from '../surface.ts'

const listInput = z.object({ ...pageFields, producer: addressInput.optional() }).optional()
const id = z.union([
  z
    .string()
    .max(66)
    .regex(/^(latest|\d{1,18}|0x[0-9a-fA-F]{64})$/, 'a height, a block hash or "latest"'),
  z
    .bigint()
    .min(0n)
    .max(10n ** 18n),
])

function keyOf(reference: string | bigint, head: bigint): { height: bigint } | { hash: string } {
  if (reference === 'latest') return { height: head }
  if (typeof reference === 'string' && reference.startsWith('0x')) return { hash: reference.toLowerCase() }
  return { height: BigInt(reference) }
}

export const blockRouter: RouterOf<BlockRecord> = router({
  list: procedure.input(listInput).query(async ({ ctx, input }) => {
    const checkpoint = await checkpointOf(ctx)
    const limit = input?.limit ?? LIMIT_DEFAULT
    const [below] = readCursor(input?.cursor, 1) ?? []
    const producer = input?.producer === undefined ? undefined : toAddress(input.producer)
    const rows = await listBlocks(
      ctx.database,
      { producer, below, limit: limit + 1 },
      checkpoint?.finalizedHeight ?? 0n,
    )
    return { ...cutPage(rows, limit, (last) => writeCursor(last.height)), asOf: await ageAt(ctx, checkpoint) }
  }),
  get: procedure.input(z.object({ id })).query(async ({ ctx, input }) => {
    const checkpoint = requireCheckpoint(await checkpointOf(ctx))
    const block = await findBlock(ctx.database, keyOf(input.id, checkpoint.height), checkpoint)
    if (block === undefined) throw new ApiError('block.notFound', `There is no indexed block ${input.id}`)
    const transactions = await transactionsOfBlock(ctx.database, block.height, checkpoint.finalizedHeight)
    return { ...block, transactions, asOf: await ageAt(ctx, checkpoint) }
  }),
})
