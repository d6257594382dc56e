import { type SparseTree, TREE_PAGES } from '#kernel'
import type { Bytes, KvOp } from '#primitives'
import { encodeStoredPage, pageKey } from './schema.ts'

/** Values written for each that changed: a start reads all of them and does again what changed since, which is half of them at most. */
const WRITTEN_PER_CHANGE = 2
/** Blocks after which every page was written again, however little changes. Credit is counted in parts of a value, as many as that. */
const BLOCKS_PER_TURN = 4096
/** Pages of a small state count as if they had so many values: an operation has a price of its own. */
const PAGE_VALUES_MIN = 4

/** States up to here are small enough to keep what was written of one. */
const SHARED_VALUES_MAX = 65_536

/** Nodes that share a state store the same pages, one shortly after the other. */
let shared: { readonly tree: SparseTree; readonly pages: Map<number, Bytes> } | undefined

function entriesOf(tree: SparseTree, page: number): Bytes {
  if (tree.size > SHARED_VALUES_MAX) return tree.page(page)
  if (shared?.tree !== tree) shared = { tree, pages: new Map() }
  const known = shared.pages.get(page)
  if (known !== undefined) return known
  const entries = tree.page(page)
  shared.pages.set(page, entries)
  return entries
}

/**
 * Writes the state as blocks become irreversible, some pages with each block, in turn: a page is one large value, where each changed value
 * alone would be an operation. The records of the blocks since then complete a page.
 */
export class Pages {
  private next: number
  /** Parts of values that may be written. */
  private credit = 0

  constructor(next: number) {
    this.next = next
  }

  /** What goes into the batch of a block that becomes irreversible and changed so many values. */
  opsAfter(tree: SparseTree, height: bigint, changes: number): KvOp[] {
    const price = (BLOCKS_PER_TURN / TREE_PAGES) * tree.size
    const least = PAGE_VALUES_MIN * BLOCKS_PER_TURN
    const perPage = price > least ? price : least
    this.credit += changes * WRITTEN_PER_CHANGE * BLOCKS_PER_TURN + tree.size
    const ops: KvOp[] = []
    while (this.credit >= perPage && ops.length < TREE_PAGES) {
      ops.push(pageOp(tree, this.next, height))
      this.next = (this.next + 1) % TREE_PAGES
      this.credit -= perPage
    }
    // All of them are new.
    if (ops.length === TREE_PAGES) this.credit = 0
    return ops
  }
}

/** A page of a state, as it is stored. */
export function pageOp(tree: SparseTree, page: number, height: bigint): KvOp {
  return { put: [pageKey(page), encodeStoredPage({ height, entries: entriesOf(tree, page) })] }
}
