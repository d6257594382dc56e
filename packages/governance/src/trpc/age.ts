import { type CheckpointRow, readCheckpoint } from '#db'
import type { DataAge } from '#domain'
import type { TrpcContext } from './context.ts'

/** Undefined while nothing is indexed. */
export const checkpointOf = (ctx: TrpcContext): Promise<CheckpointRow | undefined> => readCheckpoint(ctx.database.pool)

/** The age of an answer that was read at `checkpoint`. */
export async function ageAt(ctx: TrpcContext, checkpoint: CheckpointRow | undefined): Promise<DataAge> {
  const info = await ctx.node.info()
  const answeredAtMs = ctx.now()
  if (checkpoint === undefined) return { finalizedHeight: 0n, answeredAtMs }
  const { height, hash, timeMs, finalizedHeight } = checkpoint
  const ahead = info === undefined ? undefined : BigInt(info.height) - height
  return {
    height,
    hash,
    timeMs,
    finalizedHeight,
    answeredAtMs,
    ...(ahead === undefined ? {} : { behind: ahead > 0n ? ahead : 0n }),
  }
}

export const dataAge = async (ctx: TrpcContext): Promise<DataAge> => ageAt(ctx, await checkpointOf(ctx))
