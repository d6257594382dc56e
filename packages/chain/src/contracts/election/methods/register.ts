import { defineMethod, type ExecuteContext, type Method, reading, writing } from '#contracts/runtime'
import { type Address, type Hex, ZERO_HASH } from '#primitives'
import { alreadyCandidate, candidatesFull, commitmentForm, depositMissing, evictedDelegate } from '../errors.ts'
import { registeredEvent } from '../events.ts'
import { MAX_CANDIDATES } from '../params.ts'
import { stakePort } from '../ports.ts'
import {
  candidateList,
  candidates,
  dayOf,
  depositLockOf,
  evicted,
  listCandidates,
  registrations,
  saveCandidateList,
  swept,
} from '../state.ts'
import { checkProfile, type Profile } from './profile.ts'

/** Adds a candidate with its deposit; used by the method and by genesis. */
export function enter(ctx: ExecuteContext, delegate: Address, given: Profile & { readonly commitment: Hex }): void {
  const { name, url, commitment, commissionBps } = given
  const deposit = ctx.env.param('deposit')
  ctx.call(stakePort).lock({ lockId: depositLockOf(delegate), owner: delegate, amount: deposit, endsAt: 0n })
  ctx.add(registrations, {}, 1n)
  const sequence = Number(ctx.count(registrations, {}))
  ctx.set(candidates, { delegate }, { name, url, commitment, commissionBps, sequence, deposit, quitTerm: 0 })
  saveCandidateList(ctx, [...listCandidates(ctx), delegate])
  // A delegate that comes back keeps its mark: its older positions still wait to be swept.
  if (ctx.get(swept, { delegate }) === undefined) ctx.set(swept, { delegate }, { day: dayOf(ctx.env.timeMs) })
  ctx.emit(registeredEvent, { delegate, name, url, commitment, commissionBps, deposit })
}

/**
 * Makes the sender a candidate.
 * Origin: any account that was never evicted · Requires: the deposit unlocked, a free place · Effects: locks the deposit
 * Events: Registered, token Locked · Errors: nameForm, urlForm, commissionRange, commitmentForm, evictedDelegate, alreadyCandidate,
 * candidatesFull, depositMissing · Cost: one list of up to 1,024 addresses · Refs: ELECTION-CANDIDATE-1
 */
export const register: Method = defineMethod({
  number: 1,
  signature: 'function register(string name, string url, bytes32 commitment, uint32 commissionBps)',
  intent:
    'Register as delegate {name} ({url}) with a commission of {commissionBps:bps}, commitment {commitment}, and leave the deposit',
  doc: 'Makes the sender a candidate; locks a deposit of 100,000 ELF.',
  resources: (_, { from, declares }) => [
    writing(candidates, from),
    writing(candidateList),
    writing(registrations),
    writing(swept, from),
    reading(evicted, from),
    ...declares(stakePort).locking(from, depositLockOf(from)),
  ],
  verify: (ctx, { name, url, commitment, commissionBps }) => {
    const delegate = ctx.env.from
    const wrong = checkProfile({ name, url, commissionBps })
    if (wrong !== undefined) return wrong
    if (commitment === ZERO_HASH) return commitmentForm
    if (ctx.get(evicted, { delegate }) !== undefined) return evictedDelegate
    if (ctx.get(candidates, { delegate }) !== undefined) return alreadyCandidate
    if (listCandidates(ctx).length >= MAX_CANDIDATES) return candidatesFull
    return ctx.read(stakePort).balanceOf(delegate) < ctx.env.param('deposit') ? depositMissing : undefined
  },
  execute: (ctx, args) => enter(ctx, ctx.env.from, args),
})
