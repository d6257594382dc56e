import { defineMethod, everywhere, type Method, writing } from '#contracts/runtime'
import { assert } from '#primitives'
import { notOwner, stillLocked, unknownPosition } from '../errors.ts'
import { withdrawnEvent } from '../events.ts'
import { rewardPort, stakePort } from '../ports.ts'
import {
  accountPositions,
  expiring,
  isSwept,
  listPositions,
  positions,
  removeWeight,
  savePositionList,
  swept,
  votes,
} from '../state.ts'

/**
 * Ends a position whose lock is over and gives the ELF back.
 * Origin: the voter · Requires: the end has come · Effects: the position is gone, the amount is in the balance
 * Events: Withdrawn, token Unlocked · Errors: unknownPosition, notOwner, stillLocked · Cost: one list of up to 256 ids
 * Refs: ELECTION-WITHDRAW-1
 */
export const withdraw: Method = defineMethod({
  number: 9,
  signature: 'function withdraw(bytes32 lockId)',
  intent: 'Withdraw the ended vote {lockId}',
  doc: 'Gives the ELF of a vote back once its lock has ended.',
  resources: ({ lockId }, env) => [
    writing(positions, lockId),
    writing(accountPositions, env.from),
    everywhere('read', swept),
    everywhere('add', votes),
    everywhere('add', expiring),
    ...env.declares(stakePort).unlocking(env.from, lockId),
    ...env.declares(rewardPort).settling(lockId, env.from, env),
  ],
  verify: (ctx, { lockId }) => {
    const position = ctx.get(positions, { lockId })
    if (position === undefined) return unknownPosition
    if (position.owner !== ctx.env.from) return notOwner
    return position.endsAt > ctx.env.timeMs ? stillLocked : undefined
  },
  execute: (ctx, { lockId }) => {
    const position = ctx.get(positions, { lockId })
    assert(position !== undefined, 'verified before')
    const { owner, delegate, amount } = position
    if (!isSwept(ctx, position)) removeWeight(ctx, position)
    ctx.delete(positions, { lockId })
    savePositionList(
      ctx,
      owner,
      listPositions(ctx, owner).filter((id) => id !== lockId),
    )
    ctx.call(stakePort).unlock(lockId)
    ctx.call(rewardPort).leave(lockId)
    ctx.emit(withdrawnEvent, { lockId, voter: owner, delegate, amount })
  },
})
