import {
  applyVotes,
  compareHeads,
  contradictsChain,
  emptyVotes,
  type VoteHeader,
  type VoterSet,
  type Votes,
} from '#consensus/dpos'
import type { Hash } from '#primitives'

/** What a header of the model says, and where it stands in time. */
export interface Header extends VoteHeader {
  readonly slot: bigint
  readonly hash: Hash
}

/** The newest header of a chain and what the rule made of all its headers. */
export interface Tip<S> {
  readonly header: Header
  readonly state: S
}

/** When a block counts as irreversible, and which of two chains is better. */
export interface Rule<S> {
  readonly name: RuleName
  /** Headers carry votes: what a producer may sign next depends on what it signed before. */
  readonly votes: boolean
  start(set: VoterSet): S
  prevoted(state: S): bigint
  final(state: S): bigint
  /** False when every node refuses the header as child of `state`. */
  accepts(state: S, header: VoteHeader): boolean
  after(state: S, header: VoteHeader, place: { readonly set: VoterSet; readonly round: number }): S
  isBetter(a: Tip<S>, b: Tip<S>): boolean
}

/** `twoPhase` is the product's. The others are known to be unsafe: a harness that finds nothing wrong with them finds nothing. */
export type RuleName = 'twoPhase' | 'impliedHeight' | 'lowThreshold' | 'longestChain'

type Compared = Parameters<typeof compareHeads>[0]
/** The comparison reads the header's height, slot and hash and the highest prevoted height, nothing else. */
const asHead = ({ header, state: votes }: Tip<Votes>): Compared => ({ header, state: { votes } }) as unknown as Compared

/** The product's own code, through its door. */
const twoPhase: Rule<Votes> = {
  name: 'twoPhase',
  votes: true,
  start: (set) => emptyVotes(0n, set),
  prevoted: (state) => state.prevoted,
  final: (state) => state.finalized,
  accepts: (state, header) => !contradictsChain(state, header),
  after: (state, header, { set }) => applyVotes(state, header, set),
  isBetter: (a, b) => compareHeads(asHead(a), asHead(b)) < 0,
}

const lower = (set: VoterSet): VoterSet => ({ ...set, threshold: set.threshold - 1 })

/** One vote less than more than two thirds. */
const lowThreshold: Rule<Votes> = {
  ...twoPhase,
  name: 'lowThreshold',
  start: (set) => emptyVotes(0n, lower(set)),
  after: (state, header, { set }) => applyVotes(state, header, lower(set)),
}

/** The same votes, but nodes follow the longest chain. */
const longestChain: Rule<Votes> = {
  ...twoPhase,
  name: 'longestChain',
  isBetter: (a, b) => a.header.height > b.header.height,
}

/** Per producer the height of its block in the running round and in the one before. */
interface Implied {
  readonly round: number
  readonly current: ReadonlyMap<string, bigint>
  readonly previous: ReadonlyMap<string, bigint>
  readonly irreversible: bigint
}

/**
 * The rule of the first implementation of this kind of chain: of the producers that made a block in the running round, take the
 * heights of their blocks of the round before; when there are more than two thirds, the one a third from below is irreversible.
 */
const impliedHeight: Rule<Implied> = {
  name: 'impliedHeight',
  votes: false,
  start: () => ({ round: 0, current: new Map(), previous: new Map(), irreversible: 0n }),
  prevoted: () => 0n,
  final: (state) => state.irreversible,
  accepts: () => true,
  after(before, { producer, height }, { set, round }) {
    const same = before.round === round
    const previous = same ? before.previous : before.round === round - 1 ? before.current : new Map<string, bigint>()
    const current = new Map(same ? before.current : []).set(producer, height)
    const heights = [...current.keys()].flatMap((one) => previous.get(one) ?? []).sort((a, b) => Number(a - b))
    const found = heights.length < set.threshold ? 0n : (heights[Math.floor((heights.length - 1) / 3)] ?? 0n)
    return { round, current, previous, irreversible: found > before.irreversible ? found : before.irreversible }
  },
  isBetter: (a, b) => a.header.height > b.header.height,
}

const all: { readonly [name in RuleName]: Rule<never> } = {
  twoPhase,
  impliedHeight,
  lowThreshold,
  longestChain,
} as never

export const RULES: readonly RuleName[] = Object.keys(all) as RuleName[]
/** The state of a rule is its own business. */
export const ruleOf = (name: RuleName): Rule<unknown> => all[name] as Rule<unknown>
