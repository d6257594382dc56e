import type { RunningNode } from '../compose.ts'
import type { SyncView } from './operator.ts'

/** A head older than this many slots is not the newest there is. */
const FRESH_SLOTS = 20

/** How far a node has come, by the age of its head. */
export function syncViewOf(node: RunningNode): SyncView {
  const { height, headTimeMs, nowMs, slotMs } = node.api.status()
  const isFresh = nowMs - headTimeMs <= FRESH_SLOTS * slotMs
  return { state: isFresh ? 'synced' : 'waiting', height, targetHeight: height }
}
