import type { Address } from '#primitives'
import { type DposParams, exclusionSlots, MISSES_TO_EXCLUDE, thresholdOf } from './params.ts'
import type { ClosedRound, ProducerRecord, Round, Term } from './state.ts'

/** What one regular slot says about its producer. */
export type Outcome = 'produced' | 'missed' | 'uncounted'

/** The outcome of the slot at `index` of a round that is over. */
export function outcomeOf(round: ClosedRound, index: number): Outcome {
  if (round.blocks[index] !== undefined) return 'produced'
  const slot = round.startSlot + BigInt(index)
  return slot < round.countedFrom || slot >= round.countedTo ? 'uncounted' : 'missed'
}

/** True when nobody produced for a whole round's length or longer between two slots: a halt of the network, nobody's fault. */
export function isHalt(round: Round, parentSlot: bigint, slot: bigint): boolean {
  return slot - parentSlot > BigInt(round.order.length + 1)
}

/** What `countRound` needs of the engine's state. */
type CountedState = {
  readonly params: DposParams
  readonly term: Term
  readonly records: ReadonlyMap<Address, ProducerRecord>
  readonly evicted: readonly Address[]
}

/** Of those out of rotation, the one whose exclusion ends first; equal ends by list order. */
function soonestOut(
  { term, evicted }: CountedState,
  records: ReadonlyMap<Address, ProducerRecord>,
  isOut: (address: Address) => boolean,
): Address | undefined {
  let soonest: { address: Address; until: bigint } | undefined
  for (const { address } of term.producers) {
    const until = records.get(address)?.excludedUntil ?? 0n
    if (!isOut(address) || evicted.includes(address)) continue
    if (soonest === undefined || until < soonest.until) soonest = { address, until }
  }
  return soonest?.address
}

/**
 * Streaks and exclusions after a round, for the round that starts at `nextStart`. Never leaves fewer than ⌊2N/3⌋+1
 * producers in rotation: an exclusion that would is made good by letting the excluded one back in whose time ends first.
 * Without one, it is not applied and the streak starts again. So who is silent never keeps out who could vote.
 */
export function countRound(state: CountedState, round: ClosedRound, nextStart: bigint): Map<Address, ProducerRecord> {
  const records = new Map(state.records)
  const least = thresholdOf(state.term.producers.length)
  const isActive = (address: Address): boolean =>
    (records.get(address)?.excludedUntil ?? 0n) <= nextStart && !state.evicted.includes(address)
  const isOut = (address: Address): boolean => !isActive(address) && !round.order.includes(address)
  round.order.forEach((address, index) => {
    const record = records.get(address)
    const outcome = outcomeOf(round, index)
    if (record === undefined || outcome === 'uncounted') return
    if (outcome === 'produced') {
      if (record.streak !== 0) records.set(address, { ...record, streak: 0 })
      return
    }
    const streak = record.streak + 1
    if (streak < MISSES_TO_EXCLUDE) {
      records.set(address, { ...record, streak })
      return
    }
    const others = state.term.producers.filter((one) => one.address !== address && isActive(one.address)).length
    const back = others < least ? soonestOut(state, records, isOut) : undefined
    if (state.evicted.includes(address) || (others < least && back === undefined)) {
      records.set(address, { ...record, streak: 0 })
      return
    }
    if (back !== undefined) records.set(back, { ...(records.get(back) as ProducerRecord), excludedUntil: nextStart })
    const failures = record.failures + 1
    records.set(address, {
      ...record,
      streak: 0,
      failures,
      excludedUntil: nextStart + exclusionSlots(state.params, failures),
    })
  })
  return records
}

/**
 * The producers in rotation for a round that starts at `startSlot`, in list order. When evictions leave fewer than
 * ⌊2N/3⌋+1, excluded ones are let back in, soonest end first, until the number is reached.
 */
export function activeProducers(
  term: Term,
  records: ReadonlyMap<Address, ProducerRecord>,
  evicted: readonly Address[],
  startSlot: bigint,
): readonly Address[] {
  const remaining = term.producers.map((entry) => entry.address).filter((address) => !evicted.includes(address))
  // A list of which everybody was evicted still has to make the blocks that elect a new one.
  if (remaining.length === 0) return term.producers.map((entry) => entry.address)
  const untilOf = (address: Address): bigint => records.get(address)?.excludedUntil ?? 0n
  const excluded = remaining.filter((address) => untilOf(address) > startSlot)
  const wanted = thresholdOf(term.producers.length) - (remaining.length - excluded.length)
  if (wanted <= 0) return remaining.filter((address) => untilOf(address) <= startSlot)
  const soonest = excluded
    .map((address, position) => ({ address, position, until: untilOf(address) }))
    .sort((a, b) => (a.until === b.until ? a.position - b.position : a.until < b.until ? -1 : 1))
  const back = new Set(soonest.slice(0, wanted).map((entry) => entry.address))
  return remaining.filter((address) => untilOf(address) <= startSlot || back.has(address))
}
