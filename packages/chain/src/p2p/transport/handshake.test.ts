import type { Stream } from '@libp2p/interface'
import { expect, test } from 'vitest'
import { introduce } from './handshake.ts'
import { HANDSHAKE_MS } from './limits.ts'
import { createTestClock, GENESIS } from './testing/harness.ts'

test('error: a stream that cannot be written to fails once, and nothing is left to fail later [P2P-HELLO-2]', async () => {
  const clock = createTestClock()
  const unhandled: unknown[] = []
  const note = (reason: unknown): void => void unhandled.push(reason)
  process.on('unhandledRejection', note)
  const stream = Object.assign(new EventTarget(), {
    send: () => {
      throw new Error('closed')
    },
  }) as unknown as Stream
  const own = { version: 1, genesis: GENESIS, height: 1n, agent: '', addresses: [] }
  await expect(introduce(stream, own, clock)).rejects.toThrow('closed')
  clock.advance(HANDSHAKE_MS)
  await new Promise((resolve) => setTimeout(resolve, 0))
  process.off('unhandledRejection', note)
  expect(unhandled).toEqual([])
})
