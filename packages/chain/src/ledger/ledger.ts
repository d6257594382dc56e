import type { ProposeInput } from '#consensus'
import { type Block, receiptRootOf, type SignedHeader, type SparseTree, slotTimeMs } from '#kernel'
import { type Bytes, type Hash, ZERO_ADDRESS, ZERO_HASH } from '#primitives'
import { LARGE, makeBlock } from './building.ts'
import { type ChainTree, stateOf } from './chainTree.ts'
import {
  checkBody,
  checkConsensus,
  checkHeader,
  checkTransactionRoot,
  checkTransactions,
  findParent,
  type RecentWindow,
  recentWindow,
} from './checks.ts'
import { blockOps, moveOps } from './commit.ts'
import { coded, LedgerError } from './errors.ts'
import { beginSigners, executeSigned } from './executing.ts'
import { Importing } from './importing.ts'
import type { Pages } from './pages.ts'
import { storedBlock, storedPart } from './parts.ts'
import { canonicalHash, canonicalHeaders, placeOf } from './reading.ts'
import { States, treeOf } from './states.ts'
import type {
  BatchResult,
  BlockEnvironment,
  BlockNode,
  BuildInput,
  BuiltBlock,
  CheckedBlock,
  Execution,
  ImportOptions,
  ImportResult,
  LedgerOptions,
  LedgerPorts,
  Outcome,
  StoredBlock,
  TransactionPlace,
} from './types.ts'

type Maker = Pick<BlockEnvironment, 'producer' | 'signal'>

const NOBODY: Maker = { producer: ZERO_ADDRESS, signal: ZERO_HASH }

type Ports<S, P extends ProposeInput> = LedgerPorts<S, P> & { readonly pages: Pages }

/** The chain of one node: checks, executes, stores and adopts blocks, one at a time. */
export class Ledger<S, P extends ProposeInput = ProposeInput> {
  private readonly options: LedgerOptions
  private readonly ports: Ports<S, P>
  private readonly chain: ChainTree<S>
  private readonly states: States<S, P>
  private built: { readonly hash: Hash; readonly outcome: Outcome } | undefined
  private turn: Promise<unknown> = Promise.resolve()

  constructor(options: LedgerOptions, ports: Ports<S, P>, chain: ChainTree<S>) {
    this.options = options
    this.ports = ports
    this.chain = chain
    this.states = new States(options, ports, chain)
  }

  head(): BlockNode<S> {
    return this.chain.head
  }

  /** Newest irreversible block. */
  finalized(): BlockNode<S> {
    return this.chain.root
  }

  headState(): S {
    return stateOf(this.chain.head)
  }

  headTree(): SparseTree {
    return treeOf(this.chain.head)
  }

  /** A block in memory: all that are not irreversible, and the newest that are. */
  node(hash: Hash): BlockNode<S> | undefined {
    return this.chain.get(hash)
  }

  /** Marks and ids for a block on top of the head. */
  recent(): RecentWindow {
    return recentWindow(this.chain.head)
  }

  /** Environment of a block on top of `parent`; without a maker for a look at what a call would do. */
  environment(parent: BlockNode<S>, slot: bigint, maker: Maker = NOBODY): BlockEnvironment {
    const { genesis } = this.options
    const { chainId } = genesis
    const timeMs = slotTimeMs(genesis, slot)
    const [genesisHash, height] = [this.genesisHash(), parent.header.height + 1n]
    return { chainId, genesisHash, height, slot, timeMs, producer: maker.producer, signal: maker.signal }
  }

  /**
   * Checks, executes, stores and adopts a block. Resolves when it is on disk. Rejects with a LedgerError; `block.orphan`
   * when the parent is not known.
   */
  importBlock(block: Block, options: ImportOptions = {}): Promise<ImportResult<S>> {
    return this.inTurn(() => this.doImport(block, options))
  }

  /**
   * As `importBlock` for blocks that follow each other, of which many share a synced write, and the next are executed meanwhile: a node
   * that catches up is not held up by the disk. What stands before a refused block is imported.
   */
  importBlocks(blocks: readonly Block[], options: ImportOptions = {}): Promise<BatchResult<S>> {
    return this.inTurn(() => this.doImportAll(blocks, options))
  }

