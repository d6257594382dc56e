import type { AlertKind } from './alertViews.ts'
import type { UpgradeNews, UpgradeNewsKind } from './upgradeNews.ts'
import type { Address } from './values.ts'

/** What is known about one delegate when alerts are looked for. Rows are of the index, or of the running round. */
export interface AlertFacts {
  readonly delegate: Address
  readonly name: string
  /** Its newest slots that are over, oldest first. */
  readonly slots: readonly { readonly slot: bigint; readonly missed: boolean; readonly reason?: string | undefined }[]
  /** The exclusion of its newest rounds, oldest first; undefined for a round without. */
  readonly exclusions: readonly {
    readonly round: number
    readonly startSlot: bigint
    readonly untilMs?: number | undefined
    readonly failures?: number | undefined
  }[]
  /** Whether it was a producer of the newest terms, oldest first. */
  readonly terms: readonly { readonly term: number; readonly height: bigint; readonly isProducer: boolean }[]
  readonly rank: number | undefined
  readonly seats: number
  /** Whether it was inside the seats when last looked; undefined the first time. */
  readonly wasInside: boolean | undefined
  /** When that was first seen; it names the turn, so that a turn found twice is one. */
  readonly lineSinceMs: number
  readonly height: bigint
}

/** Since when somebody wants to know, and what. */
export interface AlertWish {
  readonly kinds: readonly AlertKind[]
  readonly missedInRow: number
  readonly fromSlot: bigint
  readonly fromHeight: bigint
}

/** One piece of news; the same news always has the same key, so it is told once however often it is found. */
export interface AlertEvent {
  readonly key: string
  readonly kind: AlertKind
  readonly title: string
  readonly detail: string
}

const REASON: Readonly<Record<string, string>> = {
  offline: 'No block was heard: the node was offline or cut off.',
  late: 'Its block came after the slot had ended.',
  paused: 'It was paused by its operator.',
  networkHalt: 'The whole network stood still.',
}

const iso = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z')

/** Whether a delegate stands inside the seats of the next election. */
export const isInside = ({ rank, seats }: Pick<AlertFacts, 'rank' | 'seats'>): boolean =>
  rank !== undefined && rank <= seats

/** Everything that happened to a delegate since the wish was made and that the wish names. */
export function findAlerts(facts: AlertFacts, wish: AlertWish): AlertEvent[] {
  const found = [
    ...missedRuns(facts, wish),
    ...exclusionTurns(facts, wish),
    ...termTurns(facts, wish),
    ...lineTurns(facts),
  ]
  return found.filter(({ kind }) => wish.kinds.includes(kind))
}

function missedRuns({ delegate, name, slots }: AlertFacts, wish: AlertWish): AlertEvent[] {
  const events: AlertEvent[] = []
  let run = 0
  for (const slot of slots) {
    run = slot.missed ? run + 1 : 0
    // Told once a run, by the slot that makes it long enough.
    if (run !== wish.missedInRow || slot.slot <= wish.fromSlot) continue
    events.push({
      key: `${delegate} missed ${wish.missedInRow} ${slot.slot}`,
      kind: 'missed',
      title: run === 1 ? `${name} missed a slot` : `${name} missed ${run} slots in a row`,
      detail: `Slot ${slot.slot}. ${slot.reason === undefined ? 'No block arrived in it.' : (REASON[slot.reason] ?? slot.reason)}`,
    })
  }
  return events
}

