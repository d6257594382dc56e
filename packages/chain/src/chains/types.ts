import type { ConsensusEngine, ConsensusError, ProposeInput } from '#consensus'
import type { DposProposeInput, DposState } from '#consensus/dpos'
import type { Collection, Registry } from '#contracts/runtime'
import type { Block, ExecutionSummary, FeePolicy, Genesis, NetworkIdentity, SignedHeader } from '#kernel'
import type { Bytes, Hash } from '#primitives'

/** A collection with the parameters of a chain: what its blocks run with from one upgrade to the next. */
export interface Era {
  readonly hash: Hash
  readonly registry: Registry
  feePolicyAt(height: bigint): FeePolicy
}

/** A chain is data: contracts, an engine, parameters and a genesis. Everything else follows. */
export interface ChainDefinition<S, P extends ProposeInput> {
  readonly name: string
  /** The collection of genesis. */
  readonly first: Era
  /** Makes another collection ready to run on this chain. Throws `runtime.*`. */
  openEra(hash: Hash, code: Collection): Era
  /** That of `first`. */
  readonly registry: Registry
  readonly engine: ConsensusEngine<S, P>
  readonly encodeState: (state: S) => Bytes
  readonly decodeState: (bytes: Bytes) => S
  readonly checkExecution: (state: S, header: SignedHeader, summary: ExecutionSummary) => ConsensusError | undefined
  readonly genesis: Genesis
  /** Values of contract parameters that genesis sets, by `contract.param`. */
  readonly params: Readonly<Record<string, bigint>>
  /** Seconds between two elections. */
  readonly termSeconds: number
  readonly feePolicyAt: (height: bigint) => FeePolicy
}

export interface Chain<S, P extends ProposeInput> extends ChainDefinition<S, P> {
  readonly genesisBlock: Block
  readonly network: NetworkIdentity
}

/** A chain that agrees by delegated proof of stake. */
export type MainChain = Chain<DposState, DposProposeInput>
