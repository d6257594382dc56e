import { type HexText, sha256, tagged, uint } from './bytes.ts'

const EMPTY = tagged('aelf/empty/1')

interface Branch {
  left: Node | undefined
  right: Node | undefined
  hash: Buffer | undefined
}
interface Leaf {
  readonly path: Buffer
  readonly hash: Buffer
}
type Node = Branch | Leaf

const isLeaf = (node: Node): node is Leaf => 'path' in node
const bitOf = (path: Buffer, depth: number): number => ((path[depth >> 3] ?? 0) >> (7 - (depth & 7))) & 1

function hashOf(node: Node | undefined): Buffer {
  if (node === undefined) return EMPTY
  if (isLeaf(node)) return node.hash
  node.hash ??= sha256(Buffer.concat([hashOf(node.left), hashOf(node.right)]))
  return node.hash
}

function put(node: Node | undefined, leaf: Leaf, depth: number): Node {
  if (node === undefined) return leaf
  if (isLeaf(node)) {
    if (node.path.equals(leaf.path)) return leaf
    const branch: Branch = { left: undefined, right: undefined, hash: undefined }
    return put(put(branch, node, depth), leaf, depth)
  }
  node.hash = undefined
  if (bitOf(leaf.path, depth) === 0) node.left = put(node.left, leaf, depth + 1)
  else node.right = put(node.right, leaf, depth + 1)
  return node
}

function drop(node: Node | undefined, path: Buffer, depth: number): Node | undefined {
  if (node === undefined) return undefined
  if (isLeaf(node)) return node.path.equals(path) ? undefined : node
  node.hash = undefined
  if (bitOf(path, depth) === 0) node.left = drop(node.left, path, depth + 1)
  else node.right = drop(node.right, path, depth + 1)
  if (node.left === undefined && (node.right === undefined || isLeaf(node.right))) return node.right
  if (node.right === undefined && node.left !== undefined && isLeaf(node.left)) return node.left
  return node
}

/** SPEC STATE-TREE-1 as a plain mutable trie. */
export class StateTree {
  private top: Node | undefined

  set(path: Buffer, value: Buffer | undefined): void {
    if (value === undefined) this.top = drop(this.top, path, 0)
    else this.top = put(this.top, { path, hash: tagged('aelf/leaf/1', path, sha256(value)) }, 0)
  }

  root(): HexText {
    return hashOf(this.top).toString('hex')
  }
}

/** SPEC LIST-ROOT-1. */
export function listRoot(items: readonly Uint8Array[]): HexText {
  let level = items.map((item, index) => tagged('aelf/item/1', uint(index, 4), sha256(item)))
  while (level.length > 1) {
    const above: Buffer[] = []
    for (let at = 0; at < level.length; at += 2) {
      const [left, right] = [level[at], level[at + 1]]
      if (left !== undefined) above.push(right === undefined ? left : sha256(Buffer.concat([left, right])))
    }
    level = above
  }
  return tagged('aelf/list/1', uint(items.length, 4), ...level).toString('hex')
}
