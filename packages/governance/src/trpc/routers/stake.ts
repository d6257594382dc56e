import { z } from 'zod'
import { findPosition, listPositions, positionTotals } from '#db'
import { ageAt, checkpointOf } from '../age.ts'
import { chainNow } from '../chainNow.ts'
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
import type { RouterOf, StakeRecord } from '../surface.ts'

export const stakeRouter: RouterOf<StakeRecord> = router({
  positions: procedure
    .input(z.object({ ...pageFields, owner: addressInput, state: z.enum(['open', 'all']).optional() }))
    .query(async ({ ctx, input }) => {
      const owner = toAddress(input.owner)
      const limit = input.limit ?? LIMIT_DEFAULT
      const [start = 0n] = readCursor(input.cursor, 1) ?? []
      const nowMs = await chainNow(ctx)
      const [rows, totals, checkpoint] = await Promise.all([
        listPositions(ctx.database, {
          owner,
          includeWithdrawn: input.state === 'all',
          offset: Number(start),
          limit: limit + 1,
          nowMs,
        }),
        positionTotals(ctx.database, owner, nowMs),
        checkpointOf(ctx),
      ])
      return {
        ...cutPage(rows, limit, () => writeCursor(Number(start) + limit)),
        totalAmount: totals.amount,
        totalWeight: totals.weight,
        withdrawableAmount: totals.withdrawable,
        asOf: await ageAt(ctx, checkpoint),
      }
    }),
  position: procedure.input(z.object({ lockId: hashInput })).query(async ({ ctx, input }) => {
    const found = await findPosition(ctx.database, toHash(input.lockId), await chainNow(ctx))
    if (found === undefined) throw new ApiError('position.notFound', `There is no indexed position ${input.lockId}`)
    return { ...found.position, history: found.history, asOf: await ageAt(ctx, await checkpointOf(ctx)) }
  }),
})