  /**
   * Builds a block on the head. Candidates that cannot be included are named in `dropped`. Undefined when the engine says
   * the slot is not the producer's.
   */
  buildBlock(input: BuildInput<P>): Promise<BuiltBlock | undefined> {
    return this.inTurn(() => this.doBuild(input))
  }

  /** Hash of the canonical block at a height. */
  hashAt(height: bigint): Promise<Hash | undefined> {
    return canonicalHash(this.source(), height)
  }

  async block(hash: Hash): Promise<StoredBlock | undefined> {
    const node = this.chain.get(hash)
    const finalHeight = this.chain.root.header.height
    if (node?.body !== undefined && node.header.height > finalHeight) {
      return { ...node.body, canonical: this.chain.isCanonical(node), finalized: false }
    }
    const stored = await storedBlock(this.ports, hash)
    if (stored === undefined) return undefined
    const { height } = stored.block.header
    const canonical = (await this.hashAt(height)) === hash
    return { ...stored, canonical, finalized: canonical && height <= finalHeight }
  }

  /** What peers ask for, as it is stored: a block, its header with the producer list it commits to, or its body. */
  encoded(part: 'block' | 'header' | 'body', hash: Hash): Promise<Bytes | undefined> {
    return storedPart(this.ports.store, part, hash)
  }

  /** Encoded header entries of canonical blocks from a height on, at most so many. */
  headersFrom(height: bigint, most: number): Promise<Bytes[]> {
    return canonicalHeaders(this.source(), height, most)
  }

  /** Where a transaction is on the canonical chain. */
  place(id: Hash): Promise<TransactionPlace | undefined> {
    return placeOf(this.source(), id)
  }

  /** State after the canonical block at a height: genesis, or within the kept window. Rejects with `state.notKept`. */
  treeAt(height: bigint): Promise<SparseTree> {
    return this.states.at(height)
  }

  /** Canonical blocks above finality, oldest first. */
  unfinalised(): BlockNode<S>[] {
    return this.chain.canonicalUnfinalised()
  }

  /** Resolves when no block is being worked on. */
  async idle(): Promise<void> {
    await this.turn
  }

  private source(): Parameters<typeof placeOf<S>>[0] {
    return { chain: this.chain, store: this.ports.store }
  }

  private genesisHash(): Hash {
    return this.options.genesisBlock.header.hash
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.turn.then(work)
    this.turn = result.catch(() => undefined)
    return result
  }

  private async doImport(block: Block, options: ImportOptions): Promise<ImportResult<S>> {
    const known = this.chain.get(block.header.hash)
    if (known !== undefined) {
      return { status: 'known', nodes: [known], headChanged: false, removed: [], added: [], finalized: [] }
    }
    return this.commit([await this.check(block, findParent(this.chain, block), options)])
  }

  private doImportAll(blocks: readonly Block[], options: ImportOptions): Promise<BatchResult<S>> {
    const importing = new Importing<S>({
      isKnown: ({ header }) => this.chain.get(header.hash) !== undefined,
      check: async (block, last) => {
        const follows = last !== undefined && last.header.hash === block.header.parentHash
        return this.check(block, follows ? last : findParent(this.chain, block), options)
      },
      commit: (checked) => this.commit(checked),
    })
    return importing.run(blocks)
  }

  /** Checks and executes a block. Nothing of the chain changes. */
  private async check(block: Block, parent: BlockNode<S>, options: ImportOptions): Promise<CheckedBlock<S>> {
    const { header } = block
    checkHeader(header, parent.header, this.options)
    checkConsensus(this.ports.engine, stateOf(parent), header, options)
    const outcome = await this.outcomeOf(block, parent)
    const refusal = this.ports.checkExecution(stateOf(parent), header, outcome.summary)
    if (refusal !== undefined) {
      throw new LedgerError('block.consensus', refusal.message, { cause: refusal, details: { rule: refusal.code } })
    }
    const node: BlockNode<S> = {
      header,
      ids: new Set(outcome.receipts.map((receipt) => receipt.transactionId)),
      parent,
      tree: outcome.tree,
      state: this.ports.engine.apply(stateOf(parent), header, outcome.summary),
      body: { block, receipts: outcome.receipts, diff: outcome.diff },
    }
    return { node, outcome }
  }

