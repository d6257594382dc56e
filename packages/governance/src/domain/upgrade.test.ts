import { describe, expect, test } from 'vitest'
import { nodeConcern, projectActivation, stripOf, upgradeStage, usualGapMs } from './index.ts'

const hash = (letter: string): `0x${string}` => `0x${letter.repeat(64)}`
const producer = `0x${'11'.repeat(20)}` as const

describe('strip', () => {
  const blocks = (text: string) =>
    [...text].map((letter, index) => ({
      height: BigInt(index + 1),
      producer,
      ...(letter === '.' ? {} : { signal: hash(letter) }),
    }))

  test('default: each block has the support of its own window', () => {
    const { blocks: shown } = stripOf(blocks('aab.aaaa'), 4, hash('a'))
    expect(shown.map(({ support }) => support)).toEqual([2, 2, 3, 4])
    expect(shown.map(({ height }) => height)).toEqual([5n, 6n, 7n, 8n])
  })

  test('args: fewer blocks than the window, and nothing to show', () => {
    expect(stripOf(blocks('a.a'), 10, hash('a')).blocks.map(({ support }) => support)).toEqual([1, 1, 2])
    expect(stripOf(blocks('a.a'), 10, undefined)).toMatchObject({ blocks: [{ support: 0 }, { support: 0 }, {}] })
    expect(stripOf([], 10, undefined)).toEqual({ blocks: [] })
  })
})

describe('projection', () => {
  test('default: the first block after the last one that confirms', () => {
    const at = { height: 1_000n, timeMs: 0, gapMs: 4_000 }
    expect(projectActivation(at, { confirmed: 1_999, confirm: 2_000 })).toEqual({
      blocksLeft: 1,
      height: 1_002n,
      timeMs: 8_000,
    })
    expect(projectActivation(at, { confirmed: 0, confirm: 2_000 })).toMatchObject({ height: 3_001n, blocksLeft: 2_000 })
  })

  test('behavior: a pause of the whole network does not change the pace', () => {
    const steady = Array.from({ length: 50 }, (_, index) => index * 4_000)
    const paused = [...steady, ...steady.map((time) => time + 700_000_000)]
    expect(usualGapMs(paused)).toBe(4_000)
    expect(usualGapMs([5])).toBeUndefined()
  })
})

test('default: how far a collection is', () => {
  const none = { isCurrent: false, isCandidate: false, blocks: 0, hasHistory: false, isProposed: false }
  expect(upgradeStage(none)).toBeUndefined()
  expect(upgradeStage({ ...none, isProposed: true })).toBe('proposed')
  expect(upgradeStage({ ...none, isProposed: true, hasHistory: true })).toBe('past')
  expect(upgradeStage({ ...none, hasHistory: true, blocks: 1 })).toBe('signalled')
  expect(upgradeStage({ ...none, blocks: 80, isCandidate: true })).toBe('lockedIn')
  expect(upgradeStage({ ...none, isCurrent: true, hasHistory: true })).toBe('inForce')
})

describe('nodes and the collection', () => {
  const chain = { current: hash('a'), since: 100n, candidate: hash('b') }
  const node = (running: string, installed: readonly string[] = [], height = 200n) => ({
    height,
    collection: { running: hash(running), installed: installed.map(hash) },
  })

  test('default: one that runs what the chain runs and has what comes next is fine', () => {
    expect(nodeConcern(node('a', ['a', 'b']), chain)).toBeUndefined()
    expect(nodeConcern(node('a', ['a']), { ...chain, candidate: undefined })).toBeUndefined()
    // The index may be a block behind.
    expect(nodeConcern(node('b', ['b']), chain)).toBeUndefined()
  })

  test('error: another collection, or no bundle for the next one', () => {
    expect(nodeConcern(node('c', ['b']), chain)).toMatchObject({
      level: 'bad',
      detail: expect.stringContaining('another'),
    })
    expect(nodeConcern(node('a', ['a']), chain)).toMatchObject({
      level: 'bad',
      detail: expect.stringContaining('lacks'),
    })
    expect(nodeConcern(node('c', ['b'], 98n), chain)).toMatchObject({ level: 'warn' })
    expect(nodeConcern(node('c', ['b'], 99n), chain)).toMatchObject({ level: 'bad' })
  })

  test('behavior: a node that does not say is not judged', () => {
    expect(nodeConcern({ height: 5n }, chain)).toBeUndefined()
  })
})
