import { assert, type Bytes, concatBytes } from '#primitives'
import { processArena } from './arena.ts'
import { PATH_BYTES } from './nodes.ts'
import { comparePaths, headsOf } from './sortedChanges.ts'
import { emptySparseTree, type SparseTree, treeOf } from './sparse.ts'
import { applySorted } from './sparseUpdate.ts'
import type { TreeEntries } from './treePages.ts'

/** Makes a large tree part by part, so that nothing else waits for all of it. */
export interface TreeBuilder {
  /** Values in path order, all after those before. */
  add(entries: TreeEntries): void
  /** The tree; nothing is added after that. */
  finish(): SparseTree
}

/** Builds from paths in bytes, in order: neither texts nor sorting are needed, and only the right edge is ever made anew. */
export function createTreeBuilder(): TreeBuilder {
  const arena = processArena()
  let last: Bytes = new Uint8Array(0)
  let top = 0
  let size = 0
  return {
    add(entries) {
      const count = entries.values.length
      if (count === 0) return
      // The last path of before goes along to be compared.
      const all = concatBytes(last, entries.paths)
      const first = last.length / PATH_BYTES
      assert(all.length === (first + count) * PATH_BYTES, 'each value has a path')
      for (let at = 1; at < first + count; at++) assert(comparePaths(all, at - 1, at) < 0, 'paths come in order')
      last = all.slice(-PATH_BYTES)
      const keys = new Uint8Array(entries.paths)
      const next = applySorted(arena, top, { keys, heads: headsOf(keys), values: entries.values })
      if (next.top === top) return
      arena.hold(next.top)
      arena.release(top)
      top = next.top
      size += next.added
    },
    finish() {
      const tree = top === 0 ? emptySparseTree() : treeOf(arena, top, size)
      arena.release(top)
      return tree
    },
  }
}
