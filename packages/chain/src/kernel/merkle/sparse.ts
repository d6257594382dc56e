import {
  asHash,
  assert,
  type Bytes,
  bytesToHash,
  type Hash,
  hexToBytes,
  sha256,
  taggedHash,
  taggedHashBytes,
} from '#primitives'
import type { StateDiff, StateReader } from '../state/types.ts'

/** Root of a tree without values. */
export const EMPTY_ROOT: Hash = taggedHash('aelf/empty/1')
const EMPTY_BYTES: Bytes = hexToBytes(EMPTY_ROOT)

interface Leaf {
  readonly kind: 'leaf'
  readonly path: Hash
  readonly key: Bytes
  readonly value: Bytes
  hash: Bytes | undefined
}

interface Inner {
  readonly kind: 'inner'
  readonly left: Node | undefined
  readonly right: Node | undefined
  readonly count: number
  hash: Bytes | undefined
}

type Node = Leaf | Inner

interface Change {
  readonly path: Hash
  readonly key: Bytes
  readonly value: Bytes | null
}

/** Siblings from the root down; `leaf` is the other value met when absence is proven. */
export interface SparseProof {
  readonly siblings: readonly Hash[]
  readonly leaf?: { readonly path: Hash; readonly valueHash: Hash }
}

/**
 * Immutable map from 32-byte paths to values with an authenticated root. `update` shares all untouched nodes with the tree it came
 * from, so every kept height is one kept object; hashes are computed once, when `root` is first read.
 */
export interface SparseTree extends StateReader {
  readonly root: Hash
  /** Number of values. */
  readonly size: number
  get(path: Hash): Bytes | undefined
  update(diff: StateDiff): SparseTree
  prove(path: Hash): SparseProof
  /** All values in path order. */
  entries(): IterableIterator<[Hash, Bytes]>
}

export function bitOf(key: Bytes, depth: number): number {
  return ((key[depth >> 3] as number) >> (7 - (depth & 7))) & 1
}

/** As `bitOf`, of the path as text: four bits a digit, after the prefix. */
function digitBit(path: Hash, depth: number): number {
  const code = path.charCodeAt(2 + (depth >> 2))
  const digit = code < 58 ? code - 48 : code - 87
  return (digit >> (3 - (depth & 3))) & 1
}

/** Hash of one value under its path. */
export function sparseLeafHash(key: Bytes, valueHash: Bytes): Bytes {
  return taggedHashBytes('aelf/leaf/1', key, valueHash)
}

const PAIR: Bytes = new Uint8Array(64)

/** Hash of an inner node: SHA-256 of exactly 64 bytes. */
export function innerHash(left: Bytes, right: Bytes): Bytes {
  PAIR.set(left, 0)
  PAIR.set(right, 32)
  return sha256(PAIR)
}

function hashOf(node: Node | undefined): Bytes {
  if (!node) return EMPTY_BYTES
  if (node.hash) return node.hash
  const hash =
    node.kind === 'leaf'
      ? sparseLeafHash(node.key, sha256(node.value))
      : innerHash(hashOf(node.left), hashOf(node.right))
  node.hash = hash
  return hash
}

function countOf(node: Node | undefined): number {
  if (!node) return 0
  return node.kind === 'leaf' ? 1 : node.count
}

/** Joins two halves; a half that holds one leaf alone is that leaf, so equal maps always give equal trees. */
function join(left: Node | undefined, right: Node | undefined): Node | undefined {
  if (!left && (!right || right.kind === 'leaf')) return right
  if (!right && left?.kind === 'leaf') return left
  return { kind: 'inner', left, right, count: countOf(left) + countOf(right), hash: undefined }
}

/** First index in [from, to) whose key has bit `depth` set; keys are sorted and agree before `depth`. */
function splitAt(changes: readonly Change[], from: number, to: number, depth: number): number {
  let low = from
  let high = to
  while (low < high) {
    const middle = (low + high) >> 1
    if (bitOf((changes[middle] as Change).key, depth) === 0) low = middle + 1
    else high = middle
  }
  return low
}

