import {
  type ContractError,
  defineMethod,
  type Environment,
  type ExecuteContext,
  type Method,
  type ViewContext,
} from '#contracts/runtime'
import { decodeHeader, type SignedHeader, verifyHeaderSignature } from '#kernel'
import { type Address, AelfError, bytesToHex, type Hex, hexToBytes } from '#primitives'
import { badSignature, evictedDelegate, foreignHeader, malformedHeader, noConflict, notCandidate } from '../errors.ts'
import { doubleMiningProvenEvent } from '../events.ts'
import { stakePort } from '../ports.ts'
import { candidates, depositLockOf, evicted, listCandidates, saveCandidateList } from '../state.ts'
import { isProducer } from './producers.ts'

function decodePair(headerA: Hex, headerB: Hex): readonly [SignedHeader, SignedHeader] | undefined {
  try {
    return [decodeHeader(hexToBytes(headerA)), decodeHeader(hexToBytes(headerB))]
  } catch (error) {
    if (error instanceof AelfError) return undefined
    throw error
  }
}

/** A delegate may use one key on several networks; each of its headers names the network it was made for. */
function isForeign(header: SignedHeader, { chainId, genesisHash }: Environment): boolean {
  return header.chainId !== chainId || bytesToHex(header.extension) !== genesisHash
}

/** Cheap comparisons first: signatures cost the most. */
function checkPair(a: SignedHeader, b: SignedHeader, env: Environment): ContractError | undefined {
  if (isForeign(a, env) || isForeign(b, env)) return foreignHeader
  if (a.producer !== b.producer || a.slot !== b.slot || a.hash === b.hash) return noConflict
  return verifyHeaderSignature(a) && verifyHeaderSignature(b) ? undefined : badSignature
}

function checkDelegate(ctx: ViewContext, delegate: Address): ContractError | undefined {
  if (ctx.get(evicted, { delegate }) !== undefined) return evictedDelegate
  const known = ctx.get(candidates, { delegate }) !== undefined || isProducer(ctx, delegate)
  return known ? undefined : notCandidate
}

/** Burns half of the deposit, rounded up, and rewards the finder with the rest. */
function punish(ctx: ExecuteContext, delegate: Address): { reward: bigint; burned: bigint } {
  const deposit = ctx.get(candidates, { delegate })?.deposit
  if (deposit === undefined) return { reward: 0n, burned: 0n }
  const reward = deposit / 2n
  ctx.call(stakePort).slash({ lockId: depositLockOf(delegate), finder: ctx.env.from, reward })
  ctx.delete(candidates, { delegate })
  saveCandidateList(
    ctx,
    listCandidates(ctx).filter((other) => other !== delegate),
  )
  return { reward, burned: deposit - reward }
}

/**
 * Proves that a delegate signed two headers for one slot.
 * Origin: any account · Requires: two different headers of this network, one producer, one slot, valid signatures
 * Effects: the delegate is no candidate any more and never again; half of its deposit is burned, half goes to the sender
 * Events: DoubleMiningProven, token Unlocked, Transfer, Burned · Errors: malformedHeader, foreignHeader, noConflict, badSignature,
 * evictedDelegate, notCandidate · Cost: two signature recoveries, runs alone · Refs: ELECTION-EVICT-1
 */
export const reportDoubleMining: Method = defineMethod({
  number: 10,
  signature: 'function reportDoubleMining(bytes headerA, bytes headerB)',
  intent: 'Report double mining, proven by two signed headers',
  doc: 'Evicts a delegate that signed two headers for one slot; half of its deposit goes to the sender.',
  nonParallel: true,
  resources: () => [],
  verify: (ctx, { headerA, headerB }) => {
    const pair = decodePair(headerA, headerB)
    if (pair === undefined) return malformedHeader
    return checkPair(...pair, ctx.env) ?? checkDelegate(ctx, pair[0].producer)
  },
  execute: (ctx, { headerA, headerB }) => {
    const pair = decodePair(headerA, headerB)
    if (pair === undefined) return ctx.fail(malformedHeader)
    const { producer: delegate, slot } = pair[0]
    const finder = ctx.env.from
    const { reward, burned } = punish(ctx, delegate)
    ctx.set(evicted, { delegate }, { height: ctx.env.height, finder })
    ctx.signal({ kind: 'evict', address: delegate })
    ctx.emit(doubleMiningProvenEvent, { delegate, slot, finder, reward, burned })
  },
})
