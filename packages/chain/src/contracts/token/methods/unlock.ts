import { adding, defineMethod, type Method, writing } from '#contracts/runtime'
import { lockActive, lockHeld, notLockOwner, unknownLock } from '../errors.ts'
import { balances, locked, locks, releaseLock } from '../state.ts'

/**
 * Gives back a lock that has ended.
 * Origin: the lock's owner · Requires: the lock's end has passed and no other contract holds it · Effects: the amount is in the balance
 * Events: Unlocked · Errors: unknownLock, notLockOwner, lockHeld, lockActive · Cost: 2 reads, 3 writes · Refs: TOKEN-LOCK-2
 */
export const unlock: Method = defineMethod({
  number: 6,
  signature: 'function unlock(bytes32 lockId)',
  intent: 'Release the ended lock {lockId}',
  doc: 'Gives back the amount of a lock that has ended.',
  resources: ({ lockId }, { from }) => [adding(balances, from), adding(locked, from), writing(locks, lockId)],
  verify: (ctx, { lockId }) => {
    const found = ctx.get(locks, { lockId })
    if (found === undefined) return unknownLock
    if (found.owner !== ctx.env.from) return notLockOwner
    if (found.holder !== ctx.env.self) return lockHeld
    return found.endsAt > ctx.env.timeMs ? lockActive : undefined
  },
  execute: (ctx, { lockId }) => {
    const found = ctx.get(locks, { lockId })
    if (found === undefined) return ctx.fail(unknownLock)
    releaseLock(ctx, { lockId, ...found })
  },
})
