import type { RoundView, SlotReason } from '#consensus/dpos'
import { type SignedHeader, verifyHeaderSignature } from '#kernel'
import type { Address } from '#primitives'

/** Slots remembered: more than reorganisations can reach. */
const MAX_SLOTS = 4096
/** Producers remembered for a slot: anybody may sign a late header with any number of keys. */
const MAX_PRODUCERS_OF_SLOT = 128

/** Remembers the blocks this node has seen, on whatever branch and however late; a missed slot of one of them was late, not idle. */
export class Witness {
  private readonly seen = new Map<bigint, Set<Address>>()
  private readonly wasPaused: (producer: Address, slot: bigint) => boolean

  constructor(wasPaused: (producer: Address, slot: bigint) => boolean) {
    this.wasPaused = wasPaused
  }

  /** A block whose header rules were checked by an import. */
  saw({ slot, producer }: SignedHeader): void {
    const producers = this.seen.get(slot) ?? new Set()
    if (producers.size < MAX_PRODUCERS_OF_SLOT) producers.add(producer)
    this.seen.set(slot, producers)
    const oldest = this.seen.keys().next()
    if (this.seen.size > MAX_SLOTS && oldest.done !== true) this.seen.delete(oldest.value)
  }

  /** A block that came too late to be checked: only its signature is. */
  sawLate(header: SignedHeader): void {
    if (verifyHeaderSignature(header)) this.saw(header)
  }

  /** The round with better reasons for its missed slots than headers alone give. */
  explain(round: RoundView): RoundView {
    const slots = round.slots.map((slot) => {
      if (slot.state !== 'missed') return slot
      const reason = this.reasonOf(slot.slot, slot.producer)
      return reason === undefined ? slot : { ...slot, reason }
    })
    return { ...round, slots }
  }

  private reasonOf(slot: bigint, producer: Address): SlotReason | undefined {
    if (this.wasPaused(producer, slot)) return 'paused'
    return this.seen.get(slot)?.has(producer) === true ? 'late' : undefined
  }
}
