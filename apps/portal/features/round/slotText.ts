import type { RoundSlotView, SlotState } from '@aelf/governance/domain'
import { shorten } from '#ui/identity/hash.tsx'
import { formatInteger } from '#ui/number/format.ts'

export const STATE_TEXT: Record<SlotState, string> = {
  produced: 'Produced',
  missed: 'Missed',
  current: 'Now',
  upcoming: 'Upcoming',
  skipped: 'Skipped',
}

const REASON_TEXT: Readonly<Record<string, string>> = {
  offline: 'no block was heard: offline or cut off',
  late: 'its block came after the slot had ended',
  paused: 'paused by its operator',
  networkHalt: 'the whole network stood still, nobody is blamed',
}

/** Why a slot has no block, as far as the node knows; undefined when it gave no reason. */
export const reasonText = (slot: RoundSlotView): string | undefined => slotReason(slot.reason)

/** The words for a reason; reasons of newer nodes are shown as they come. */
export const slotReason = (reason: string | undefined): string | undefined =>
  reason === undefined ? undefined : (REASON_TEXT[reason] ?? reason)

export function producerText(slot: RoundSlotView): string {
  return slot.producerName === undefined || slot.producerName === '' ? shorten(slot.producer) : slot.producerName
}

/** What a screen reader says for one slot: `Slot 7, Delegate X, produced, block 1,204,551`. */
export function slotLabel(slot: RoundSlotView, index: number, state: SlotState): string {
  const kind = slot.isExtra ? 'Extra slot' : `Slot ${index + 1}`
  const block = slot.height === undefined ? '' : `, block ${formatInteger(slot.height)}`
  const why = reasonText(slot)
  const reason = state === 'missed' && why !== undefined ? `, ${why}` : ''
  return `${kind}, ${producerText(slot)}, ${STATE_TEXT[state].toLowerCase()}${block}${reason}`
}

/** A slot whose time has come is current even before the server has said so. */
export function stateAt(slots: readonly RoundSlotView[], index: number, nowMs: number): SlotState {
  const slot = slots[index]
  if (slot === undefined) return 'upcoming'
  if (slot.state !== 'upcoming' && slot.state !== 'current') return slot.state
  const next = slots[index + 1]
  const started = slot.timeMs <= nowMs
  const over = next !== undefined && next.timeMs <= nowMs
  return started && !over ? 'current' : 'upcoming'
}
