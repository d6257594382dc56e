import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createRpcClient } from '#rpc/client'
import { nodeExitCode, type RunningDaemon, startNode } from '../index.ts'
import { createSwitchboard, createTestNetwork, quiet, type TestNetwork } from './testing/network.ts'

let world: TestNetwork
const running: RunningDaemon[] = []
const switchboard = createSwitchboard()

beforeAll(async () => {
  world = await createTestNetwork(3)
})
afterEach(async () => {
  for (const daemon of running.splice(0)) await daemon.stop()
})
afterAll(() => world.remove())

async function start(name: string, delegate?: number): Promise<RunningDaemon> {
  const daemon = await startNode(await world.config(name, delegate), {
    logger: quiet,
    openNetwork: switchboard.open(name),
    processFigures: false,
  })
  running.push(daemon)
  return daemon
}

async function until(what: () => boolean): Promise<void> {
  const limit = Date.now() + 20_000
  while (!what()) {
    if (Date.now() > limit) throw new Error(`never: ${String(what)}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

describe('aelf node', () => {
  test('default: three daemons of a new network produce and finalise; RPC and metrics answer', async () => {
    const daemons = [await start('a', 0), await start('b', 1), await start('c', 2)]
    await until(() => daemons.every(({ api }) => api.status().finalizedHeight >= 1n))
    const [first] = daemons
    const info = await createRpcClient({ url: first?.rpcUrl ?? '' }).request('aelf_chainInfo')
    expect(info.network).toBe('aelf test')
    const metrics = await (await fetch(first?.metricsUrl ?? '')).text()
    expect(metrics).toMatch(/^aelf_finalized_height [1-9]/m)
  })

  test('behavior: a restarted node goes on where it stood, and an observer that comes late catches up', async () => {
    const [a, b] = [await start('a', 0), await start('b', 1)]
    const before = a.api.status().height
    expect(before).toBeGreaterThan(0n)
    await until(() => b.api.status().height > before)
    await b.stop()
    const again = await start('b', 1)
    expect(again.api.status().height).toBeGreaterThan(0n)
    const late = await start('late')
    const c = await start('c', 2)
    await until(() => late.api.status().height > before + 3n && c.api.status().finalizedHeight > before)
    expect(late.delegate).toBeUndefined()
  })

  test('error: a data folder belongs to one process', async () => {
    await start('a', 0)
    const second = startNode(await world.config('a', 1), { logger: quiet, openNetwork: switchboard.open('second') })
    const error = await second.catch((cause: unknown) => cause)
    expect(error).toMatchObject({ code: 'node.locked' })
    expect(nodeExitCode(error)).toBe(6)
  })
})