interface Span {
  readonly changes: readonly Change[]
  readonly from: number
  readonly to: number
}

function build({ changes, from, to }: Span, depth: number): Node | undefined {
  if (from === to) return undefined
  if (to - from === 1) {
    const { path, key, value } = changes[from] as Change
    return value === null ? undefined : { kind: 'leaf', path, key, value, hash: undefined }
  }
  assert(depth < 256, 'two changes share a path')
  const middle = splitAt(changes, from, to, depth)
  return join(build({ changes, from, to: middle }, depth + 1), build({ changes, from: middle, to }, depth + 1))
}

function merge(leaf: Leaf, { changes, from, to }: Span, depth: number): Node | undefined {
  const merged: Change[] = []
  let placed = false
  for (let index = from; index < to; index++) {
    const change = changes[index] as Change
    if (!placed && change.path >= leaf.path) {
      placed = true
      if (change.path !== leaf.path) merged.push(leaf)
    }
    if (change.value !== null) merged.push(change)
  }
  if (!placed) merged.push(leaf)
  return build({ changes: merged, from: 0, to: merged.length }, depth)
}

function apply(node: Node | undefined, span: Span, depth: number): Node | undefined {
  if (span.from === span.to) return node
  if (!node) return build(span, depth)
  if (node.kind === 'leaf') return merge(node, span, depth)
  const middle = splitAt(span.changes, span.from, span.to, depth)
  const left = apply(node.left, { changes: span.changes, from: span.from, to: middle }, depth + 1)
  const right = apply(node.right, { changes: span.changes, from: middle, to: span.to }, depth + 1)
  return left === node.left && right === node.right ? node : join(left, right)
}

function sortedChanges(diff: StateDiff): Change[] {
  const changes: Change[] = []
  for (const [path, value] of diff) changes.push({ path: asHash(path), key: hexToBytes(path), value })
  return changes.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
}

function* walk(node: Node | undefined): IterableIterator<[Hash, Bytes]> {
  if (!node) return
  if (node.kind === 'leaf') {
    yield [node.path, node.value]
    return
  }
  yield* walk(node.left)
  yield* walk(node.right)
}

class PersistentTree implements SparseTree {
  private readonly top: Node | undefined
  private rootHash: Hash | undefined

  constructor(top: Node | undefined) {
    this.top = top
  }

  get root(): Hash {
    this.rootHash ??= bytesToHash(hashOf(this.top))
    return this.rootHash
  }

  get size(): number {
    return countOf(this.top)
  }

  get(path: Hash): Bytes | undefined {
    let node = this.top
    for (let depth = 0; node?.kind === 'inner'; depth++) node = digitBit(path, depth) === 0 ? node.left : node.right
    return node?.path === path ? node.value : undefined
  }

  update(diff: StateDiff): SparseTree {
    if (diff.size === 0) return this
    const changes = sortedChanges(diff)
    const top = apply(this.top, { changes, from: 0, to: changes.length }, 0)
    return top === this.top ? this : new PersistentTree(top)
  }

  prove(path: Hash): SparseProof {
    const key = hexToBytes(path)
    const siblings: Hash[] = []
    let node = this.top
    for (let depth = 0; node?.kind === 'inner'; depth++) {
      const goesRight = bitOf(key, depth) === 1
      siblings.push(bytesToHash(hashOf(goesRight ? node.left : node.right)))
      node = goesRight ? node.right : node.left
    }
    if (!node || node.path === path) return { siblings }
    return { siblings, leaf: { path: node.path, valueHash: bytesToHash(sha256(node.value)) } }
  }

  entries(): IterableIterator<[Hash, Bytes]> {
    return walk(this.top)
  }
}

const EMPTY_TREE: SparseTree = new PersistentTree(undefined)

/** The tree without values; its root is `EMPTY_ROOT`. */
export function emptySparseTree(): SparseTree {
  return EMPTY_TREE
}
