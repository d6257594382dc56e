import fc from 'fast-check'
import { expect, test } from 'vitest'
import { proposalOutlook, proposalStatusAt, quorumOf, verdictNumber, verdictOf, verdicts } from './proposal.ts'

test('property: a quorum is more than two thirds, and exactly one of approval and rejection can come', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 101 }), fc.nat(101), fc.nat(101), (electorate, a, b) => {
      const quorum = quorumOf(electorate)
      expect(3 * quorum > 2 * electorate && 3 * (quorum - 1) <= 2 * electorate).toBe(true)
      const adopted = a % (electorate + 1)
      const declined = b % (electorate - adopted + 1)
      const { neededToAdopt, neededToDecline, undecided } = proposalOutlook({ electorate, quorum, adopted, declined })
      expect(neededToAdopt === 0 && neededToDecline === 0).toBe(false)
      // While nothing is decided both are in reach of those who have not chosen, or of those who change their choice.
      expect(adopted + declined + undecided).toBe(electorate)
      expect(neededToDecline === 0).toBe(electorate - declined < quorum)
    }),
  )
})

test('behavior: an open proposal is expired from its end on', () => {
  expect(proposalStatusAt('open', 100, 99)).toBe('open')
  expect(proposalStatusAt('open', 100, 100)).toBe('expired')
  expect(proposalStatusAt('approved', 100, 100)).toBe('approved')
})

test('behavior: verdicts have the numbers of the chain', () => {
  expect(verdicts.map(verdictNumber)).toEqual([1, 2, 3])
  for (const verdict of verdicts) expect(verdictOf(verdictNumber(verdict))).toBe(verdict)
  expect(verdictOf(4)).toBeUndefined()
})
