import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asAddress } from '#primitives'
import { applyVotes, emptyVotes, type VoteHeader, type Votes, voterSet, votesContradict } from './finality.ts'
import { VOTE_WINDOW_ROUNDS } from './params.ts'
import { playSeed, type Rule } from './testing/network.ts'

function play(producers: number, faulty: number, rule: Rule, seeds: readonly number[]) {
  let conflicts = 0
  let finalized = 0
  let forks = 0
  for (const seed of seeds) {
    const result = playSeed(BigInt(seed), { producers, faulty, rounds: producers < 6 ? 20 : 16, rule })
    if (result.conflict) conflicts++
    finalized += result.finalized
    forks += result.forks
  }
  return { conflicts, meanFinalized: finalized / seeds.length, meanForks: forks / seeds.length }
}

const firstSeeds = (count: number): number[] => Array.from({ length: count }, (_, index) => index)
/** Found among the first 6,000: the implied-height rule makes two conflicting blocks irreversible. */
const IMPLIED_HEIGHT_SEEDS = [4986, 5592]

describe('irreversibility under partitions, lost messages and producers that run twice and lie', () => {
  it.each([
    [4, 1, 2500],
    [5, 1, 1200],
    [7, 2, 1200],
  ])(
    '%i producers, %i faulty: never two conflicting blocks, yet forks happen and heights become irreversible',
    (n, f, seeds) => {
      const result = play(n, f, 'twoPhase', firstSeeds(seeds))
      expect(result.conflicts).toBe(0)
      expect(result.meanForks).toBeGreaterThan(10)
      expect(result.meanFinalized).toBeGreaterThan(20)
    },
  )

  it('the same network catches a threshold that is one too low', () => {
    expect(play(4, 1, 'lowThreshold', firstSeeds(60)).conflicts).toBeGreaterThan(20)
    expect(play(7, 2, 'lowThreshold', firstSeeds(60)).conflicts).toBeGreaterThan(5)
  })

  it('the same network catches the implied-height rule, on seeds where two phases hold', () => {
    expect(play(4, 1, 'impliedHeight', IMPLIED_HEIGHT_SEEDS).conflicts).toBe(IMPLIED_HEIGHT_SEEDS.length)
    expect(play(4, 1, 'twoPhase', IMPLIED_HEIGHT_SEEDS).conflicts).toBe(0)
  })
})

const addresses = Array.from({ length: 7 }, (_, index) => asAddress(`0x${`${index + 1}`.padStart(40, '0')}`))

function chain(producers: readonly number[], prevotes = true): Votes {
  const set = voterSet(1, addresses)
  let votes = emptyVotes(0n, set)
  const newest = new Map<string, bigint>()
  producers.forEach((index, at) => {
    const producer = addresses[index] as VoteHeader['producer']
    const height = BigInt(at + 1)
    const generatedHeight = prevotes ? (newest.get(producer) ?? 0n) : height
    votes = applyVotes(votes, { producer, height, prevotedHeight: votes.prevoted, generatedHeight }, set)
    newest.set(producer, height)
  })
  return votes
}

describe('votes of one chain', () => {
  it('never fall, finalized never passes prevoted, the window stays bounded [DPOS-VOTE-5]', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(6), { minLength: 1, maxLength: 120 }), (producers) => {
        let before = { prevoted: 0n, finalized: 0n }
        for (let length = 1; length <= producers.length; length += 7) {
          const votes = chain(producers.slice(0, length))
          expect(votes.prevoted).toBeGreaterThanOrEqual(before.prevoted)
          expect(votes.finalized).toBeGreaterThanOrEqual(before.finalized)
          expect(votes.finalized).toBeLessThanOrEqual(votes.prevoted)
          expect(votes.window.length).toBeLessThanOrEqual(VOTE_WINDOW_ROUNDS * 8)
          before = votes
        }
      }),
      { numRuns: 100 },
    )
  })

  it('needs five different producers of seven: four finalise nothing, however long', () => {
    expect(chain(Array.from({ length: 200 }, (_, at) => at % 4))).toMatchObject({ prevoted: 0n, finalized: 0n })
    const five = chain(Array.from({ length: 200 }, (_, at) => at % 5))
    expect(five).toMatchObject({ prevoted: 196n, finalized: 191n })
  })

  it('a block below the highest one its producer generated votes for nothing', () => {
    expect(
      chain(
        Array.from({ length: 60 }, (_, at) => at % 7),
        false,
      ),
    ).toMatchObject({ prevoted: 0n, finalized: 0n })
  })
})

describe('contradiction [DPOS-VOTE-6]', () => {
  const header = (height: number, prevoted: number, generated: number): VoteHeader => ({
    producer: addresses[0] as VoteHeader['producer'],
    height: BigInt(height),
    prevotedHeight: BigInt(prevoted),
    generatedHeight: BigInt(generated),
  })

  it.each([
    ['hides a height made before', header(10, 5, 3), header(12, 6, 3), true],
    ['goes back to a chain with fewer prevotes', header(10, 5, 3), header(12, 4, 10), true],
    ['same prevotes, not longer', header(10, 5, 3), header(10, 5, 10), true],
    ['moves on', header(10, 5, 3), header(12, 5, 10), false],
    ['switches to a shorter chain with more prevotes', header(10, 5, 3), header(8, 6, 10), false],
  ])('%s', (_, a, b, expected) => {
    expect(votesContradict(a, b)).toBe(expected)
    expect(votesContradict(b, a)).toBe(expected)
  })

  it('is symmetric and never holds between producers', () => {
    const any = fc.record({ height: fc.nat(30), prevoted: fc.nat(30), generated: fc.nat(30) })
    fc.assert(
      fc.property(any, any, (a, b) => {
        const first = header(a.height, a.prevoted, a.generated)
        const second = header(b.height, b.prevoted, b.generated)
        expect(votesContradict(first, second)).toBe(votesContradict(second, first))
        expect(votesContradict(first, { ...second, producer: addresses[1] as VoteHeader['producer'] })).toBe(false)
      }),
    )
  })
})
