import { IndexerError } from '../errors.ts'
import type { ChainSource, SourceBlock, SourceRound } from '../sources/source.ts'
import type { BlockScope } from './scope.ts'
import { changeDelegate } from './standing.ts'

/** Rounds one block may finish; more means the node's numbers make no sense. */
const ROUNDS_AT_ONCE_MAX = 64

/**
 * Called by the first block of a later round: writes the finished rounds with the fate of each slot. `hashOf` answers
 * the indexed hash at a height, so that a round view of another branch is noticed.
 */
export async function finishRounds(
  scope: BlockScope,
  from: number,
  source: ChainSource,
  hashOf: (height: bigint) => Promise<string | undefined>,
): Promise<void> {
  const { block } = scope
  if (block.round - from > ROUNDS_AT_ONCE_MAX) {
    throw new IndexerError('index.badAnswer', `Block ${block.height} skips from round ${from} to ${block.round}`)
  }
  for (let number = from; number < block.round; number++) {
    const round = await source.round(number)
    if (round === undefined) continue
    for (const slot of round.slots) {
      if (slot.height === null || slot.height >= block.height || (await hashOf(slot.height)) === slot.hash) continue
      throw new IndexerError('index.sourceMoved', `Round ${number} of the node is of another branch`)
    }
    await writeRound(scope, round)
  }
}

async function writeRound(scope: BlockScope, round: SourceRound): Promise<void> {
  const { block, workspace } = scope
  const origin = { height: block.height, blockHash: block.hash }
  const { number, term, startSlot, startTimeMs, extra } = round
  const count = (state: string): number => round.slots.filter((slot) => slot.state === state).length
  workspace.add('rounds', {
    ...origin,
    number,
    term,
    startSlot,
    startTimeMs,
    extra,
    produced: count('produced'),
    missed: count('missed'),
    excluded: round.excluded.map(({ address, untilMs, failures }) => ({ address, untilMs, failures })),
  })
  for (const slot of round.slots) {
    workspace.add('round_slots', {
      ...origin,
      slot: slot.slot,
      round: number,
      term,
      timeMs: slot.timeMs,
      producer: slot.producer,
      isExtra: slot.isExtra,
      state: slot.state,
      reason: slot.reason,
      producedHeight: slot.height,
      producedHash: slot.hash,
    })
    if (slot.state === 'missed') await changeDelegate(scope, slot.producer, (row) => ({ missed: row.missed + 1 }))
  }
}

/** Called by the first block of a term: writes its producers. */
export async function beginTerm(scope: BlockScope, source: ChainSource): Promise<void> {
  const { block, workspace } = scope
  const found = await source.term(block.term)
  if (found === undefined) return
  const origin = { height: block.height, blockHash: block.hash }
  const { term, startHeight, startsAtMs, endsAtMs } = found
  workspace.add('terms', { ...origin, term, startHeight, startsAtMs, endsAtMs })
  for (const [index, address] of found.producers.entries()) {
    workspace.add('term_producers', { ...origin, term, rank: index + 1, address })
  }
}

/** Counts the block for its producer. */
export async function countBlock(scope: BlockScope): Promise<void> {
  const { block }: { block: SourceBlock } = scope
  if (block.height === 0n) return
  await changeDelegate(scope, block.producer, (row) => ({ produced: row.produced + 1, lastBlockHeight: block.height }))
}
