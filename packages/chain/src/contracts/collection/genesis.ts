import type { ExecuteContext } from '#contracts/runtime'
import { assert, type Hash, ZERO_HASH } from '#primitives'
import { current } from './state.ts'

export interface CollectionGenesis {
  /** Hash of the collection that the chain begins with. */
  readonly hash: Hash
}

/** Two successors must not reach the threshold in one window, and every block of the window needs a place. */
export function genesis(ctx: ExecuteContext, { hash }: CollectionGenesis): void {
  const [window, lockIn] = [ctx.env.param('window'), ctx.env.param('lockIn')]
  assert(lockIn > 0n && lockIn <= window && 2n * lockIn > window, 'lockIn is more than half of the window')
  assert(window <= 1_000n && ctx.env.param('confirm') > 0n, 'a window of at most 1,000 blocks, confirmed at least once')
  ctx.set(current, {}, { hash, since: 0n, former: ZERO_HASH })
}
