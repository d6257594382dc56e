import { checkpointOf } from './age.ts'
import type { TrpcContext } from './context.ts'

/** What ends, ends by the chain's clock, which a development network may have moved. */
export async function chainNow(ctx: TrpcContext): Promise<number> {
  return (await ctx.node.info())?.nowMs ?? (await checkpointOf(ctx))?.timeMs ?? ctx.now()
}
