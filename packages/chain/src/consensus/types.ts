import type { ExecutionSummary, ProducerEntry, SignedHeader } from '#kernel'
import { type Address, AelfError } from '#primitives'

/** Why a header, or what is handed over with it, breaks a rule of its engine. The code is stable: `<engine>.<rule>`. */
export class ConsensusError extends AelfError {
  override readonly name: string = 'ConsensusError'
}

export interface ValidateOptions {
  /** Latest slot that may be accepted, usually the one the clock shows. Left out: any slot. */
  readonly nowSlot?: bigint
  /** The header's signer when it was recovered elsewhere (in a batch). Left out: recovered here. */
  readonly signer?: Address | undefined
  /** True only for headers whose signature was checked before, such as a replay from the node's own store. */
  readonly trustSignature?: boolean
}

/** What comes with a header into `apply`: the elected list, when the header commits to one. */
export interface ApplyInput extends Partial<Pick<ExecutionSummary, 'termResult'>> {
  /** The same list from a follower that executes nothing. */
  readonly producers?: readonly ProducerEntry[]
}

/** A chain's tip: its newest header and the engine state after it. */
export interface Head<S> {
  readonly header: SignedHeader
  readonly state: S
}

/** Highest prevoted and highest irreversible height. */
export interface Finality {
  readonly prevoted: bigint
  readonly finalized: bigint
}
