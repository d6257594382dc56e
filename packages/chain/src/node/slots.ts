import type { MainChain } from '#chains'
import { slotAt, slotTimeMs } from '#kernel'
import type { Clock } from '#primitives'

/** Slots by this node's clock. */
export interface Slots {
  now(): bigint
  startMs(slot: bigint): number
}

export function createSlots(chain: MainChain, clock: Clock): Slots {
  return {
    now: () => slotAt(chain.genesis, BigInt(Math.floor(clock.now()))),
    startMs: (slot) => Number(slotTimeMs(chain.genesis, slot)),
  }
}
