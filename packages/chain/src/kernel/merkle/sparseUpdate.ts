import { assert, type Bytes } from '#primitives'
import type { StateDiff } from '../state/types.ts'
import type { Arena } from './arena.ts'
import { childrenAt, hashAt, holdersAt, isLeaf, PATH_BYTES, pathAt } from './nodes.ts'
import { bitAt, bitOfChange, type SortedChanges, sortedChanges } from './sortedChanges.ts'
import { AMOUNT_BYTES, BATCH, emptyBatch, hashAmounts, hashInner, hashLeaves } from './sparseHash.ts'
import { ARRIVED, SIDES, Steps } from './steps.ts'

const MAX_DEPTH = 256
/** Steps for which memory is kept: those of 20,000 changes among a million values, and some more. */
const STEPS_KEPT = 262_144

let steps = new Steps()
const amounts = emptyBatch()
const others = emptyBatch()
const inner = emptyBatch()
/** Where a sum goes that nobody needs. */
const unneeded = new Int32Array(1)

/** One application of changes to a tree. */
class Update {
  /** How many more values there are than before. */
  added = 0
  private readonly arena: Arena
  private readonly changes: SortedChanges
  /** Where the steps of each level begin. */
  private readonly starts: number[] = []

  constructor(arena: Arena, changes: SortedChanges) {
    this.arena = arena
    this.changes = changes
  }

  /** The top node after all changes. */
  apply(top: number): number {
    const count = this.changes.values.length
    if (count === 0) return top
    // An update that failed may have left some behind.
    for (const batch of [amounts, others, inner]) batch.count = 0
    steps.nodes[0] = top
    steps.froms[0] = 0
    steps.tos[0] = count
    const { starts } = this
    let [start, end] = [0, 1]
    for (let depth = 0; start < end; depth++) {
      starts.push(start)
      const levelEnd = end
      steps.makeRoom(levelEnd + (levelEnd - start < count ? 2 * (levelEnd - start) : count))
      for (; start < levelEnd; start += BATCH) {
        const to = levelEnd - start < BATCH ? levelEnd : start + BATCH
        this.askForNodes(start, to)
        end = this.descend(start, to, { depth, end })
      }
      start = levelEnd
    }
    for (let at = 0; at < end; at += BATCH) this.makeLeaves(at, end - at < BATCH ? end : at + BATCH)
    hashAmounts(this.arena, amounts)
    hashLeaves(this.arena, others)
    for (let level = starts.length - 1; level >= 0; level--) {
      const [from, to] = [starts[level] as number, starts[level + 1] ?? end]
      for (let at = from; at < to; at += BATCH) this.rejoin(at, to - at < BATCH ? to : at + BATCH)
    }
    const newTop = steps.after[0] as number
    if (end > STEPS_KEPT) steps = new Steps()
    return newTop
  }

  /** Asks for the memory of nodes: see `askForSiblings`. */
  private askForNodes(from: number, to: number): void {
    const { nodes } = steps
    const { links, values } = this.arena.stored()
    let sum = 0
    for (let step = from; step < to; step++) sum += links[nodes[step] as number] as number
    for (let step = from; step < to; step++) {
      const node = nodes[step] as number
      if (isLeaf(node)) sum += values[pathAt(links, node)] as number
    }
    unneeded[0] = sum
  }

  /** Adds the steps below some of one level behind those there are; answers where they end. */
  private descend(
    start: number,
    to: number,
    { depth, end: last }: { readonly depth: number; readonly end: number },
  ): number {
    const { nodes, froms, tos, below, beside } = steps
    const { links, values } = this.arena.stored()
    let end = last
    for (let step = start; step < to; step++) {
      const node = nodes[step] as number
      const [first, beyond] = [froms[step] as number, tos[step] as number]
      let [left, right] = [0, 0]
      if (node === 0 || isLeaf(node)) {
        const arrived = this.arrivedAt(node, first, beyond)
        if (arrived !== 0) {
          below[step] = 0
          beside[step] = arrived
          continue
        }
        assert(depth < MAX_DEPTH, 'two changes share a path')
        // A leaf that was there goes down with the changes until it is alone.
        if (node !== 0 && bitAt(values, pathAt(links, node), depth) === 1) right = node
        else left = node
      } else {
        left = links[childrenAt(node)] as number
        right = links[childrenAt(node) + 1] as number
      }
      const middle = this.splitAt(first, beyond, depth)
      const sides = (middle > first ? SIDES.left : 0) + (middle < beyond ? SIDES.right : 0)
      below[step] = (end << 2) | sides
      if (sides !== SIDES.right) {
        nodes[end] = left
        froms[end] = first
        tos[end++] = middle
      } else beside[step] = left
      if (sides !== SIDES.left) {
        nodes[end] = right
        froms[end] = middle
        tos[end++] = beyond
      } else beside[step] = right
    }
    return end
  }

