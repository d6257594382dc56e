import type { Address, Amount, Hash } from '#primitives'
import type { MethodDescriptor } from '../abi/descriptor.ts'
import type { StateReader } from '../state/types.ts'

export interface ProducerEntry {
  readonly address: Address
  /** Anchor of the producer's hash chain of in-values. */
  readonly commitment: Hash
}

/** Ranked producers by a state; bound to the election contract where a chain is defined. */
export interface ElectionPort {
  elect(state: StateReader, count: number): ProducerEntry[]
}

/** Fee of a transaction of `bytes` encoded bytes. */
export interface FeePolicy {
  feeOf(bytes: number, method: MethodDescriptor): Amount
}

/** What executing a block hands to the consensus engine. */
export interface ExecutionSummary {
  /** Present on the block that ends a term: the producers of the next one. */
  readonly termResult?: readonly ProducerEntry[]
  readonly evicted: readonly Address[]
}
