import type { Head } from '../types.ts'
import type { DposState } from './state.ts'

function order(a: bigint, b: bigint): number {
  return a === b ? 0 : a < b ? -1 : 1
}

/** Highest prevoted height, then the longer chain, then the earlier slot, then the lower hash. Below zero: `a` is better. */
export function compareHeads(a: Head<DposState>, b: Head<DposState>): number {
  return (
    order(b.state.votes.prevoted, a.state.votes.prevoted) ||
    order(b.header.height, a.header.height) ||
    order(a.header.slot, b.header.slot) ||
    (a.header.hash === b.header.hash ? 0 : a.header.hash < b.header.hash ? -1 : 1)
  )
}