  /** What the changes of a step do where there is at most a leaf. Zero where they have to go on. */
  private arrivedAt(leaf: number, from: number, to: number): number {
    if (to - from !== 1) return 0
    const isRemoval = this.changes.values[from] === null
    if (leaf === 0) return isRemoval ? ARRIVED.findsNothing : ARRIVED.adds
    if (this.isAt(leaf, from)) return isRemoval ? ARRIVED.removes : ARRIVED.replaces
    return isRemoval ? ARRIVED.findsNothing : 0
  }

  private isAt(leaf: number, index: number): boolean {
    const { links, values } = this.arena.stored()
    const { keys } = this.changes
    const [leafKey, key] = [pathAt(links, leaf), index * PATH_BYTES]
    for (let at = 0; at < PATH_BYTES; at++) if (values[leafKey + at] !== keys[key + at]) return false
    return true
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

  /** Makes the leaves of changes that have arrived, and hashes them by the batch. */
  private makeLeaves(from: number, to: number): void {
    const { nodes, froms, below, beside, after } = steps
    const { keys, values } = this.changes
    let sum = 0
    for (let step = from; step < to; step++) if (below[step] === 0) sum += values[froms[step] as number]?.[0] ?? 0
    unneeded[0] = sum
    for (let step = from; step < to; step++) {
      if (below[step] !== 0) continue
      const arrived = beside[step] as number
      const value = values[froms[step] as number] as Bytes | null
      if (arrived === ARRIVED.adds) this.added += 1
      if (arrived === ARRIVED.removes) this.added -= 1
      if (value === null) after[step] = arrived === ARRIVED.removes ? 0 : (nodes[step] as number)
      else after[step] = this.newLeaf(keys, (froms[step] as number) * PATH_BYTES, value)
    }
  }

  private newLeaf(keys: Bytes, from: number, value: Bytes): number {
    const leaf = this.arena.newLeaf(keys, from, value)
    const isAmount = value.length === AMOUNT_BYTES
    const batch = isAmount ? amounts : others
    batch.refs[batch.count++] = leaf
    if (batch.count === BATCH) {
      if (isAmount) hashAmounts(this.arena, batch)
      else hashLeaves(this.arena, batch)
    }
    return leaf
  }

  /** Makes and hashes the nodes of steps of one level, at most a batch of them, whose children are made. */
  private rejoin(from: number, to: number): void {
    const { nodes, below, beside, after } = steps
    this.askForSiblings(from, to)
    for (let step = from; step < to; step++) {
      if (below[step] === 0) continue
      const [sides, first] = [(below[step] as number) & SIDES.both, (below[step] as number) >> 2]
      const one = after[first] as number
      const other = sides === SIDES.both ? (after[first + 1] as number) : (beside[step] as number)
      const isSame = one === nodes[first] && (sides !== SIDES.both || other === nodes[first + 1])
      if (isSame) after[step] = nodes[step] as number
      else after[step] = sides === SIDES.right ? this.join(other, one) : this.join(one, other)
    }
    hashInner(this.arena, inner)
  }

  /** Asks for all of the memory of siblings first: alone, each would be waited for before the next is asked for. */
  private askForSiblings(from: number, to: number): void {
    const { below, beside } = steps
    const holders = this.arena.holders.words
    const hashes = this.arena.hashes.words
    let sum = 0
    for (let step = from; step < to; step++) {
      const below4 = below[step] as number
      if (below4 === 0 || (below4 & SIDES.both) === SIDES.both) continue
      const sibling = beside[step] as number
      sum += (holders[holdersAt(sibling)] as number) + (hashes[hashAt(sibling)] as number)
    }
    unneeded[0] = sum
  }

  /** Joins two halves; a half that holds one leaf alone is that leaf, so equal maps always give equal trees. */
  private join(left: number, right: number): number {
    if (left === 0 && (right === 0 || isLeaf(right))) return right
    if (right === 0 && isLeaf(left)) return left
    const node = this.arena.newInner(left, right)
    inner.refs[inner.count++] = node
    return node
  }
}

interface Applied {
  readonly top: number
  readonly added: number
}

/** Applies changes below a node. What is given back is hashed, and not held yet. */
export function applyDiff(arena: Arena, top: number, diff: StateDiff): Applied {
  return applySorted(arena, top, sortedChanges(diff))
}

/** As `applyDiff`, of changes that are in path order, each path once. */
export function applySorted(arena: Arena, top: number, changes: SortedChanges): Applied {
  const update = new Update(arena, changes)
  return { top: update.apply(top), added: update.added }
}
