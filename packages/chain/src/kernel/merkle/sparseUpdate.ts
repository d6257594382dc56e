import { assert, type Bytes } from '#primitives'
import type { StateDiff } from '../state/types.ts'
import type { Arena } from './arena.ts'
import { childrenAt, isLeaf, PATH_BYTES, pathAt } from './nodes.ts'
import { type Scratch, withLength } from './scratch.ts'
import { bitAt, bitOfChange, type SortedChanges, sortedChanges } from './sortedChanges.ts'

const MAX_DEPTH = 256
/** Steps for which memory is kept: those of 20,000 changes among a million values, and some more. */
const STEPS_KEPT = 262_144

/**
 * The nodes that changes pass by, level by level from the top: so that the memory of one need not have arrived before the next is asked for.
 * A step is a node with the changes below it; `below` is its first step on the next level and which children have steps, zero where the
 * tree ends.
 */
class Steps {
  nodes: Scratch = new Int32Array(1024)
  froms: Scratch = new Int32Array(1024)
  tos: Scratch = new Int32Array(1024)
  below: Scratch = new Int32Array(1024)
  /** The child that no change lies below. Where the tree ends, the depth. */
  beside: Scratch = new Int32Array(1024)
  after: Scratch = new Int32Array(1024)

  makeRoom(length: number): void {
    if (length <= this.nodes.length) return
    this.nodes = withLength(this.nodes, length)
    this.froms = withLength(this.froms, length)
    this.tos = withLength(this.tos, length)
    this.below = withLength(this.below, length)
    this.beside = withLength(this.beside, length)
    this.after = withLength(this.after, length)
  }
}

/** Which children of a node have changes below them. */
const LEFT = 1
const RIGHT = 2
const BOTH = 3

let steps = new Steps()

/** One application of changes to a tree. */
class Update {
  /** How many more values there are than before. */
  added = 0
  private readonly arena: Arena
  private readonly changes: SortedChanges

  constructor(arena: Arena, changes: SortedChanges) {
    this.arena = arena
    this.changes = changes
  }

  /** The top node after all changes. */
  apply(top: number): number {
    const count = this.changes.values.length
    if (count === 0) return top
    steps.nodes[0] = top
    steps.froms[0] = 0
    steps.tos[0] = count
    const end = this.descend(count)
    const { nodes, froms, tos, below, beside, after } = steps
    for (let step = end - 1; step >= 0; step--) {
      after[step] =
        below[step] === 0
          ? this.build(nodes[step] as number, froms[step] as number, tos[step] as number, beside[step] as number)
          : this.rejoin(step)
    }
    const newTop = after[0] as number
    if (end > STEPS_KEPT) steps = new Steps()
    return newTop
  }

  /** Finds all steps; answers how many. */
  private descend(count: number): number {
    const links = this.arena.links.words
    let step = 0
    let end = 1
    for (let depth = 0; step < end; depth++) {
      const levelEnd = end
      const most = 2 * (levelEnd - step)
      steps.makeRoom(levelEnd + (most < count ? most : count))
      const { nodes, froms, tos, below, beside } = steps
      for (; step < levelEnd; step++) {
        const node = nodes[step] as number
        if (node === 0 || isLeaf(node)) {
          below[step] = 0
          beside[step] = depth
          continue
        }
        const [from, to] = [froms[step] as number, tos[step] as number]
        const middle = this.splitAt(from, to, depth)
        const sides = (middle > from ? LEFT : 0) + (middle < to ? RIGHT : 0)
        const [left, right] = [links[childrenAt(node)] as number, links[childrenAt(node) + 1] as number]
        below[step] = (end << 2) | sides
        if (sides !== BOTH) beside[step] = sides === LEFT ? right : left
        if (sides !== RIGHT) {
          nodes[end] = left
          froms[end] = from
          tos[end++] = middle
        }
        if (sides !== LEFT) {
          nodes[end] = right
          froms[end] = middle
          tos[end++] = to
        }
      }
    }
    return end
  }

  /** The node of a step after the changes, of those of its children. */
  private rejoin(step: number): number {
    const { nodes, below, beside, after } = steps
    const [sides, first] = [(below[step] as number) & BOTH, (below[step] as number) >> 2]
    const one = after[first] as number
    if (sides === BOTH) {
      const other = after[first + 1] as number
      if (one === nodes[first] && other === nodes[first + 1]) return nodes[step] as number
      return this.join(one, other)
    }
    if (one === nodes[first]) return nodes[step] as number
    const kept = beside[step] as number
    return sides === LEFT ? this.join(one, kept) : this.join(kept, one)
  }

  /** A new subtree of changes and of at most one leaf that was there. */
  private build(leaf: number, from: number, to: number, depth: number): number {
    if (from === to) return leaf
    if (to - from === 1) {
      if (leaf === 0) return this.put(from)
      if (this.isAt(leaf, from)) return this.replace(from)
      if (this.changes.values[from] === null) return leaf
    }
    assert(depth < MAX_DEPTH, 'two changes share a path')
    const middle = this.splitAt(from, to, depth)
    const { links, values } = this.arena.stored()
    const goesRight = leaf !== 0 && bitAt(values, pathAt(links, leaf), depth) === 1
    const left = this.build(goesRight ? 0 : leaf, from, middle, depth + 1)
    return this.join(left, this.build(goesRight ? leaf : 0, middle, to, depth + 1))
  }

  private put(index: number): number {
    const value = this.changes.values[index] as Bytes | null
    if (value === null) return 0
    this.added += 1
    return this.arena.newLeaf(this.changes.keys, index * PATH_BYTES, value)
  }

  private replace(index: number): number {
    const leaf = this.put(index)
    this.added -= 1
    return leaf
  }

  private isAt(leaf: number, index: number): boolean {
    const { links, values } = this.arena.stored()
    const { keys } = this.changes
    const [leafKey, key] = [pathAt(links, leaf), index * PATH_BYTES]
    for (let at = 0; at < PATH_BYTES; at++) if (values[leafKey + at] !== keys[key + at]) return false
    return true
  }

  /** Joins two halves; a half that holds one leaf alone is that leaf, so equal maps always give equal trees. */
  private join(left: number, right: number): number {
    if (left === 0 && (right === 0 || isLeaf(right))) return right
    if (right === 0 && isLeaf(left)) return left
    return this.arena.newInner(left, right)
  }

  /** First index in [from, to) whose path has bit `depth` set; paths are sorted and agree before `depth`. */
  private splitAt(from: number, to: number, depth: number): number {
    const { changes } = this
    if (to - from === 1) return bitOfChange(changes, from, depth) === 0 ? to : from
    let low = from
    let high = to
    while (low < high) {
      const middle = (low + high) >> 1
      if (bitOfChange(changes, middle, depth) === 0) low = middle + 1
      else high = middle
    }
    return low
  }
}

interface Applied {
  readonly top: number
  readonly added: number
}

/** Applies changes below a node. What is given back is not held yet. */
export function applyDiff(arena: Arena, top: number, diff: StateDiff): Applied {
  return applySorted(arena, top, sortedChanges(diff))
}

/** As `applyDiff`, of changes that are in path order, each path once. */
export function applySorted(arena: Arena, top: number, changes: SortedChanges): Applied {
  const update = new Update(arena, changes)
  return { top: update.apply(top), added: update.added }
}
