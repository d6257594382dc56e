import { describe, expect, test } from 'vitest'
import {
  type CollectionEventKind,
  type CollectionEventView,
  livesOf,
  newsPath,
  proposalNews,
  reviseLife,
  stepNews,
} from './index.ts'

const hash = (letter: string): `0x${string}` => `0x${letter.repeat(64)}`
const rule = { window: 100, lockIn: 80, confirm: 2_000 }
const step = (
  kind: CollectionEventKind,
  height: bigint,
  rest: Partial<CollectionEventView> = {},
): CollectionEventView => ({ kind, height, timeMs: 0, hash: hash('a'), confirmed: 0, signals: 80, rule, ...rest })

const revise = (steps: readonly CollectionEventView[], settled: bigint) => {
  const [life] = livesOf(steps)
  return life === undefined ? undefined : reviseLife(life, settled)
}

describe('calendar of a collection', () => {
  test('default: the date is reckoned anew at each tenth of the count, with a higher number', () => {
    const steps = [step('lockedIn', 1_000n)]
    expect(revise(steps, 1_000n)).toEqual({ sequence: 0, status: 'TENTATIVE', anchor: 1_000n, blocksAfter: 2_001 })
    expect(revise(steps, 1_199n)).toEqual(revise(steps, 1_000n))
    expect(revise(steps, 1_200n)).toEqual({ sequence: 1, status: 'TENTATIVE', anchor: 1_200n, blocksAfter: 1_801 })
    // Whatever the part, the block it names stays the same one.
    for (const settled of [1_001n, 1_555n, 2_999n]) {
      const found = revise(steps, settled)
      expect((found?.anchor ?? 0n) + BigInt(found?.blocksAfter ?? 0)).toBe(3_001n)
    }
  })

  test('behavior: a reset takes the date away, and support that is back gives another', () => {
    const reset = [step('lockedIn', 1_000n), step('reset', 1_500n, { confirmed: 499 })]
    expect(revise(reset, 1_600n)).toMatchObject({ sequence: 16, status: 'CANCELLED' })
    const back = [...reset, step('resumed', 1_700n, { confirmed: 1 })]
    expect(revise(back, 1_700n)).toEqual({ sequence: 32, status: 'TENTATIVE', anchor: 1_700n, blocksAfter: 2_000 })
    expect(revise(back, 1_899n)).toEqual({ sequence: 33, status: 'TENTATIVE', anchor: 1_899n, blocksAfter: 1_801 })
  })

  test('behavior: numbers only ever rise, and the end is exact', () => {
    const steps = [step('lockedIn', 1_000n), step('activated', 3_000n, { confirmed: 2_000, since: 3_001n })]
    expect(revise(steps, 3_000n)).toEqual({ sequence: 16, status: 'CONFIRMED', anchor: 3_000n, blocksAfter: 1 })
    expect(revise(steps, 3_001n)).toEqual({ sequence: 17, status: 'CONFIRMED', anchor: 3_001n, blocksAfter: 0 })
    expect(revise([...steps, step('calledOff', 3_001n)], 3_001n)).toMatchObject({ sequence: 32, status: 'CANCELLED' })
    expect(revise([step('lockedIn', 1n), step('replaced', 9n, { other: hash('b') })], 9n)).toMatchObject({
      sequence: 16,
      status: 'CANCELLED',
    })
  })

  test('args: a second lock-in is another entry', () => {
    const other = { hash: hash('b') }
    const lives = livesOf([
      step('began', 0n),
      step('lockedIn', 1n),
      step('replaced', 2n),
      step('lockedIn', 2n, other),
      step('replaced', 3n, other),
      step('lockedIn', 3n),
    ])
    expect(lives.map((life) => [life.hash, life.steps.length])).toEqual([
      [hash('a'), 2],
      [hash('b'), 2],
      [hash('a'), 1],
    ])
  })
})

describe('news', () => {
  test('default: each step has words of its own, and genesis is no news', () => {
    const kinds = ['lockedIn', 'replaced', 'reset', 'resumed', 'activated', 'calledOff'] as const
    const news = kinds.map((kind) => stepNews(step(kind, 5n), 'Faster <rounds>'))
    expect(new Set(news.map((one) => one?.title)).size).toBe(kinds.length)
    expect(news.every((one) => one?.title.includes('“Faster <rounds>”'))).toBe(true)
    for (const one of news) expect(newsPath(one?.key ?? '')).toBe(one?.path)
    expect(stepNews(step('began', 0n), undefined)).toBeUndefined()
    expect(stepNews(step('lockedIn', 5n), undefined)).toMatchObject({
      key: `upgrade-lockedIn-${hash('a')}-5`,
      path: `/upgrades/${hash('a')}`,
    })
  })

  test('behavior: the end of a proposal has one key, whoever said it', () => {
    const facts = {
      proposalId: hash('c'),
      title: 'T',
      adopted: 3,
      declined: 0,
      electorate: 17,
      quorum: 12,
      endsAtMs: 9,
    }
    const at = (height: bigint) => proposalNews({ ...facts, kind: 'expired', timeMs: 9, height })
    expect(at(5n).key).toBe(at(7n).key)
    expect(newsPath(at(5n).key)).toBe(`/proposals/${hash('c')}`)
    expect(newsPath('finality 12')).toBeUndefined()
    expect(at(5n).detail).toBe('3 of the 12 needed had adopted it when its time was over.')
  })
})
