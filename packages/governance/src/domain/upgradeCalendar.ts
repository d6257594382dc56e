import type { CalendarEvent } from './feeds/calendar.ts'
import type { CollectionEventView } from './upgradeViews.ts'
import type { Hash } from './values.ts'

/** The steps of a collection from one lock-in to the next, oldest first. */
export interface UpgradeLife {
  readonly hash: Hash
  readonly steps: readonly CollectionEventView[]
}

/** Steps oldest first, of any collections; what comes before a first lock-in is left out. */
export function livesOf(steps: readonly CollectionEventView[]): UpgradeLife[] {
  const lives: { hash: Hash; steps: CollectionEventView[] }[] = []
  for (const step of steps) {
    if (step.kind === 'lockedIn') lives.push({ hash: step.hash, steps: [step] })
    else lives.findLast(({ hash }) => hash === step.hash)?.steps.push(step)
  }
  return lives
}

/** A calendar entry is written anew with each step, and with each of these parts of the count. */
const PARTS = 10
/** More than a step can have parts, so that a later step always has the higher number. */
const PARTS_SPACE = 16

export interface LifeRevision {
  readonly sequence: number
  readonly status: CalendarEvent['status']
  /** The block whose time the entry is reckoned from, and how many blocks after it the collection takes over. */
  readonly anchor: bigint
  readonly blocksAfter: number
}

/** What a calendar says of a life, reckoned from blocks up to `settled` only: they stay, so the same block gives the same entry. */
export function reviseLife({ steps }: UpgradeLife, settled: bigint): LifeRevision | undefined {
  const last = steps.at(-1)
  if (last === undefined) return undefined
  const base = (steps.length - 1) * PARTS_SPACE
  const { kind, height, rule, confirmed, since } = last
  if (kind === 'activated') {
    const begun = since !== undefined && since <= settled
    return begun
      ? { sequence: base + 1, status: 'CONFIRMED', anchor: since, blocksAfter: 0 }
      : { sequence: base, status: 'CONFIRMED', anchor: height, blocksAfter: 1 }
  }
  if (kind !== 'lockedIn' && kind !== 'resumed')
    return { sequence: base, status: 'CANCELLED', anchor: height, blocksAfter: rule.confirm + 1 }
  const counted = Math.min(rule.confirm - 1, confirmed + Math.max(0, Number(settled - height)))
  const part = Math.floor((PARTS * counted) / rule.confirm)
  const reached = Math.max(confirmed, Math.ceil((part * rule.confirm) / PARTS))
  return {
    sequence: base + part,
    status: 'TENTATIVE',
    anchor: height + BigInt(reached - confirmed),
    blocksAfter: rule.confirm - reached + 1,
  }
}
