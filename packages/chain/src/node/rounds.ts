import { type DposState, producerViews, type RoundView, scheduleAt } from '#consensus/dpos'
import type { DelegateRecord, RoundRecord, TermRecord } from './api.ts'
import type { NodeParts } from './compose.ts'
import { reversibleRound } from './history.ts'

/** Milliseconds at which the term that contains a time ends. */
export function termEndMs(parts: NodeParts, timeMs: number): number {
  const { genesis, termSeconds } = parts.ports.chain
  const start = Number(genesis.genesisTimeMs)
  const length = termSeconds * 1000
  return start + (Math.floor(Math.max(timeMs - start, 0) / length) + 1) * length
}

/** A round as this node sees it: running, reversible, or from the history. */
export async function viewOfRound(
  parts: NodeParts,
  number: bigint,
): Promise<(RoundView & { finalized?: boolean }) | undefined> {
  const chain = { unfinalised: parts.ledger.unfinalised(), head: parts.ledger.headState() }
  const reversible = reversibleRound(chain, number, parts.slots.now())
  if (reversible !== undefined) return parts.witness.explain(reversible)
  const stored = await parts.history.round(number)
  return stored === undefined ? undefined : { ...stored, finalized: true }
}

export async function roundOf(parts: NodeParts, number: bigint | 'latest'): Promise<RoundRecord | undefined> {
  const state = parts.ledger.headState()
  const latest = scheduleAt(state, maxSlot(parts.slots.now(), state))?.round ?? state.round.number
  const found = await viewOfRound(parts, number === 'latest' ? latest : number)
  if (found === undefined) return undefined
  const { term, startSlot, startTimeMs, order, extra } = found
  return {
    number: found.number,
    term,
    startSlot,
    startTimeMs: Number(startTimeMs),
    order,
    extra,
    slots: found.slots.map((slot) => ({
      slot: slot.slot,
      timeMs: Number(slot.timeMs),
      producer: slot.producer,
      isExtra: slot.isExtra,
      state: slot.state,
      height: slot.height,
      hash: slot.hash,
      reason: slot.reason,
    })),
    excluded: found.excluded.flatMap(({ address, untilMs, failures }) =>
      untilMs === undefined ? [] : [{ address, untilMs: Number(untilMs), failures }],
    ),
    finalized: found.finalized ?? false,
  }
}

const maxSlot = (now: bigint, state: DposState): bigint => (now > state.slot ? now : state.slot)

export async function termOf(parts: NodeParts, wanted: number | 'latest'): Promise<TermRecord | undefined> {
  const { term } = parts.ledger.headState()
  const isCurrent = wanted === 'latest' || wanted === term.number
  const found = isCurrent
    ? {
        ...term,
        term: term.number,
        producers: term.producers.map(({ address }) => address),
        commitments: term.producers.map(({ commitment }) => commitment),
      }
    : await parts.history.term(wanted)
  if (found === undefined) return undefined
  const startsAtMs = parts.slots.startMs(found.startSlot)
  const { startHeight, producers, commitments } = found
  return {
    term: found.term,
    startHeight,
    producers,
    ...(commitments === undefined ? {} : { commitments }),
    startsAtMs,
    endsAtMs: termEndMs(parts, startsAtMs),
  }
}

export function delegatesOf(parts: NodeParts): DelegateRecord[] {
  const state = parts.ledger.headState()
  const production = parts.history.production(parts.ledger.unfinalised())
  const views = new Map(producerViews(state).map((one) => [one.address, one]))
  const addresses = new Set([...views.keys(), ...production.keys()])
  return [...addresses].map((address) => {
    const { produced, missed } = production.get(address) ?? { produced: 0n, missed: 0n }
    const until = views.get(address)?.excludedUntilMs
    return {
      address,
      isProducer: views.has(address),
      produced,
      missed,
      excludedUntilMs: until === undefined ? undefined : Number(until),
      paused: parts.ports.isPaused?.(address) ?? false,
    }
  })
}
