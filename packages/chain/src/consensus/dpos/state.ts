import type { ProducerEntry } from '#kernel'
import type { Address, Hash } from '#primitives'
import type { Votes } from './finality.ts'
import type { DposParams } from './params.ts'

/** A block that was produced in a slot of a round. */
export interface SlotBlock {
  readonly height: bigint
  readonly hash: Hash
}

/** One round: regular slots for `order`, then one for `extra`. */
export interface Round {
  readonly number: bigint
  readonly term: number
  readonly startSlot: bigint
  /** Slots before this one are not held against anybody; later than `startSlot` only after a halt. */
  readonly countedFrom: bigint
  readonly order: readonly Address[]
  readonly extra: Address
  /** all(r−1): what the signatures of this round are added to. */
  readonly entropy: bigint
  /** By index, `order.length` is the extra slot. */
  readonly blocks: readonly (SlotBlock | undefined)[]
}

/** A round that is over. Slots from `countedTo` on are not held against anybody. */
export interface ClosedRound extends Round {
  readonly countedTo: bigint
}

/** What the chain remembers of one producer of the current term. */
export interface ProducerRecord {
  readonly commitment: Hash
  /** Last revealed value, at first the commitment. */
  readonly anchor: Hash
  /** Regular slots missed in a row. */
  readonly streak: number
  /** Exclusions in this term. */
  readonly failures: number
  /** First slot at which a round may start with this producer again; 0 when never excluded. */
  readonly excludedUntil: bigint
}

export interface Term {
  readonly number: number
  readonly startHeight: bigint
  readonly startSlot: bigint
  /** The fixed list, in the order of the election result. */
  readonly producers: readonly ProducerEntry[]
}

/** An election result that waits for the next round. */
export interface PendingTerm {
  readonly producers: readonly ProducerEntry[]
  /** Evicted since the result was made. */
  readonly evicted: readonly Address[]
}

export interface RetiredProducer {
  readonly address: Address
  readonly commitment: Hash
  readonly anchor: Hash
}

/** Everything that changes only where a round ends, or within one round by blocks. */
export interface Rotation {
  readonly term: Term
  readonly round: Round
  readonly last: ClosedRound | undefined
  readonly records: ReadonlyMap<Address, ProducerRecord>
  readonly evicted: readonly Address[]
  readonly pending: PendingTerm | undefined
  readonly retired: readonly RetiredProducer[]
}

/** Engine state after one header. */
export interface DposState extends Rotation {
  readonly params: DposParams
  readonly height: bigint
  readonly slot: bigint
  readonly hash: Hash
  readonly votes: Votes
}
