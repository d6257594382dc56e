import { expect, test } from 'vitest'
import type { Bytes, Logger, Verdict } from '#primitives'
import { MAX_VALIDATION_BYTES, MAX_VALIDATIONS, VALIDATION_MS } from './limits.ts'
import { createTestClock, type TestClock } from './testing/harness.ts'
import { Verdicts } from './verdicts.ts'

const nothing = (): void => undefined
const logger: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing }
const message: Bytes = Uint8Array.of(1)

function open(): { verdicts: Verdicts; clock: TestClock; drops: string[] } {
  const clock = createTestClock()
  const drops: string[] = []
  return { verdicts: new Verdicts(clock, logger, (reason) => drops.push(reason)), clock, drops }
}

test('behavior: what comes before anybody listens waits for the first who does [P2P-GOSSIP-2]', async () => {
  const { verdicts } = open()
  const early = verdicts.ask('a', message)
  verdicts.listen(() => Promise.resolve('accept'))
  expect(await early).toBe('accept')
})

test.each<[(Verdict | undefined | 'throws')[], Verdict]>([
  [['accept', 'ignore', undefined], 'accept'],
  [['accept', 'reject'], 'reject'],
  [[undefined, 'ignore'], 'ignore'],
  [['throws', 'accept'], 'ignore'],
])('default: %j together are %s [P2P-GOSSIP-2]', async (said, together) => {
  const { verdicts } = open()
  for (const one of said) {
    verdicts.listen(() => {
      if (one === 'throws') throw new Error('broken')
      return one === undefined ? undefined : Promise.resolve(one)
    })
  }
  expect(await verdicts.ask('a', message)).toBe(together)
})

test('behavior: messages under judgement are bounded, also when nobody waits for them any more [P2P-GOSSIP-2]', async () => {
  const { verdicts, clock, drops } = open()
  let release = nothing
  const gate = new Promise<Verdict>((resolve) => {
    release = () => resolve('accept')
  })
  verdicts.listen(() => gate)
  const waiting = Array.from({ length: MAX_VALIDATIONS }, () => verdicts.ask('a', message))
  expect(await verdicts.ask('a', message)).toBe('ignore')
  clock.advance(VALIDATION_MS)
  expect(new Set(await Promise.all(waiting))).toEqual(new Set(['ignore']))
  expect(await verdicts.ask('a', message)).toBe('ignore')
  expect(drops.filter((reason) => reason === 'busy')).toHaveLength(2)
  release()
  await gate
  await new Promise((resolve) => setTimeout(resolve, 0))
  expect(await verdicts.ask('a', message)).toBe('accept')
  expect(await verdicts.ask('a', new Uint8Array(MAX_VALIDATION_BYTES + 1))).toBe('ignore')
})
