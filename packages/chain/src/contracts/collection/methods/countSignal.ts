import type { ExecuteContext } from '#contracts/runtime'
import { assert, type Hex, ZERO_HASH } from '#primitives'
import { activatedEvent, confirmationResetEvent, lockedInEvent } from '../events.ts'
import { type Candidate, candidate, counts, current, signals, upgradeCount, upgrades } from '../state.ts'

/** Puts the block's signal in the place of the one that leaves the window. */
function push(ctx: ExecuteContext, signal: Hex): void {
  const key = { place: Number(ctx.env.height % ctx.env.param('window')) }
  const leaving = ctx.get(signals, key)
  if (leaving !== undefined) ctx.add(counts, { hash: leaving.hash }, -1n)
  if (signal === ZERO_HASH) {
    if (leaving !== undefined) ctx.delete(signals, key)
    return
  }
  ctx.set(signals, key, { hash: signal })
  ctx.add(counts, { hash: signal }, 1n)
}

function clear(ctx: ExecuteContext): void {
  const window = Number(ctx.env.param('window'))
  for (let place = 0; place < window; place++) {
    const found = ctx.get(signals, { place })
    if (found === undefined) continue
    ctx.delete(counts, { hash: found.hash })
    ctx.delete(signals, { place })
  }
}

function activate(ctx: ExecuteContext, { hash, lockedAt }: Candidate, former: Hex): void {
  const since = ctx.env.height + 1n
  ctx.add(upgradeCount, {}, 1n)
  ctx.set(upgrades, { number: Number(ctx.count(upgradeCount, {})) }, { hash, since, lockedAt })
  ctx.set(current, {}, { hash, since, former })
  ctx.delete(candidate, {})
  clear(ctx)
  ctx.emit(activatedEvent, { hash, former, since })
}

function confirm(ctx: ExecuteContext, found: Candidate, former: Hex): void {
  const { hash, confirmed } = found
  const support = ctx.count(counts, { hash })
  if (support >= ctx.env.param('lockIn')) {
    const next = { ...found, confirmed: confirmed + 1 }
    if (BigInt(next.confirmed) >= ctx.env.param('confirm')) activate(ctx, next, former)
    else ctx.set(candidate, {}, next)
    return
  }
  ctx.set(candidate, {}, { ...found, confirmed: 0, resetAt: ctx.env.height })
  // Said once, when something is lost: while support stays away nothing new happens.
  if (confirmed > 0) ctx.emit(confirmationResetEvent, { hash, confirmed, signals: Number(support) })
}

/**
 * The update rule: lock-in, confirmation, activation.
 * Origin: the end of every block · Effects: the block's signal counts; a successor may be locked in, confirmed or put in force
 * Events: LockedIn, ConfirmationReset, Activated · Cost: one place of the window, all of it at an activation
 * Refs: COLLECTION-SIGNAL-1, COLLECTION-LOCKIN-1, COLLECTION-REPLACE-1, COLLECTION-CONFIRM-1, COLLECTION-ACTIVATE-1
 */
export function countSignal(ctx: ExecuteContext): void {
  const now = ctx.get(current, {})
  assert(now !== undefined, 'genesis names the collection')
  // To signal what is in force already is to signal nothing.
  const signal: Hex = ctx.env.signal === now.hash ? ZERO_HASH : ctx.env.signal
  push(ctx, signal)
  const found = ctx.get(candidate, {})
  // Only what this block signals can have reached the threshold with it.
  const isNew = signal !== ZERO_HASH && signal !== found?.hash
  const support = isNew ? ctx.count(counts, { hash: signal }) : 0n
  if (support >= ctx.env.param('lockIn')) {
    ctx.set(candidate, {}, { hash: signal, lockedAt: ctx.env.height, confirmed: 0, resetAt: 0n })
    ctx.emit(lockedInEvent, { hash: signal, former: found?.hash ?? ZERO_HASH, signals: Number(support) })
  } else if (found !== undefined) confirm(ctx, found, now.hash)
}
