import { slotTimeMs } from '#kernel'
import type { Address, Hash } from '#primitives'
import { rotationAt, roundLength } from './schedule.ts'
import type { ClosedRound, DposState, Rotation, Round } from './state.ts'

/** `skipped`: nobody produced, and nobody is blamed, because the network stood still. */
export type SlotState = 'produced' | 'missed' | 'current' | 'upcoming' | 'skipped'

/**
 * Why a slot has no block. `offline`: nothing was heard · `late`: the block came too late to be on the chain · `paused`: the operator
 * had stopped the delegate · `networkHalt`: nobody produced. Headers alone tell `offline` and `networkHalt`; a node may know better.
 */
export type SlotReason = 'offline' | 'late' | 'paused' | 'networkHalt'

export interface SlotView {
  readonly slot: bigint
  readonly timeMs: bigint
  readonly producer: Address
  readonly isExtra: boolean
  readonly state: SlotState
  readonly height?: bigint
  readonly hash?: Hash
  readonly reason?: SlotReason
}

export interface ExclusionView {
  readonly address: Address
  /** Milliseconds since the epoch; absent for an evicted producer, which does not come back in this term. */
  readonly untilMs?: bigint
  readonly failures: number
  readonly evicted: boolean
}

export interface RoundView {
  readonly number: bigint
  readonly term: number
  readonly startSlot: bigint
  readonly startTimeMs: bigint
  readonly order: readonly Address[]
  readonly extra: Address
  readonly slots: readonly SlotView[]
  readonly excluded: readonly ExclusionView[]
}

/** Streak, failures and exclusion of one producer of the current term. */
export interface ProducerView {
  readonly address: Address
  readonly commitment: Hash
  readonly anchor: Hash
  readonly streak: number
  readonly failures: number
  readonly excludedUntilSlot?: bigint
  readonly excludedUntilMs?: bigint
  readonly evicted: boolean
  readonly inRotation: boolean
}

function emptySlotState(round: Round, slot: bigint, countedTo: bigint, nowSlot: bigint): SlotState {
  if (slot > nowSlot) return 'upcoming'
  if (slot === nowSlot) return 'current'
  return slot < round.countedFrom || slot >= countedTo ? 'skipped' : 'missed'
}

function viewOf(
  state: DposState,
  rotation: Rotation,
  round: Round,
  scope: { countedTo: bigint; nowSlot: bigint },
): RoundView {
  const at = (slot: bigint): bigint => slotTimeMs(state.params, slot)
  const slots = round.blocks.map((block, index): SlotView => {
    const slot = round.startSlot + BigInt(index)
    const isExtra = index === round.order.length
    const producer = isExtra ? round.extra : (round.order[index] as Address)
    const base = { slot, timeMs: at(slot), producer, isExtra }
    if (block !== undefined) return { ...base, state: 'produced', height: block.height, hash: block.hash }
    const shown = emptySlotState(round, slot, scope.countedTo, scope.nowSlot)
    if (shown === 'missed') return { ...base, state: shown, reason: 'offline' }
    return shown === 'skipped' ? { ...base, state: shown, reason: 'networkHalt' } : { ...base, state: shown }
  })
  const { number, term, startSlot, order, extra } = round
  return {
    number,
    term,
    startSlot,
    startTimeMs: at(startSlot),
    order,
    extra,
    slots,
    excluded: exclusions(state, rotation, startSlot),
  }
}

function exclusions(state: DposState, rotation: Rotation, startSlot: bigint): readonly ExclusionView[] {
  const views: ExclusionView[] = []
  for (const [address, record] of rotation.records) {
    const evicted = rotation.evicted.includes(address)
    const { failures, excludedUntil } = record
    if (evicted) views.push({ address, failures, evicted })
    else if (excludedUntil > startSlot)
      views.push({ address, untilMs: slotTimeMs(state.params, excludedUntil), failures, evicted })
  }
  return views
}

/** The round the chain is in at `nowSlot` (the head's slot when left out), as far as headers and the clock tell. */
export function roundView(state: DposState, nowSlot: bigint = state.slot): RoundView {
  const slot = nowSlot > state.slot ? nowSlot : state.slot
  const rotation = rotationAt(state, slot) ?? state
  const { round } = rotation
  return viewOf(state, rotation, round, { countedTo: round.startSlot + roundLength(round), nowSlot: slot })
}

/** The newest round that is over, or undefined in the first one. Exclusions are those at its end. */
export function lastRoundView(state: DposState): RoundView | undefined {
  const closed: ClosedRound | undefined = state.last
  if (closed === undefined) return undefined
  return viewOf(state, state, closed, { countedTo: closed.countedTo, nowSlot: state.slot })
}

/** Every producer of the current term, in list order. */
export function producerViews(state: DposState): readonly ProducerView[] {
  return state.term.producers.map(({ address, commitment }) => {
    const record = state.records.get(address)
    const until = record?.excludedUntil ?? 0n
    const excluded = until > state.round.startSlot
    return {
      address,
      commitment,
      anchor: record?.anchor ?? commitment,
      streak: record?.streak ?? 0,
      failures: record?.failures ?? 0,
      ...(excluded ? { excludedUntilSlot: until, excludedUntilMs: slotTimeMs(state.params, until) } : {}),
      evicted: state.evicted.includes(address),
      inRotation: state.round.order.includes(address),
    }
  })
}