  /** Executes a block, unless this node built it or a neighbour in the process has executed the very same one. */
  private async outcomeOf(block: Block, parent: BlockNode<S>): Promise<Outcome> {
    const { header, transactions } = block
    const { memo, executor, breathe } = this.ports
    const shared = memo?.get(header.hash)
    if (shared !== undefined && memo?.trusted === true) return checkTransactionRoot(block, shared)
    if (this.built?.hash === header.hash) return this.share(header.hash, this.built.outcome)
    checkBody(block)
    beginSigners(this.ports, transactions)
    const ids = checkTransactions(transactions, recentWindow(parent))
    await coded(() => executor.ready?.(treeOf(parent), header.height))
    const environment = this.environment(parent, header.slot, header)
    const input = { parent: treeOf(parent), transactions, environment, mode: 'validate', breathe } as const
    const finish = (execution: Execution): Outcome => this.rooted(header, parent, execution)
    return this.share(header.hash, await executeSigned(this.ports, input, { ids, finish }))
  }

  /** What execution gave, with the tree after it, when both are what the header commits to. */
  private rooted(header: SignedHeader, parent: BlockNode<S>, execution: Execution): Outcome {
    const rooted = this.ports.trace?.('root', header.height)
    if (receiptRootOf(execution.receipts) !== header.receiptRoot) {
      throw new LedgerError('block.receiptRoot', 'Execution gives other receipts than the header commits to')
    }
    const tree = treeOf(parent).update(execution.diff)
    if (tree.root !== header.stateRoot) {
      const details = { expected: header.stateRoot, actual: tree.root }
      throw new LedgerError('block.stateRoot', 'Execution gives another state than the header commits to', { details })
    }
    rooted?.()
    return { ...execution, tree }
  }

  /** The neighbours' equal outcome instead of this node's own, so that it is in memory once. */
  private share(hash: Hash, outcome: Outcome): Outcome {
    const shared = this.ports.memo?.get(hash)
    if (shared !== undefined) return shared
    this.ports.memo?.put(hash, outcome)
    return outcome
  }

  private async doBuild(input: BuildInput<P>): Promise<BuiltBlock | undefined> {
    const parent = this.chain.head
    const { producer, slot, signal = ZERO_HASH } = input
    const made = await makeBlock(input, {
      options: this.options,
      ports: this.ports,
      parent,
      environment: this.environment(parent, slot, { producer, signal }),
    })
    if (made === undefined) return undefined
    this.built = { hash: made.block.hash, outcome: made.outcome }
    return made.block
  }

  /** One synced batch holds the blocks and everything their adoption changes; only then does memory follow. */
  private async commit(checked: readonly CheckedBlock<S>[]): Promise<ImportResult<S>> {
    const nodes = checked.map(({ node }) => node)
    const committed = this.ports.trace?.('commit', nodes.at(-1)?.header.height ?? 0n)
    const move = this.chain.plan(nodes)
    const ops = checked.flatMap(({ node, outcome }) => blockOps(node, outcome))
    const { ports } = this
    if (checked.some(({ outcome }) => outcome.receipts.length >= LARGE)) await ports.breathe?.()
    ops.push(...moveOps(move, { ports, pages: ports.pages, genesisHash: this.genesisHash() }))
    await ports.store.write(ops, { sync: true })
    const headChanged = move.head !== this.chain.head
    this.chain.adopt(nodes, move)
    committed?.()
    if (move.removed.length > 0) {
      const [removed, added] = [move.removed.length, move.added.length]
      this.ports.logger.info('The chain was reorganised', { removed, added, head: move.head.header.hash })
    }
    const { removed, added, finalized } = move
    return { status: 'imported', nodes, headChanged, removed, added, finalized }
  }
}
