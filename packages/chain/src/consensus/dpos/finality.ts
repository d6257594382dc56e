import { type Address, assert } from '#primitives'
import type { Finality } from '../types.ts'
import { thresholdOf, VOTE_WINDOW_ROUNDS } from './params.ts'

/** What a header says that votes follow from. */
export interface VoteHeader {
  readonly producer: Address
  readonly height: bigint
  readonly prevotedHeight: bigint
  readonly generatedHeight: bigint
}

/** The producers whose votes count for heights of one term. */
export interface VoterSet {
  readonly term: number
  readonly producers: readonly Address[]
  readonly threshold: number
}

/** One block inside the window, with the votes it has collected on this chain. */
export interface VoteEntry {
  readonly height: bigint
  readonly producer: Address
  readonly generatedHeight: bigint
  readonly term: number
  readonly prevotes: number
  readonly precommits: number
}

/** A producer's newest header on this chain, and the highest height it precommitted. */
export interface Voter extends VoteHeader {
  readonly precommitted: bigint
}

/** Votes implied by a chain's headers. `window` ascends by one height per entry and ends at the head. */
export interface Votes extends Finality {
  readonly window: readonly VoteEntry[]
  readonly voters: ReadonlyMap<Address, Voter>
  readonly sets: readonly VoterSet[]
}

export function voterSet(term: number, producers: readonly Address[]): VoterSet {
  return { term, producers, threshold: thresholdOf(producers.length) }
}

/** No votes yet; `height` counts as irreversible. */
export function emptyVotes(height: bigint, set: VoterSet): Votes {
  return { prevoted: height, finalized: height, window: [], voters: new Map(), sets: [set] }
}

/**
 * True when no producer that keeps the rules signs both: whatever the order in which they were made, the later one breaks
 * disjointness (it hides a height generated before) or the fork choice (it goes back to a worse chain). Symmetric.
 */
export function votesContradict(a: VoteHeader, b: VoteHeader): boolean {
  if (a.producer !== b.producer) return false
  const [earlier, later] = comesBefore(a, b) ? [a, b] : [b, a]
  if (earlier.height > later.generatedHeight) return true
  if (earlier.prevotedHeight > later.prevotedHeight) return true
  return earlier.prevotedHeight === later.prevotedHeight && earlier.height >= later.height
}

function comesBefore(a: VoteHeader, b: VoteHeader): boolean {
  if (a.generatedHeight !== b.generatedHeight) return a.generatedHeight < b.generatedHeight
  if (a.prevotedHeight !== b.prevotedHeight) return a.prevotedHeight < b.prevotedHeight
  return a.height <= b.height
}

/** True when the header contradicts the newest one of its producer on this chain. */
export function contradictsChain(votes: Votes, header: VoteHeader): boolean {
  const newest = votes.voters.get(header.producer)
  return newest !== undefined && votesContradict(newest, header)
}

/**
 * Height down to which the producer of the newest entry has voted for this very chain, exclusive: follows its own blocks
 * backwards as long as each names the one before it.
 */
function notPrevotedHeight(window: readonly VoteEntry[], newest: VoteEntry): bigint {
  const lowest = (window[0] as VoteEntry).height
  let current = newest
  while (current.generatedHeight >= lowest) {
    const before = window[Number(current.generatedHeight - lowest)]
    if (before === undefined || before.producer !== newest.producer || before.generatedHeight >= before.height) {
      return current.generatedHeight
    }
    current = before
  }
  return lowest - 1n
}

function thresholdIn(sets: readonly VoterSet[], term: number): number {
  const set = sets.find((one) => one.term === term)
  assert(set !== undefined, 'every term of the window has its voters')
  return set.threshold
}

function castVotes(
  window: VoteEntry[],
  voter: Voter | undefined,
  newest: VoteEntry,
  sets: readonly VoterSet[],
): bigint {
  let precommitted = voter?.precommitted ?? 0n
  if (newest.generatedHeight >= newest.height) return precommitted
  const terms = sets.filter((set) => set.producers.includes(newest.producer)).map((set) => set.term)
  const unvoted = notPrevotedHeight(window, newest)
  const commitAbove = unvoted > precommitted ? unvoted : precommitted
  const top = window.length - 1
  for (let at = top; at >= 0; at--) {
    const entry = window[at] as VoteEntry
    const commits = entry.height > commitAbove
    const prevotes = entry.height > newest.generatedHeight
    if (!commits && !prevotes) break
    if (!terms.includes(entry.term)) continue
    const reached = commits && entry.prevotes >= thresholdIn(sets, entry.term)
    if (!reached && !prevotes) continue
    const { height, producer, generatedHeight, term } = entry
    window[at] = {
      height,
      producer,
      generatedHeight,
      term,
      prevotes: entry.prevotes + (prevotes ? 1 : 0),
      precommits: entry.precommits + (reached ? 1 : 0),
    }
    if (reached && entry.height > precommitted) precommitted = entry.height
  }
  return precommitted
}

function highest(window: readonly VoteEntry[], least: bigint, reached: (entry: VoteEntry) => boolean): bigint {
  for (let at = window.length - 1; at >= 0; at--) {
    const entry = window[at] as VoteEntry
    if (entry.height <= least) break
    if (reached(entry)) return entry.height
  }
  return least
}

/** Keeps what the window still refers to. */
function pruned(votes: Votes): Votes {
  const lowest = votes.window[0]
  const live = new Set(votes.window.map((entry) => entry.term))
  const current = votes.sets.at(-1) as VoterSet
  const sets = votes.sets.filter((set) => live.has(set.term) || set === current)
  const voters = new Map(
    [...votes.voters].filter(([address, voter]) => {
      return current.producers.includes(address) || (lowest !== undefined && voter.height >= lowest.height)
    }),
  )
  return { ...votes, sets, voters }
}

/** The newest entries above the irreversible height, at most so many. */
function keptOf({ window, finalized }: Votes, most: number): readonly VoteEntry[] {
  const lowest = window[0]
  if (lowest === undefined) return window
  const decided = lowest.height > finalized ? 0 : Number(finalized - lowest.height) + 1
  const surplus = window.length - most
  return window.slice(decided > surplus ? decided : surplus)
}

/** Votes after one more header, made in the term of `set`. The header must not contradict the chain. */
export function applyVotes(votes: Votes, header: VoteHeader, set: VoterSet): Votes {
  const changed = votes.sets.at(-1)?.term !== set.term
  const sets = changed ? [...votes.sets, set] : votes.sets
  const newest: VoteEntry = {
    height: header.height,
    producer: header.producer,
    generatedHeight: header.generatedHeight,
    term: set.term,
    prevotes: 0,
    precommits: 0,
  }
  const span = VOTE_WINDOW_ROUNDS * (set.producers.length + 1)
  const window = [...keptOf(votes, span - 1), newest]
  const precommitted = castVotes(window, votes.voters.get(header.producer), newest, sets)
  const { producer, height, prevotedHeight, generatedHeight } = header
  const voters = new Map(votes.voters).set(producer, {
    producer,
    height,
    prevotedHeight,
    generatedHeight,
    precommitted,
  })
  const next: Votes = {
    prevoted: highest(window, votes.prevoted, (entry) => entry.prevotes >= thresholdIn(sets, entry.term)),
    finalized: highest(window, votes.finalized, (entry) => entry.precommits >= thresholdIn(sets, entry.term)),
    window,
    voters,
    sets,
  }
  return changed || sets.length > 1 ? pruned(next) : next
}
