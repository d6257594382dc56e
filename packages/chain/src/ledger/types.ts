import type { ConsensusEngine, ConsensusError, ProposeInput } from '#consensus'
import type {
  Block,
  ExecutionSummary,
  Genesis,
  Header,
  Receipt,
  SignedHeader,
  SignedTransaction,
  SparseTree,
  StateDiff,
  StateReader,
} from '#kernel'
import type { Address, Bytes, Hash, KeyValue, KvOp, Logger } from '#primitives'

/** The block a transaction runs in. */
export interface BlockEnvironment {
  readonly chainId: number
  readonly genesisHash: Hash
  readonly height: bigint
  readonly slot: bigint
  readonly timeMs: bigint
  readonly producer: Address
  /** What the header signals; zero for none. */
  readonly signal: Hash
}

export interface ExecutionInput {
  readonly parent: StateReader
  readonly transactions: readonly SignedTransaction[]
  readonly environment: BlockEnvironment
  /** `build` leaves out what cannot be in a block; `validate` refuses the block for it. */
  readonly mode: 'build' | 'validate'
  /** Lets others use the thread between transactions. */
  readonly breathe?: (() => Promise<void>) | undefined
}

export interface Execution {
  /** What went into the block, in order; in `validate` mode all of the input. */
  readonly transactions: readonly SignedTransaction[]
  readonly receipts: readonly Receipt[]
  readonly diff: StateDiff
  readonly summary: ExecutionSummary
  /** Ids left out in `build` mode. */
  readonly dropped: readonly Hash[]
}

/** Runs a block's transactions. Throws a LedgerError `block.execution` in `validate` mode. */
export interface BlockExecutor {
  /** Has at hand what runs a block at a height on top of a state. Rejects with `execution.collection` when that cannot be had. */
  ready?(parent: StateReader, height: bigint): Promise<void>
  execute(input: ExecutionInput): Promise<Execution> | Execution
}

/** What executing a block gave, with the tree after it. */
export interface Outcome extends Execution {
  readonly tree: SparseTree
}

/**
 * Lets nodes of one process share the outcome of a block. Keyed by the block's hash, which binds parent and content; only
 * outcomes whose roots matched are put in.
 */
export interface OutcomeMemo {
  /**
   * True: a block that a neighbour has executed is not executed again, once its transactions are those of its header. False: only the
   * memory of equal outcomes is shared.
   */
  readonly trusted: boolean
  get(hash: Hash): Outcome | undefined
  put(hash: Hash, outcome: Outcome): void
}

/** A step of a block on its way through a node. */
export type TraceStep = 'verify' | 'execute' | 'root' | 'commit'

/** Begins a step of the block at a height; the answer ends it. Undefined while nobody looks. */
export type Trace = (step: TraceStep, height: bigint) => (() => void) | undefined

/** Stored form of an engine's state. */
export interface EngineCodec<S> {
  encode(state: S): Bytes
  decode(bytes: Bytes, init: S): S
}

/** Adds its own entries to the batch that makes a block irreversible. Keys must start with a byte from 64 on. */
export interface LedgerIndexer<S> {
  onFinalized(block: { readonly header: SignedHeader; readonly state: S }): readonly KvOp[]
}

export interface LedgerPorts<S, P extends ProposeInput> {
  readonly engine: ConsensusEngine<S, P>
  readonly codec: EngineCodec<S>
  readonly executor: BlockExecutor
  readonly store: KeyValue
  readonly logger: Logger
  /** Compares what a header says of its block's execution with what execution gave. */
  checkExecution(state: S, header: SignedHeader, summary: ExecutionSummary): ConsensusError | undefined
  /** For each transaction the account that signed it, or undefined. */
  authenticate(
    transactions: readonly SignedTransaction[],
    ids: readonly Hash[],
  ): Promise<readonly (Address | undefined)[]>
  /** Told, before a block is executed, whose signers are asked for meanwhile: other threads may begin. */
  ahead?(transactions: readonly SignedTransaction[]): void
  readonly indexers?: readonly LedgerIndexer<S>[]
  /** As the kernel's `decodeBlock`, which it is when left out. */
  decodeBlock?(bytes: Bytes): Block
  readonly memo?: OutcomeMemo
  /** Told of the steps of each block; a step that fails does not end. */
  readonly trace?: Trace
  /** Asked between the steps of a large block: what has come meanwhile goes first. */
  breathe?(): Promise<void>
}

export interface LedgerOptions {
  readonly genesis: Genesis
  /** The block of height 0, with its hash. */
  readonly genesisBlock: Block
  /** Heights whose state can be read and proven, counted back from the head. */
  readonly keepStates: number
}

/** One block in memory. What only unfinalised blocks need is cleared later. */
export interface BlockNode<S> {
  readonly header: SignedHeader
  readonly ids: ReadonlySet<Hash>
  parent: BlockNode<S> | undefined
  tree: SparseTree | undefined
  state: S | undefined
  /** Cleared when the block has become irreversible. */
  body: { readonly block: Block; readonly receipts: readonly Receipt[]; readonly diff: StateDiff } | undefined
}

/** A block that may be stored. */
export interface CheckedBlock<S> {
  readonly node: BlockNode<S>
  readonly outcome: Outcome
}

export interface ImportOptions {
  /** Refuses blocks from the future. */
  readonly nowSlot?: bigint
  /** Only for a header whose signature this node has verified before it asked for the body. */
  readonly trustSignature?: boolean
}

export interface ImportResult<S> {
  readonly status: 'imported' | 'known'
  /** The blocks themselves, oldest first. */
  readonly nodes: readonly BlockNode<S>[]
  readonly headChanged: boolean
  /** Blocks that left the canonical chain, newest first. */
  readonly removed: readonly BlockNode<S>[]
  /** Blocks that entered it, oldest first. */
  readonly added: readonly BlockNode<S>[]
  /** Newly irreversible blocks, oldest first. */
  readonly finalized: readonly BlockNode<S>[]
}

/** What became of several blocks. */
export interface BatchResult<S> {
  /** Of those that were imported; undefined when there are none. */
  readonly result: ImportResult<S> | undefined
  /** The first that could not be; those after it were not looked at. */
  readonly refused?: { readonly block: Block; readonly error: unknown }
}

/** A block without signature, ready to be signed over `hash`. */
export interface BuiltBlock {
  readonly header: Header
  readonly hash: Hash
  readonly transactions: readonly SignedTransaction[]
  readonly dropped: readonly Hash[]
}

export interface BuildInput<P extends ProposeInput> {
  readonly slot: bigint
  readonly producer: Address
  readonly candidates: readonly SignedTransaction[]
  /** Completes the engine's input once the outcome of the block is known. */
  propose(summary: ExecutionSummary): P
  readonly signal?: Hash
}

export interface StoredBlock {
  readonly block: Block
  readonly receipts: readonly Receipt[]
  readonly canonical: boolean
  readonly finalized: boolean
}

export interface TransactionPlace {
  readonly blockHash: Hash
  readonly index: number
}
