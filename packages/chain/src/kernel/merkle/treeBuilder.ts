import { assert, type Bytes, compareBytes } from '#primitives'
import { processArena } from './arena.ts'
import { headsOf } from './sortedChanges.ts'
import { emptySparseTree, type SparseTree, treeOf } from './sparse.ts'
import { applySorted } from './sparseUpdate.ts'

/** Makes a large tree part by part, so that nothing else waits for all of it. */
export interface TreeBuilder {
  /** Values in path order, all after those before. */
  add(entries: readonly (readonly [path: Bytes, value: Bytes])[]): void
  /** The tree; nothing is added after that. */
  finish(): SparseTree
}

/** Builds from paths in bytes, in order: neither texts nor sorting are needed, and only the right edge is ever made anew. */
export function createTreeBuilder(): TreeBuilder {
  const arena = processArena()
  let last: Bytes | undefined
  let top = 0
  let size = 0
  return {
    add(entries) {
      const keys = new Uint8Array(entries.length * 32)
      const values: Bytes[] = []
      for (const [path, value] of entries) {
        assert(path.length === 32 && (last === undefined || compareBytes(last, path) < 0), 'paths come in order')
        keys.set(path, values.length * 32)
        values.push(value)
        last = path
      }
      const next = applySorted(arena, top, { keys, heads: headsOf(keys), values })
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
