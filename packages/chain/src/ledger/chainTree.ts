import type { ConsensusEngine } from '#consensus'
import { assert, type Hash } from '#primitives'
import type { BlockNode } from './types.ts'

/** How the canonical chain changes. */
export interface Move<S> {
  readonly head: BlockNode<S>
  readonly root: BlockNode<S>
  readonly removed: readonly BlockNode<S>[]
  readonly added: readonly BlockNode<S>[]
  /** Newly irreversible, oldest first. */
  readonly finalized: readonly BlockNode<S>[]
  /** Blocks of branches that can never win any more. */
  readonly abandoned: readonly BlockNode<S>[]
}

/** A node's engine state, which every block above finality has. */
export function stateOf<S>(node: BlockNode<S>): S {
  assert(node.state !== undefined, 'an unfinalised block has an engine state')
  return node.state
}

/** The ancestor of `node` at a height, or itself. */
export function ancestorAt<S>(node: BlockNode<S>, height: bigint): BlockNode<S> | undefined {
  let current: BlockNode<S> | undefined = node
  while (current !== undefined && current.header.height > height) current = current.parent
  return current?.header.height === height ? current : undefined
}

/** Blocks to leave and to enter when the head moves from `from` to `to`. */
function pathBetween<S>(from: BlockNode<S>, to: BlockNode<S>): { removed: BlockNode<S>[]; added: BlockNode<S>[] } {
  const removed: BlockNode<S>[] = []
  const added: BlockNode<S>[] = []
  let left: BlockNode<S> = from
  let right: BlockNode<S> = to
  while (left !== right) {
    if (left.header.height >= right.header.height) {
      removed.push(left)
      assert(left.parent !== undefined, 'two branches meet at or above the root')
      left = left.parent
    } else {
      added.push(right)
      assert(right.parent !== undefined, 'two branches meet at or above the root')
      right = right.parent
    }
  }
  return { removed, added: added.reverse() }
}

/** Blocks above finality as a tree, with the irreversible ones just below it as a chain. */
export class ChainTree<S> {
  head: BlockNode<S>
  /** Newest irreversible block. */
  root: BlockNode<S>
  private readonly engine: Pick<ConsensusEngine<S, never>, 'choose' | 'finalise'>
  private readonly nodes = new Map<Hash, BlockNode<S>>()
  /** Irreversible blocks kept in memory, by height. */
  private readonly settled = new Map<bigint, BlockNode<S>>()
  private readonly keep: bigint
  private lowest: bigint

  constructor(root: BlockNode<S>, engine: Pick<ConsensusEngine<S, never>, 'choose' | 'finalise'>, keep: number) {
    this.root = root
    this.head = root
    this.engine = engine
    this.keep = BigInt(keep)
    this.lowest = root.header.height
    this.nodes.set(root.header.hash, root)
    this.settled.set(root.header.height, root)
  }

  get(hash: Hash): BlockNode<S> | undefined {
    return this.nodes.get(hash)
  }

  /** The canonical block at a height, when it is in memory. */
  canonical(height: bigint): BlockNode<S> | undefined {
    if (height > this.head.header.height) return undefined
    return height <= this.root.header.height ? this.settled.get(height) : ancestorAt(this.head, height)
  }

  isCanonical(node: BlockNode<S>): boolean {
    return this.canonical(node.header.height) === node
  }

  /** Blocks that are not irreversible. */
  unfinalised(): BlockNode<S>[] {
    return [...this.nodes.values()].filter((node) => node.header.height > this.root.header.height)
  }

  /** Canonical blocks above the root, oldest first. */
  canonicalUnfinalised(): BlockNode<S>[] {
    const nodes: BlockNode<S>[] = []
    for (let node = this.head; node !== this.root && node.parent !== undefined; node = node.parent) nodes.push(node)
    return nodes.reverse()
  }

  /** Puts an irreversible block below the ones already there; for loading. */
  settle(node: BlockNode<S>): void {
    this.nodes.set(node.header.hash, node)
    this.settled.set(node.header.height, node)
    if (node.header.height < this.lowest) this.lowest = node.header.height
  }

  /**
   * Puts back a stored block that is not irreversible. Never moves the root: blocks come in the order they are stored in, so one
   * of a branch that lost may stand as head for a moment, and what only its branch says was never decided.
   */
  restore(node: BlockNode<S>): void {
    this.nodes.set(node.header.hash, node)
    if (this.isBetter(node)) this.head = node
  }

  /** What adding blocks that follow each other would change, without changing anything. */
  plan(nodes: readonly BlockNode<S>[]): Move<S> {
    const newest = nodes.at(-1)
    const head = newest !== undefined && this.isBetter(newest) ? newest : this.head
    const { removed, added } = pathBetween(this.head, head)
    const { finalized } = this.engine.finalise(stateOf(head))
    const finality: BlockNode<S>[] = []
    let current = ancestorAt(head, finalized)
    while (current !== undefined && current !== this.root && current.header.height > this.root.header.height) {
      finality.push(current)
      current = current.parent
    }
    const root = finality[0] ?? this.root
    return { head, root, removed, added, finalized: finality.reverse(), abandoned: this.abandonedBy(root, nodes) }
  }

  adopt(nodes: readonly BlockNode<S>[], move: Move<S>): void {
    for (const node of nodes) this.nodes.set(node.header.hash, node)
    for (const lost of move.abandoned) this.nodes.delete(lost.header.hash)
    for (const done of move.finalized) this.settled.set(done.header.height, done)
    this.head = move.head
    this.root = move.root
    this.forget()
  }

  private isBetter(node: BlockNode<S>): boolean {
    const asHead = (one: BlockNode<S>): { header: BlockNode<S>['header']; state: S } => ({
      header: one.header,
      state: stateOf(one),
    })
    return this.engine.choose(asHead(node), asHead(this.head)) < 0
  }

  private abandonedBy(root: BlockNode<S>, added: readonly BlockNode<S>[]): BlockNode<S>[] {
    if (root === this.root) return []
    const height = root.header.height
    return [...this.unfinalised(), ...added].filter((node) => {
      if (node.header.height > height) return ancestorAt(node, height) !== root
      return ancestorAt(root, node.header.height) !== node
    })
  }

  /** Clears what only reversible blocks need, and drops blocks below the kept window. */
  private forget(): void {
    const { height } = this.root.header
    for (let below = this.root.parent; below !== undefined && below.state !== undefined; below = below.parent) {
      below.state = undefined
      below.body = undefined
    }
    while (this.lowest + this.keep < height) {
      const node = this.settled.get(this.lowest)
      const above = this.settled.get(this.lowest + 1n)
      if (node !== undefined) this.nodes.delete(node.header.hash)
      if (above !== undefined) above.parent = undefined
      this.settled.delete(this.lowest)
      this.lowest += 1n
    }
  }
}
