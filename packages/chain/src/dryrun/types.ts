import type { SignedHeader, SignedTransaction, SparseProof } from '#kernel'
import type { Bytes, Hash } from '#primitives'

/** One entry of a state, or its absence, proven under the root of that state. */
export interface ProvenEntry {
  readonly path: Hash
  readonly value: Bytes | undefined
  readonly proof: SparseProof
}

/** What became of a transaction. */
export interface Outcome {
  readonly id: Hash
  readonly height: bigint
  readonly status: 'success' | 'failed'
  readonly fee: bigint
  /** `contract.error` by numbers, where it failed. */
  readonly error: string | undefined
}

/** A running chain, as much as a trial asks of it. */
export interface LiveChain {
  readonly network: string
  readonly chainId: number
  readonly genesisHash: Hash
  readonly genesisTimeMs: number
  readonly slotMs: number
  /** Values of parameters that genesis sets, by `contract.param`. */
  readonly params: Readonly<Record<string, bigint>>
  height(): Promise<bigint>
  block(height: bigint): Promise<{ readonly header: SignedHeader; readonly transactions: readonly SignedTransaction[] }>
  /** Entries of the state after a block. They are checked by whoever asks. */
  entries(paths: readonly Hash[], height: bigint): Promise<readonly ProvenEntry[]>
}

export interface ParameterChange {
  readonly name: string
  /** Null where the collection has no such parameter. */
  readonly from: string | null
  readonly to: string | null
}

export interface DescriptorChange {
  readonly contract: string
  readonly kind: 'contract' | 'method' | 'view' | 'item' | 'event' | 'error'
  readonly name: string
  readonly change: 'added' | 'removed' | 'changed'
  readonly from: string | null
  readonly to: string | null
}

export interface FeeChange {
  readonly method: string
  /** For a transaction of `bytes` bytes. */
  readonly bytes: number
  readonly from: string
  readonly to: string
}

/** How moving the state over went. */
export interface Migration {
  readonly ok: boolean
  /** Why the chain would call it off. */
  readonly reason?: string
  readonly units: number
  /** Entries written, by the name of their item. */
  readonly written: Readonly<Record<string, number>>
}

export interface ReplayDifference {
  readonly height: string
  readonly id: Hash
  readonly was: string
  readonly becomes: string
}

/** The last blocks, run again with both collections from the same state. */
export interface Replay {
  readonly blocks: number
  readonly transactions: number
  readonly units: { readonly from: number; readonly to: number }
  readonly fees: { readonly from: string; readonly to: string }
  readonly differing: number
  readonly differences: readonly ReplayDifference[]
  /** Root of the state after the last block with the successor. */
  readonly stateRoot: Hash
}

/** What a successor would do to a chain. Amounts and heights are decimal text. */
export interface DryRunReport {
  readonly network: string
  readonly genesisHash: Hash
  /** The state that the successor took over, and the first block it ran. */
  readonly fork: { readonly height: string; readonly hash: Hash; readonly stateRoot: Hash }
  readonly running: { readonly hash: Hash }
  readonly next: { readonly hash: Hash; readonly name: string; readonly version: string; readonly bytes: number }
  /** `runs`, or the chain would call the upgrade off, or a block of the successor breaks. */
  readonly verdict: 'runs' | 'calledOff' | 'breaks'
  readonly reasons: readonly string[]
  readonly parameters: readonly ParameterChange[]
  readonly descriptors: readonly DescriptorChange[]
  readonly fees: readonly FeeChange[]
  readonly migration: Migration | null
  readonly replay: Replay | null
}
