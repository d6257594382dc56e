import type { NodeConcern, NodePointView } from './healthViews.ts'
import type { ActivationProjection, SignalStripView, SignalView, UpgradeStage } from './upgradeViews.ts'
import type { Hash } from './values.ts'

/** Of the longest pauses between blocks this share is left out: a network that stood still says nothing about its pace. */
const PAUSES_LEFT_OUT = 0.05

/** Usual time between blocks, from the times of blocks in a row; undefined for fewer than two. */
export function usualGapMs(timesMs: readonly number[]): number | undefined {
  const gaps = timesMs.slice(1).map((time, index) => time - (timesMs[index] ?? time))
  const kept = gaps.sort((a, b) => a - b).slice(0, gaps.length - Math.floor(gaps.length * PAUSES_LEFT_OUT))
  return kept.length === 0 ? undefined : kept.reduce((sum, gap) => sum + gap, 0) / kept.length
}

/** The newest `window` of these blocks with the support that each found; blocks in a row, oldest first. */
export function stripOf(blocks: readonly SignalView[], window: number, shown: Hash | undefined): SignalStripView {
  let support = 0
  const counted = blocks.map((block, index) => {
    const leaving = blocks[index - window]
    if (shown !== undefined && block.signal === shown) support += 1
    if (shown !== undefined && leaving?.signal === shown) support -= 1
    return { ...block, support }
  })
  return { ...(shown === undefined ? {} : { shown }), blocks: counted.slice(-window) }
}

/** When a candidate runs if every block from `at` on finds its support. */
export function projectActivation(
  at: { readonly height: bigint; readonly timeMs: number; readonly gapMs: number },
  count: { readonly confirmed: number; readonly confirm: number },
): ActivationProjection {
  const blocksLeft = Math.max(0, count.confirm - count.confirmed)
  return {
    blocksLeft,
    height: at.height + BigInt(blocksLeft) + 1n,
    timeMs: Math.round(at.timeMs + (blocksLeft + 1) * at.gapMs),
  }
}

/** How far a collection is; undefined when nothing is known of it. */
export function upgradeStage(facts: {
  readonly isCurrent: boolean
  readonly isCandidate: boolean
  readonly blocks: number
  readonly hasHistory: boolean
  readonly isProposed: boolean
}): UpgradeStage | undefined {
  if (facts.isCurrent) return 'inForce'
  if (facts.isCandidate) return 'lockedIn'
  if (facts.blocks > 0) return 'signalled'
  if (facts.hasHistory) return 'past'
  return facts.isProposed ? 'proposed' : undefined
}

/** Whether a node runs what the chain runs and could run what is locked in. One that does not say is not judged. */
export function nodeConcern(
  node: Pick<NodePointView, 'collection' | 'height'>,
  chain: { readonly current: Hash; readonly since: bigint; readonly candidate?: Hash | undefined },
): NodeConcern | undefined {
  const { collection, height = 0n } = node
  if (collection === undefined) return undefined
  const { running, installed } = collection
  const { current, since, candidate } = chain
  // A node may be a block ahead of what is known here.
  if (running !== current && running !== candidate) {
    return height + 1n < since
      ? { level: 'warn', detail: `It has not reached block ${since}, where the collection of the chain took over` }
      : { level: 'bad', detail: 'It runs another collection than the chain' }
  }
  if (candidate === undefined || running === candidate || installed.includes(candidate)) return undefined
  return { level: 'bad', detail: 'It lacks the bundle that is locked in: it will stop when that takes over' }
}
