import { type Address, ZERO_HASH } from '#primitives'
import { activeProducers, countRound, isHalt } from './exclusion.ts'
import { arrange, residueOf, returnSignature, signatureOf, sumOf, termSignature } from './order.ts'
import type { ClosedRound, DposState, Rotation, Round } from './state.ts'
import { changeTerm } from './term.ts'

/** Who may produce in a slot. `index` counts from 0; the extra slot has the highest. */
export interface Scheduled {
  readonly round: bigint
  readonly term: number
  readonly index: number
  readonly producer: Address
  readonly isExtra: boolean
}

/** Slots of a round: the regular ones and the extra one. */
export function roundLength(round: Pick<Round, 'order'>): bigint {
  return BigInt(round.order.length + 1)
}

function isEmpty(round: Round): boolean {
  return round.blocks.every((block) => block === undefined)
}

/** sig_i(r) in the order of the round; missed ones are filled, because a missing reveal leaves the anchor where it was. */
export function roundSignatures(state: Pick<Rotation, 'round' | 'records'>): readonly bigint[] {
  const { round, records } = state
  return round.order.map((address) => signatureOf(records.get(address)?.anchor ?? ZERO_HASH, round.entropy))
}

function emptyBlocks(order: readonly Address[]): undefined[] {
  return new Array<undefined>(order.length + 1).fill(undefined)
}

/** Closes the round of `state` and derives the next one, from nothing but what headers have revealed. */
function closeRound(state: DposState, halted: boolean): Rotation {
  const { round } = state
  const startSlot = round.startSlot + roundLength(round)
  const last: ClosedRound = { ...round, countedTo: halted ? state.slot + 1n : startSlot }
  const counted = countRound(state, last, startSlot)
  const signatures = roundSignatures(state)
  const signatureBy = new Map(round.order.map((address, index) => [address, signatures[index] ?? 0n]))
  const sum = sumOf([...signatures, signatureBy.get(round.extra) ?? 0n])

  const opened =
    state.pending === undefined
      ? { term: state.term, records: counted, retired: state.retired, evicted: state.evicted, pending: undefined }
      : changeTerm({ ...state, records: counted }, state.pending, { startSlot, startHeight: state.height + 1n })
  const active = activeProducers(opened.term, opened.records, opened.evicted, startSlot)
  const newTerm = opened.term !== state.term
  const staying = newTerm ? [] : round.order.filter((address) => active.includes(address))
  const traversed = newTerm ? active : [...staying, ...active.filter((address) => !staying.includes(address))]
  const wanted = traversed.map((address) => {
    if (newTerm) return residueOf(termSignature(sum, address), active.length)
    return residueOf(signatureBy.get(address) ?? returnSignature(sum, address), active.length)
  })
  const order = arrange(traversed, wanted)
  const extra = active[residueOf(signatures[0] ?? 0n, active.length)] as Address
  const next: Round = {
    number: round.number + 1n,
    term: opened.term.number,
    startSlot,
    countedFrom: startSlot,
    order,
    extra,
    entropy: sum,
    blocks: emptyBlocks(order),
  }
  return { ...opened, round: next, last }
}

// The same parent state is asked many times (schedule, validate, apply, views); what follows from it never changes.
const closings = new WeakMap<DposState, { normal?: Rotation; halted?: Rotation }>()

function closed(state: DposState, halted: boolean): Rotation {
  let known = closings.get(state)
  if (known === undefined) {
    known = {}
    closings.set(state, known)
  }
  if (halted) return (known.halted ??= closeRound(state, true))
  return (known.normal ??= closeRound(state, false))
}

/**
 * The rotation whose round contains `slot`, when no block comes between the head and that slot; undefined before the
 * current round. A round that passed without any block is repeated, shifted by whole rounds, so any silence costs one step.
 */
export function rotationAt(state: DposState, slot: bigint): Rotation | undefined {
  const { round } = state
  if (slot < round.startSlot) return undefined
  if (slot < round.startSlot + roundLength(round)) return state
  const halted = isHalt(round, state.slot, slot)
  const base = isEmpty(round) ? state : closed(state, halted)
  const length = roundLength(base.round)
  const startSlot = base.round.startSlot + ((slot - base.round.startSlot) / length) * length
  const countedFrom = halted ? slot : startSlot
  if (startSlot === base.round.startSlot && countedFrom === base.round.countedFrom) return base
  return { ...base, round: { ...base.round, startSlot, countedFrom } }
}

/** Who may produce in a slot of the rotation’s round. */
export function scheduledIn(rotation: Rotation, slot: bigint): Scheduled {
  const { round } = rotation
  const index = Number(slot - round.startSlot)
  const isExtra = index === round.order.length
  const producer = isExtra ? round.extra : (round.order[index] as Address)
  return { round: round.number, term: round.term, index, producer, isExtra }
}

/** Who may produce in `slot` on top of `state`; undefined for slots before the current round. */
export function scheduleAt(state: DposState, slot: bigint): Scheduled | undefined {
  const rotation = rotationAt(state, slot)
  return rotation === undefined ? undefined : scheduledIn(rotation, slot)
}

/** First slot from `fromSlot` on (and after the head) that belongs to `address` if nobody else produces meanwhile. */
export function nextSlotOf(state: DposState, address: Address, fromSlot: bigint): bigint | undefined {
  const first = fromSlot > state.slot ? fromSlot : state.slot + 1n
  const span = 3n * BigInt(state.term.producers.length + (state.pending?.producers.length ?? 0) + 1)
  for (let slot = first; slot < first + span; slot++) {
    if (scheduleAt(state, slot)?.producer === address) return slot
  }
  return undefined
}
