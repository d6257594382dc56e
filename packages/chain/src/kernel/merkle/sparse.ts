import { assert, type Bytes, bytesToHash, type Hash, hexToBytes, reclaimer, sha256 } from '#primitives'
import type { StateDiff, StateReader } from '../state/types.ts'
import { type Arena, processArena } from './arena.ts'
import { childrenAt, copyValue, EMPTY_ROOT, isLeaf, isLeafOf, nodeOf, PATH_BYTES, pathAt } from './nodes.ts'
import { hashOf } from './sparseHash.ts'
import { applyDiff } from './sparseUpdate.ts'
import { encodePage } from './treePages.ts'

/** Siblings from the root down; `leaf` is the other value met when absence is proven. */
export interface SparseProof {
  readonly siblings: readonly Hash[]
  readonly leaf?: { readonly path: Hash; readonly valueHash: Hash }
}

/**
 * Immutable map from 32-byte paths to values with an authenticated root. `update` shares all untouched nodes with the tree it came
 * from, so every kept height is one kept object; all that is new is hashed at once. Values are copies.
 */
export interface SparseTree extends StateReader {
  readonly root: Hash
  /** Number of values. */
  readonly size: number
  /** Number of the top node, for readers on other threads; good for as long as this object is held. */
  readonly index: number
  get(path: Hash): Bytes | undefined
  update(diff: StateDiff): SparseTree
  prove(path: Hash): SparseProof
  /** All values in path order. */
  entries(): IterableIterator<[Hash, Bytes]>
  /** The values whose paths begin with a byte, as they are stored. */
  page(page: number): Bytes
  /** Gives the memory back now, not when the object is collected. Whoever does so is the only one who holds the tree. */
  drop(): void
}

export function bitOf(key: Bytes, depth: number): number {
  return ((key[depth >> 3] as number) >> (7 - (depth & 7))) & 1
}

const PAIR: Bytes = new Uint8Array(64)

/** Hash of an inner node: SHA-256 of exactly 64 bytes. */
export function innerHash(left: Bytes, right: Bytes): Bytes {
  PAIR.set(left, 0)
  PAIR.set(right, 32)
  return sha256(PAIR)
}

class ArenaTree implements SparseTree {
  readonly size: number
  private readonly arena: Arena
  private readonly top: number
  private rootHash: Hash | undefined
  private isDropped = false

  constructor(arena: Arena, top: number, size: number) {
    this.arena = arena
    this.top = top
    this.size = size
    arena.hold(top)
    reclaimer().watch(this, () => arena.release(top))
  }

  get root(): Hash {
    this.rootHash ??= bytesToHash(hashOf(this.arena, this.held()))
    return this.rootHash
  }

  get index(): number {
    return this.held()
  }

  get(path: Hash): Bytes | undefined {
    const stored = this.arena.stored()
    const ref = nodeOf(stored.links, this.held(), path)
    return isLeaf(ref) && isLeafOf(stored, ref, path) ? copyValue(stored, ref) : undefined
  }

  update(diff: StateDiff): SparseTree {
    if (diff.size === 0) return this
    const { top, added } = applyDiff(this.arena, this.held(), diff)
    if (top === this.top) return this
    return top === 0 ? EMPTY_TREE : new ArenaTree(this.arena, top, this.size + added)
  }

  prove(path: Hash): SparseProof {
    const key = hexToBytes(path)
    const siblings: Hash[] = []
    let ref = this.held()
    for (let depth = 0; ref !== 0 && !isLeaf(ref); depth++) {
      const { words } = this.arena.links
      const side = bitOf(key, depth)
      siblings.push(bytesToHash(hashOf(this.arena, words[childrenAt(ref) + 1 - side] as number)))
      ref = words[childrenAt(ref) + side] as number
    }
    if (ref === 0 || isLeafOf(this.arena.stored(), ref, path)) return { siblings }
    return { siblings, leaf: { path: this.pathOf(ref), valueHash: bytesToHash(sha256(this.arena.valueOf(ref))) } }
  }

  /** Looks at the tree at every step, which is what keeps it from being given back in between. */
  *entries(): IterableIterator<[Hash, Bytes]> {
    const above: number[] = [this.held()]
    for (let ref = above.pop(); ref !== undefined; ref = this.held() === 0 ? undefined : above.pop()) {
      if (ref === 0) continue
      if (isLeaf(ref)) yield [this.pathOf(ref), this.arena.valueOf(ref)]
      else {
        const { words } = this.arena.links
        above.push(words[childrenAt(ref) + 1] as number, words[childrenAt(ref)] as number)
      }
    }
  }

  page(page: number): Bytes {
    return encodePage(this.arena, this.held(), page)
  }

  drop(): void {
    if (this.isDropped || this.top === 0) return
    this.isDropped = true
    reclaimer().unwatch(this)
    this.arena.release(this.top)
  }

  private held(): number {
    assert(!this.isDropped, 'a dropped tree is not asked')
    return this.top
  }

  private pathOf(leaf: number): Hash {
    const { links, values } = this.arena.stored()
    const from = pathAt(links, leaf)
    return bytesToHash(values.subarray(from, from + PATH_BYTES))
  }
}

/** A tree that was made below a top node, which it holds from now on. */
export function treeOf(arena: Arena, top: number, size: number): SparseTree {
  return new ArenaTree(arena, top, size)
}

/** A tree without values has no memory either: it takes the process's when it gets some. */
const EMPTY_TREE: SparseTree = {
  root: EMPTY_ROOT,
  size: 0,
  index: 0,
  get: () => undefined,
  update(diff) {
    if (diff.size === 0) return EMPTY_TREE
    const arena = processArena()
    const { top, added } = applyDiff(arena, 0, diff)
    return top === 0 ? EMPTY_TREE : new ArenaTree(arena, top, added)
  },
  prove: () => ({ siblings: [] }),
  entries: () => [][Symbol.iterator](),
  page: () => new Uint8Array(0),
  drop: () => undefined,
}

/** The tree without values; its root is `EMPTY_ROOT`. */
export function emptySparseTree(): SparseTree {
  return EMPTY_TREE
}
