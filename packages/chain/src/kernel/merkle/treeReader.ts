import type { StateReader } from '../state/types.ts'
import { processArena } from './arena.ts'
import { copyValue, isLeaf, isLeafOf, nodeOf } from './nodes.ts'
import { openViews, type RegionBuffer } from './region.ts'

/** Memory of all state trees of a process. The same two buffers for as long as it runs: they grow in place. */
export interface TreeMemory {
  readonly links: RegionBuffer
  readonly values: RegionBuffer
}

/** State trees as another thread reads them. */
export interface TreeReader {
  /** The tree with a top node, which is `index` of a tree that its owner holds for as long as it is read. */
  at(index: number): StateReader
}

/** What to give to other threads, once. Undefined where memory cannot be shared. */
export function sharedTreeMemory(): TreeMemory | undefined {
  const { links, values } = processArena()
  const isShared = [links, values].every(
    ({ buffer }) => typeof SharedArrayBuffer !== 'undefined' && buffer instanceof SharedArrayBuffer,
  )
  return isShared ? { links: links.buffer, values: values.buffer } : undefined
}

/**
 * Reads the trees of another thread. An index has to come by a message or an atomic operation after its tree was made: then all of the
 * nodes are seen. The memory may have grown meanwhile, so it is looked at anew for every tree.
 */
export function openTreeReader(memory: TreeMemory): TreeReader {
  return {
    at(index) {
      const stored = { links: openViews(memory.links).words, values: openViews(memory.values).bytes }
      return {
        get(path) {
          const ref = nodeOf(stored.links, index, path)
          return isLeaf(ref) && isLeafOf(stored, ref, path) ? copyValue(stored, ref) : undefined
        },
      }
    },
  }
}
