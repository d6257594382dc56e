import type { ExecuteContext } from '#contracts/runtime'
import { encodeProducers, type ProducerEntry } from '#kernel'
import { type Address, bytesToHex, type Hash } from '#primitives'
import { termEndAfter } from './methods/elect.ts'
import { enter } from './methods/register.ts'
import { initialProducers, term, termResult } from './state.ts'

export interface ElectionGenesis {
  /** Producers of the first term. */
  readonly producers: readonly ProducerEntry[]
  /** Registered from the start; each must hold the deposit in the token genesis. */
  readonly candidates: readonly {
    readonly address: Address
    readonly name: string
    readonly url: string
    readonly commitment: Hash
    readonly commissionBps: number
  }[]
}

/** First term, first producers, first candidates. Runs after the token genesis, whose balances pay the deposits. */
export function genesis(ctx: ExecuteContext, options: ElectionGenesis): void {
  const { timeMs } = ctx.env
  const producers = bytesToHex(encodeProducers(options.producers))
  ctx.set(initialProducers, {}, { producers })
  ctx.set(termResult, {}, { term: 1, producers })
  ctx.set(term, {}, { term: 1, startedAt: timeMs, endsAt: termEndAfter(ctx, timeMs, timeMs), genesisAt: timeMs })
  for (const { address, ...given } of options.candidates) enter(ctx, address, given)
}
