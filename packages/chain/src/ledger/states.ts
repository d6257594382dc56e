import type { ProposeInput } from '#consensus'
import { genesisTree, type SparseTree } from '#kernel'
import type { ChainTree } from './chainTree.ts'
import { LedgerError } from './errors.ts'
import { treeBefore } from './loading.ts'
import type { BlockNode, LedgerOptions, LedgerPorts } from './types.ts'

/** Historic states rebuilt on demand that stay in memory. */
const MAX_REBUILT = 16

/** A block's state. Throws `state.notKept`. */
export function treeOf<S>(node: BlockNode<S>): SparseTree {
  if (node.tree !== undefined) return node.tree
  throw new LedgerError('state.notKept', `The state of block ${node.header.hash} is not kept`)
}

/** States at past heights: kept in memory, or rebuilt by undoing blocks. */
export class States<S, P extends ProposeInput> {
  private readonly options: LedgerOptions
  private readonly ports: LedgerPorts<S, P>
  private readonly chain: ChainTree<S>
  private readonly rebuilt = new Map<bigint, SparseTree>()
  private genesisState: SparseTree | undefined

  constructor(options: LedgerOptions, ports: LedgerPorts<S, P>, chain: ChainTree<S>) {
    this.options = options
    this.ports = ports
    this.chain = chain
  }

  /** State after the canonical block at a height: genesis, or within the kept window. Rejects with `state.notKept`. */
  async at(height: bigint): Promise<SparseTree> {
    const head = this.chain.head.header.height
    const oldest = head - BigInt(this.options.keepStates)
    const known = this.chain.canonical(height)?.tree ?? this.rebuilt.get(height)
    if (known !== undefined) return known
    // Genesis follows from the options, so indexers can start from it however old the chain is.
    if (height === 0n) return (this.genesisState ??= genesisTree(this.options.genesis))
    if (height > 0n && height <= this.chain.root.header.height && height >= oldest) {
      const tree = await treeBefore(this.ports, this.nearest(height), height)
      if (tree !== undefined) return this.remember(height, tree)
    }
    throw new LedgerError('state.notKept', `The state at height ${height} is not kept`, {
      details: { height: height.toString(), head: head.toString(), kept: this.options.keepStates },
    })
  }

  private nearest(height: bigint): { tree: SparseTree; height: bigint } {
    const { root } = this.chain
    for (let at = height + 1n; at < root.header.height; at += 1n) {
      const tree = this.chain.canonical(at)?.tree ?? this.rebuilt.get(at)
      if (tree !== undefined) return { tree, height: at }
    }
    return { tree: treeOf(root), height: root.header.height }
  }

  private remember(height: bigint, tree: SparseTree): SparseTree {
    this.rebuilt.set(height, tree)
    if (this.rebuilt.size > MAX_REBUILT) {
      const oldest = this.rebuilt.keys().next()
      if (oldest.done !== true) this.rebuilt.delete(oldest.value)
    }
    return tree
  }
}
