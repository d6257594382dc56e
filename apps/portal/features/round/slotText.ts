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

export function producerText(slot: RoundSlotView): string {
  return slot.producerName === undefined || slot.producerName === '' ? shorten(slot.producer) : slot.producerName
}

/** What a screen reader says for one slot: `Slot 7, Delegate X, produced, block 1,204,551`. */
export function slotLabel(slot: RoundSlotView, index: number, state: SlotState): string {
  const kind = slot.isExtra ? 'Extra slot' : `Slot ${index + 1}`
  const block = slot.height === undefined ? '' : `, block ${formatInteger(slot.height)}`
  const reason = state === 'missed' && slot.reason !== undefined ? `, ${slot.reason}` : ''
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
