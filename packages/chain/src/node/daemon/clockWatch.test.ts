import { describe, expect, test } from 'vitest'
import { createLogger } from '../logger.ts'
import { type ClockedPeer, compareClocks, watchClock } from './clockWatch.ts'

const peer = (aheadMs: number, errorMs = 5, direction: 'in' | 'out' = 'out'): ClockedPeer => ({
  direction,
  clock: { aheadMs, errorMs },
})
const silent: ClockedPeer = { direction: 'out', clock: null }
const SLOT_MS = 4_000

describe('the clock among peers', () => {
  test('default: it is as far ahead as the middle one of the peers says, whatever the others say', () => {
    expect(compareClocks([], SLOT_MS)).toMatchObject({ offsetMs: null, peers: 0, isTrusted: true })
    expect(compareClocks([silent], SLOT_MS)).toMatchObject({ offsetMs: null, isTrusted: true })
    expect(compareClocks([peer(1e12), peer(10), peer(30)], SLOT_MS).offsetMs).toBe(30)
    expect(compareClocks([peer(-40), peer(10), silent], SLOT_MS)).toMatchObject({ offsetMs: -15, peers: 2 })
  })

  test('behavior: half of at least three peers end the trust; two cannot say whose clock is wrong', () => {
    const off = peer(2_500)
    expect(compareClocks([off, off], SLOT_MS).isTrusted).toBe(true)
    expect(compareClocks([off, off, peer(0)], SLOT_MS).isTrusted).toBe(false)
    expect(compareClocks([off, off, peer(0), peer(0)], SLOT_MS)).toMatchObject({ isTrusted: false, disagreeing: 2 })
    expect(compareClocks([off, peer(0), peer(0), peer(0)], SLOT_MS).isTrusted).toBe(true)
  })

  test('behavior: an answer that took long disagrees only beyond what that explains', () => {
    const slow = peer(2_500, 1_000)
    expect(compareClocks([slow, slow, slow], SLOT_MS)).toMatchObject({ disagreeing: 0, isTrusted: true })
    const surely = peer(3_500, 1_000)
    expect(compareClocks([surely, surely, surely], SLOT_MS).isTrusted).toBe(false)
  })

  test('behavior: liars that connected by themselves stop nobody whose own choice of peers agrees', () => {
    const liars = Array.from({ length: 40 }, () => peer(60_000, 5, 'in'))
    expect(compareClocks([...liars, peer(0), peer(3)], SLOT_MS).isTrusted).toBe(true)
    expect(compareClocks([...liars, peer(60_000)], SLOT_MS).isTrusted).toBe(false)
    expect(compareClocks(liars, SLOT_MS).isTrusted).toBe(false)
  })

  test('behavior: it warns before it refuses, and goes on when the clock is right again', () => {
    let ahead = 0
    const lines: string[] = []
    const logger = createLogger('info', { write: (line) => lines.push(line) })
    const watch = watchClock(() => [peer(ahead), peer(ahead), peer(ahead)], { slotMs: SLOT_MS, logger })
    expect(watch.warning()).toBeUndefined()
    ahead = 1_200
    expect(watch.mayProduce()).toBe(true)
    expect(watch.warning()?.message).toMatch(/1\.2 s ahead of the middle of 3 peers.*NTP/)
    ahead = -86_400_000
    expect(watch.mayProduce()).toBe(false)
    expect(watch.warning()).toMatchObject({ code: 'clock.offset', message: expect.stringContaining('behind') })
    ahead = 0
    expect(watch.mayProduce()).toBe(true)
    expect(lines).toHaveLength(2)
    expect(lines[0]).toContain('clock.offset')
  })
})
