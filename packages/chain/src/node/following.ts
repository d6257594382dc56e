import type { DposState } from '#consensus/dpos'
import { encodeTransaction, transactionId } from '#kernel'
import type { ImportResult } from '#ledger'
import type { Hash } from '#primitives'
import type { NodeParts } from './compose.ts'
import type { Peers } from './peers.ts'

/** Tells the pool and the listeners what a block changed. */
async function follow(parts: NodeParts, peers: () => Peers<DposState>, result: ImportResult<DposState>): Promise<void> {
  const { mempool, events, ledger } = parts
  const included = result.added.flatMap((node) => [...node.ids])
  const again = new Set<Hash>(included)
  const removed = result.removed
    .flatMap((node) => node.body?.block.transactions ?? [])
    .filter((transaction) => !again.has(transactionId(transaction)))
    .map(encodeTransaction)
  const finalizedHeight = ledger.finalized().header.height
  await mempool.follow({ included, removed, finalizedHeight })
  if (result.headChanged) {
    const hashes = (nodes: typeof result.added): Hash[] => nodes.map((node) => node.header.hash)
    // The head as of this change: a later block may have moved it on meanwhile.
    const header = (result.added.at(-1) ?? ledger.head()).header
    peers().offers.again(result.removed.flatMap((node) => [...node.ids]))
    peers().offers.followHead(header.height)
    events.emit({ kind: 'head', header, removed: hashes(result.removed), added: hashes(result.added) })
  }
  const newest = result.finalized.at(-1)
  if (newest !== undefined) events.emit({ kind: 'finalized', header: newest.header })
}

/** What every import is followed by. */
export interface Follower {
  followed(result: ImportResult<DposState>): Promise<void>
  /** Resolves when everything so far has been followed. */
  allFollowed(): Promise<void>
}

/** One change after the other, in the order of the imports: following waits for the disk, the next import does not. */
export function createFollower(parts: NodeParts, peers: () => Peers<DposState>): Follower {
  let turn: Promise<void> = Promise.resolve()
  return {
    followed: (result) => {
      const done = turn.then(() => follow(parts, peers, result))
      turn = done.catch(() => undefined)
      return done
    },
    allFollowed: () => turn,
  }
}
