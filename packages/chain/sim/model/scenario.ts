import { createPrng, type Prng } from '#primitives'

/** What a faulty producer does in its slots. */
export type Act =
  /** Two machines with one key, both with honest code. */
  | 'twin'
  /** Several blocks for one slot, each for other nodes. */
  | 'equivocate'
  /** Blocks kept back, and let out later, children before or without their parents. */
  | 'withhold'
  /** Forgets what it signed. */
  | 'amnesia'
  /** Says what it likes about what it made before, and builds on old blocks. */
  | 'lie'

/** Everything that is decided about one run before it starts. */
export interface Scenario {
  readonly seed: bigint
  /** Fewer than a third faulty: nothing may conflict. Otherwise only that the faulty are named. */
  readonly beyond: boolean
  readonly producers: number
  readonly acts: readonly Act[]
  readonly rounds: number
  /** Faulty producers know each other's blocks and are on no side of a split. */
  readonly collude: boolean
  /** Honest nodes pass on what they hear. */
  readonly relay: boolean
  /** Slots a message may take. */
  readonly delay: number
  /** Messages lost, in a hundred. */
  readonly loss: number
  /** Slots in which a producer stays silent, in a hundred. */
  readonly silence: number
  /** Most rounds between two changes of who hears whom; 0: everybody hears everybody. */
  readonly splits: number
  /** From this round on a block elects another list, in which so many honest producers are new; 0: never. */
  readonly electionRound: number
  readonly replaced: number
  /** Rounds in which some producers have no slots. */
  readonly exclusions: readonly { readonly producer: number; readonly from: number; readonly to: number }[]
}

const KINDS: readonly Act[] = ['twin', 'equivocate', 'withhold', 'amnesia', 'lie']
const SIZES = [4, 4, 4, 4, 4, 4, 4, 5, 5, 5, 5, 7, 7, 7, 7, 7, 9, 9, 9, 17] as const
/** One run in so many has too many faulty producers. */
const BEYOND_EVERY = 8

/** Most faulty producers that must do no harm. */
export const tolerated = (producers: number): number => Math.ceil(producers / 3) - 1
const quorum = (producers: number): number => Math.floor((2 * producers) / 3) + 1

const roundsOf = (prng: Prng, producers: number): number =>
  producers > 9 ? 5 + prng.int(4) : producers > 5 ? 7 + prng.int(7) : 10 + prng.int(13)

function exclusionsOf(prng: Prng, producers: number, rounds: number): Scenario['exclusions'] {
  if (!prng.bool([1, 4])) return []
  const out = prng.shuffle(Array.from({ length: producers }, (_, index) => index))
  return out.slice(0, 1 + prng.int(producers - quorum(producers))).map((producer) => {
    const from = 2 + prng.int(rounds)
    return { producer, from, to: from + 1 + prng.int(6) }
  })
}

/** Keys that run twice while the network splits often: what has broken more rules than anything else. */
function twins(prng: Prng, seed: bigint): Scenario {
  const producers = prng.pick([4, 4, 4, 4, 4, 5, 7, 7])
  return {
    seed,
    beyond: false,
    producers,
    acts: Array.from({ length: tolerated(producers) }, (): Act => 'twin'),
    rounds: producers > 5 ? 10 + prng.int(6) : 16 + prng.int(8),
    collude: false,
    relay: prng.bool(),
    delay: prng.pick([0, 0, 1]),
    loss: prng.pick([0, 0, 6]),
    silence: prng.pick([0, 5]),
    splits: 1 + prng.int(3),
    electionRound: 0,
    replaced: 0,
    exclusions: [],
  }
}

/** Expands a seed. */
export function drawScenario(seed: bigint): Scenario {
  const prng = createPrng(seed)
  return prng.bool([1, 3]) ? twins(prng, seed) : mixed(prng, seed)
}

/** Anything with anything. */
function mixed(prng: Prng, seed: bigint): Scenario {
  const beyond = prng.int(BEYOND_EVERY) === 0
  const producers = prng.pick(SIZES)
  const most = tolerated(producers)
  const faulty = beyond ? most + 1 + prng.int(2) : prng.int(8) === 0 ? prng.int(most) : most
  const one = prng.bool() ? (beyond ? 'twin' : prng.pick(KINDS)) : undefined
  const rounds = roundsOf(prng, producers)
  // Who is replaced counts like the faulty while two lists are in use.
  const replaced = !beyond && prng.bool([1, 3]) ? 1 + prng.int(most) : 0
  const bad = replaced === 0 ? faulty : Math.min(faulty, most - replaced)
  return {
    seed,
    beyond,
    producers,
    acts: Array.from({ length: bad }, () => one ?? prng.pick(KINDS)),
    rounds,
    collude: prng.bool(),
    relay: prng.bool(),
    delay: prng.pick([0, 0, 1, 2, producers]),
    loss: prng.pick([0, 0, 6, 20]),
    silence: prng.pick([0, 5, 15]),
    splits: prng.int(4) === 0 ? 0 : 1 + prng.int(6),
    electionRound: replaced > 0 || (!beyond && prng.int(8) === 0) ? 3 + prng.int(Math.max(rounds - 5, 1)) : 0,
    replaced,
    exclusions: exclusionsOf(prng, producers, rounds),
  }
}
