import type { Genesis, SignedHeader } from '#kernel'
import type { Address, Bytes, Hash } from '#primitives'
import type { ApplyInput, ConsensusError, Finality, Head, ValidateOptions } from './types.ts'

/** The least an engine needs to propose; engines add their own fields. */
export interface ProposeInput {
  readonly slot: bigint
  readonly producer: Address
}

/**
 * The one interface between the chain and how it agrees. `S` is immutable plain data that depends on headers and producer
 * lists only, so whoever follows the headers holds the same `S`, with or without the blocks' bodies.
 */
export interface ConsensusEngine<S, P extends ProposeInput = ProposeInput> {
  readonly name: string
  /** The state after block 0. `hash` is block 0's, computed from `genesis` when left out. */
  init(genesis: Genesis, hash?: Hash): S
  /** The header's consensus bytes, or undefined when the slot belongs to somebody else. */
  propose(state: S, input: P): { readonly consensus: Bytes } | undefined
  /** The first rule the header breaks as child of `state`, or undefined. */
  validate(state: S, header: SignedHeader, options?: ValidateOptions): ConsensusError | undefined
  /** The state after a validated header. Throws `ConsensusError` when the list handed over is not the committed one. */
  apply(state: S, header: SignedHeader, input?: ApplyInput): S
  /** Below zero when `a` is the better head, above zero when `b` is, zero for the same block. */
  choose(a: Head<S>, b: Head<S>): number
  finalise(state: S): Finality
}
