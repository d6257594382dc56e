import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RunningDaemon, startNode } from '../index.ts'
import { createTestNetwork, quiet, type TestNetwork, until } from './testing/network.ts'

let world: TestNetwork
const running: RunningDaemon[] = []

beforeAll(async () => {
  world = await createTestNetwork(4, 500)
})
afterAll(async () => {
  for (const daemon of running) await daemon.stop()
  await world.remove()
})

async function start(name: string, delegate: number | undefined, peers: readonly string[]): Promise<RunningDaemon> {
  const config = await world.config(name, delegate, { peers })
  const daemon = await startNode(config, { logger: quiet, processFigures: false })
  running.push(daemon)
  return daemon
}

test('default: four daemons over sockets produce and finalise, one restarts, and a late one catches up', async () => {
  const a = await start('a', 0, [])
  const known = a.listenAddresses
  const b = await start('b', 1, known)
  const c = await start('c', 2, [...known, ...b.listenAddresses])
  const d = await start('d', 3, known)
  await until(() => [a, b, c, d].every(({ api }) => api.status().finalizedHeight >= 1n))
  const height = b.api.status().height
  await b.stop()
  const again = await start('b', 1, [...known, ...c.listenAddresses])
  expect(again.peerId).toBe(b.peerId)
  expect(again.api.status().height).toBeGreaterThanOrEqual(height)
  const late = await start('late', undefined, known)
  await until(() => late.api.status().finalizedHeight > height && again.api.status().finalizedHeight > height)
  const { height: reached } = late.api.status()
  const [one, other] = [await a.api.blockByHeight(height), await late.api.blockByHeight(height)]
  expect(one?.block.header.hash).toBe(other?.block.header.hash)
  expect(reached).toBeGreaterThan(height)
})
