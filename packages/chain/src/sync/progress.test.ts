import { describe, expect, test } from 'vitest'
import { type Clock, ZERO_HASH } from '#primitives'
import { Sync } from './sync.ts'
import type { SyncPorts, SyncQuestion } from './types.ts'

const quiet = (): void => undefined
const still: Clock = { now: () => 0, after: () => quiet }

/** A node whose head is as high and as old as said, and what it asks. */
function standing(at: { height: bigint; slot: bigint; now: bigint }): { sync: Sync<null>; asked: string[] } {
  const asked: string[] = []
  const head = { header: { height: at.height, slot: at.slot, hash: ZERO_HASH } }
  const ports = {
    clock: still,
    logger: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    ledger: {
      head: () => head,
      headState: () => null,
      finalized: () => head,
      node: () => undefined,
      hashAt: async () => ZERO_HASH,
    },
    nowSlot: () => at.now,
    judge: quiet,
    ask: (peer: string, _question: SyncQuestion) => asked.push(peer),
    caughtUp: quiet,
  } as unknown as SyncPorts<null>
  return { sync: new Sync({ gap: 64n }, ports), asked }
}

describe('what a node says of its way', () => {
  const late = { height: 3n, slot: 3n, now: 1_000n }

  test('default: with an old head and nobody ahead it waits', () => {
    const { sync } = standing(late)
    expect(sync.progress()).toEqual({ state: 'waiting', height: 3n, targetHeight: 3n })
    sync.heard('newcomer', 0n)
    sync.heard('other', 3n)
    expect(sync.progress().state).toBe('waiting')
  })

  test('behavior: whoever asks the only peer that is ahead is on its way, also among newcomers', async () => {
    const { sync, asked } = standing(late)
    for (const newcomer of ['a', 'b', 'c']) sync.heard(newcomer, 0n)
    sync.heard('ahead', 900n)
    await expect.poll(() => asked).toEqual(['ahead'])
    expect(sync.progress()).toEqual({ state: 'syncing', height: 3n, targetHeight: 900n })
    // Headers prove nothing yet: a starting delegate must not be kept from its slots by a word.
    expect(sync.isFollowing()).toBe(false)
    sync.left('ahead')
    expect(sync.progress()).toEqual({ state: 'waiting', height: 3n, targetHeight: 3n })
  })

  test('behavior: the last blocks, which come one by one, are part of the way', () => {
    const { sync } = standing(late)
    sync.heard('ahead', 40n)
    expect(sync.progress()).toEqual({ state: 'syncing', height: 3n, targetHeight: 40n })
  })

  test('behavior: with a new head no single word counts', () => {
    const { sync, asked } = standing({ height: 90n, slot: 99n, now: 100n })
    sync.heard('a', 90n)
    sync.heard('b', 90n)
    sync.heard('liar', 10_000n)
    expect(sync.progress()).toEqual({ state: 'synced', height: 90n, targetHeight: 90n })
    expect(asked).toEqual([])
  })
})
