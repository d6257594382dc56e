import { type ExecuteContext, type PortProvider, reading, writing } from '#contracts/runtime'
import { systemAddress } from '#kernel'
import { type Address, assert, type Hex } from '#primitives'
import { REWARD } from '../params.ts'
import type { RewardCalls, RewardDeclares } from '../ports.ts'
import { countPoints, pointCount, shares } from '../state.ts'
import { fresh, remember, settle, settling, store } from './settle.ts'
import { closeTerm, openTerm } from './term.ts'

const ELECTION_ADDRESS = systemAddress(2)

function createCalls(ctx: ExecuteContext): RewardCalls {
  assert(ctx.env.caller === ELECTION_ADDRESS, 'only the election says who voted')
  const replace = (lockId: Hex, next: { delegate: Address; weight: bigint; endsAt: bigint }): void => {
    const share = ctx.get(shares, { lockId })
    assert(share !== undefined, 'every vote has a share')
    const kept = remember(ctx, settle(ctx, lockId, share))
    const cursor = countPoints(ctx, next.delegate)
    store(ctx, lockId, { ...kept, ...next, since: ctx.env.timeMs, cursor })
  }
  return {
    join: ({ lockId, ...share }) => {
      const cursor = countPoints(ctx, share.delegate)
      store(ctx, lockId, fresh({ ...share, since: ctx.env.timeMs, cursor }))
    },
    change: ({ lockId, ...next }) => replace(lockId, next),
    leave: (lockId) => {
      const share = ctx.get(shares, { lockId })
      assert(share !== undefined, 'every vote has a share')
      replace(lockId, { delegate: share.delegate, weight: 0n, endsAt: share.endsAt })
    },
    closeTerm: () => closeTerm(ctx),
    openTerm: (opened) => openTerm(ctx, opened),
  }
}

/** Offered to the election, which knows who voted and when a term ends. */
export const rewardProvider: PortProvider<Readonly<Record<never, never>>, RewardCalls, RewardDeclares> = {
  contract: REWARD.name,
  reads: () => ({}),
  calls: createCalls,
  declares: {
    joining: (lockId, delegate) => [writing(shares, lockId), reading(pointCount, delegate)],
    settling,
  },
}