function exclusionTurns({ delegate, name, exclusions }: AlertFacts, wish: AlertWish): AlertEvent[] {
  return exclusions.flatMap((entry, index): AlertEvent[] => {
    const before = exclusions[index - 1]
    if (entry.startSlot <= wish.fromSlot || before === undefined) return []
    if (entry.untilMs !== undefined && entry.untilMs !== before.untilMs)
      return [
        {
          key: `${delegate} excluded ${entry.untilMs}`,
          kind: 'excluded',
          title: `${name} is excluded from the schedule`,
          detail: `Two slots in a row were missed, failure ${entry.failures ?? 1} of this term. It returns at ${iso(entry.untilMs)}.`,
        },
      ]
    if (entry.untilMs !== undefined || before.untilMs === undefined) return []
    return [
      {
        key: `${delegate} returned ${before.untilMs}`,
        kind: 'returned',
        title: `${name} is back in the schedule`,
        detail: `Its exclusion has ended; round ${entry.round} is the first without it.`,
      },
    ]
  })
}

function termTurns({ delegate, name, terms }: AlertFacts, wish: AlertWish): AlertEvent[] {
  return terms.flatMap((entry, index): AlertEvent[] => {
    const before = terms[index - 1]
    if (before === undefined || entry.height <= wish.fromHeight || before.isProducer === entry.isProducer) return []
    return [
      entry.isProducer
        ? {
            key: `${delegate} elected ${entry.term}`,
            kind: 'elected',
            title: `${name} was elected`,
            detail: `It produces in term ${entry.term}, which began at block ${entry.height}.`,
          }
        : {
            key: `${delegate} dropped ${entry.term}`,
            kind: 'dropped',
            title: `${name} is no longer a producer`,
            detail: `It is not among the producers of term ${entry.term}, which began at block ${entry.height}.`,
          },
    ]
  })
}

function lineTurns(facts: AlertFacts): AlertEvent[] {
  const { delegate, name, rank, seats, wasInside, lineSinceMs, height } = facts
  const inside = isInside(facts)
  if (wasInside === undefined || wasInside === inside) return []
  const place =
    rank === undefined ? 'It can no longer be elected.' : `Rank ${rank}, and the next term has ${seats} seats.`
  return [
    {
      key: `${delegate} line ${inside ? 'up' : 'down'} ${lineSinceMs}`,
      kind: 'cutLine',
      title: inside ? `${name} rose above the cut-line` : `${name} fell below the cut-line`,
      detail: `${place} This is the standing at block ${height}; the election takes the one at the term’s end.`,
    },
  ]
}

/** Wall-clock time without progress after which finality counts as stalled: three rounds, and never less than a minute. */
export const finalityPatienceMs = (roundMs: number): number => Math.max(3 * roundMs, 60_000)

export function findFinalityAlert(facts: {
  finalizedHeight: bigint
  height: bigint
  sinceMs: number
  nowMs: number
  roundMs: number
}): AlertEvent[] {
  const { finalizedHeight, height, sinceMs, nowMs, roundMs } = facts
  if (nowMs - sinceMs < finalityPatienceMs(roundMs)) return []
  return [
    {
      key: `finality ${finalizedHeight}`,
      kind: 'finality',
      title: 'Finality stands still',
      detail: `No block after ${finalizedHeight} has become irreversible since ${iso(sinceMs)}. The head is block ${height}.`,
    },
  ]
}

const UPGRADE_KINDS: Readonly<Record<UpgradeNewsKind, AlertKind>> = {
  submitted: 'proposal',
  approved: 'proposal',
  rejected: 'proposal',
  withdrawn: 'proposal',
  expired: 'proposal',
  lockedIn: 'lockedIn',
  replaced: 'lockedIn',
  reset: 'support',
  resumed: 'support',
  activated: 'activated',
  calledOff: 'activated',
}

/** Steps of proposals and collections since the wish was made and that the wish names. */
export const findUpgradeAlerts = (
  news: readonly UpgradeNews[],
  wish: Pick<AlertWish, 'kinds' | 'fromHeight'>,
): AlertEvent[] =>
  news
    .filter(({ height }) => height > wish.fromHeight)
    .map(({ key, kind, title, detail }) => ({ key, kind: UPGRADE_KINDS[kind], title, detail }))
    .filter(({ kind }) => wish.kinds.includes(kind))
