import type { ExecuteContext, ViewContext } from '#contracts/runtime'
import { encodeProducers, type ProducerEntry } from '#kernel'
import { type Address, bytesToHex } from '#primitives'
import { termElectedEvent } from '../events.ts'
import { YEAR_MS } from '../params.ts'
import { parameterPort, rewardPort } from '../ports.ts'
import {
  candidates,
  dayOf,
  entryOf,
  evicted,
  initialProducers,
  listCandidates,
  rank,
  sweep,
  term,
  termResult,
} from '../state.ts'
import { openTerm } from './openTerm.ts'
import { currentProducers, unpack } from './producers.ts'

const MS_PER_SECOND = 1000n

/** 2N+1, with N growing by the full years of chain time. */
export function seatsAt(ctx: ViewContext, genesisAt: bigint): number {
  const years = (ctx.env.timeMs - genesisAt) / YEAR_MS
  const n = ctx.env.param('firstN') + years * ctx.env.param('growthPerYear')
  return Number(2n * n + 1n)
}

/** First term end after a time: terms end at whole multiples of their length since genesis, however long a halt was. */
export function termEndAfter(ctx: ViewContext, genesisAt: bigint, timeMs: bigint): bigint {
  const termMs = ctx.read(parameterPort).value('termSeconds') * MS_PER_SECOND
  return genesisAt + ((timeMs - genesisAt) / termMs + 1n) * termMs
}

/** A producer may be kept when it was not evicted and has not quit. */
const mayFill = (ctx: ViewContext, delegate: Address): boolean =>
  ctx.get(evicted, { delegate }) === undefined && (ctx.get(candidates, { delegate })?.quitTerm ?? 0) === 0

/** The heaviest candidates; when they are too few, current and then initial producers fill the seats. */
export function electProducers(ctx: ViewContext, seats: number): ProducerEntry[] {
  const chosen = new Map<Address, ProducerEntry>()
  const take = (entry: ProducerEntry): void => {
    if (chosen.size < seats && !chosen.has(entry.address)) chosen.set(entry.address, entry)
  }
  for (const standing of rank(ctx, dayOf(ctx.env.timeMs))) take(entryOf(standing))
  for (const entry of [...currentProducers(ctx), ...unpack(ctx.get(initialProducers, {})?.producers)]) {
    if (mayFill(ctx, entry.address)) take(entry)
  }
  return [...chosen.values()]
}

/** At the first block at or after the end of a term: takes the snapshot and elects the producers of the next term. */
export function endTerm(ctx: ExecuteContext): void {
  const running = ctx.get(term, {})
  const { timeMs } = ctx.env
  if (running === undefined || timeMs < running.endsAt) return
  ctx.call(rewardPort).closeTerm()
  const former = currentProducers(ctx)
  for (const delegate of listCandidates(ctx)) sweep(ctx, delegate, dayOf(timeMs))
  const elected = electProducers(ctx, seatsAt(ctx, running.genesisAt))
  // With nobody left to elect the producers stay: a chain without producers could never recover.
  const producers = elected.length === 0 ? former : elected
  const next = running.term + 1
  const packed = bytesToHex(encodeProducers(producers))
  ctx.set(
    term,
    {},
    {
      term: next,
      startedAt: timeMs,
      endsAt: termEndAfter(ctx, running.genesisAt, timeMs),
      genesisAt: running.genesisAt,
    },
  )
  ctx.set(termResult, {}, { term: next, producers: packed })
  // The former list makes the blocks until its round is over.
  openTerm(
    ctx,
    [...producers, ...former].map(({ address }) => address),
  )
  ctx.signal({ kind: 'term', producers })
  ctx.emit(termElectedEvent, { term: next, producers: packed })
}
