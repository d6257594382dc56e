import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import type { Clock } from '#primitives'
import { createRpcClient } from '#rpc/client'
import { createEndingClock } from '../clock.ts'
import { type RunningDaemon, startNode } from '../index.ts'
import { createTestNetwork, quiet, type TestNetwork } from './testing/network.ts'

const SLOT_MS = 1_000
const SKEW_MS = 5_000
const PATIENCE_MS = 120_000

let world: TestNetwork
const running: RunningDaemon[] = []
const own = createEndingClock()
afterAll(() => own.end())
beforeEach(async () => {
  world = await createTestNetwork(4, SLOT_MS)
})
afterEach(async () => {
  for (const daemon of running.splice(0)) await daemon.stop()
  await world.remove()
})

async function start(index: number, clock?: Clock): Promise<RunningDaemon> {
  const peers = running.flatMap(({ listenAddresses }) => listenAddresses)
  const config = await world.config(`node${index}`, index, { peers })
  const deps = { logger: quiet, processFigures: false, ...(clock === undefined ? {} : { clock }) }
  const daemon = await startNode(config, deps)
  running.push(daemon)
  return daemon
}

const skewed: Clock = { now: () => own.now() + SKEW_MS, after: (ms, run) => own.after(ms, run) }

test('behavior: a node whose clock is five seconds ahead warns and makes no block from then on; nobody else minds', {
  timeout: PATIENCE_MS,
}, async () => {
  for (const index of [0, 1, 2]) await start(index)
  const late = await start(3, skewed)
  const codes = ({ api }: RunningDaemon): string[] => api.status().warnings.map(({ code }) => code)
  await expect.poll(() => codes(late), { timeout: PATIENCE_MS }).toContain('clock.offset')
  const metrics = async (): Promise<string> => (await fetch(late.metricsUrl ?? '')).text()
  const produced = async (): Promise<string | undefined> =>
    /^aelf_blocks_produced_total \d+$/m.exec(await metrics())?.[0]
  const grows = async (blocks: bigint): Promise<void> => {
    const before = late.api.status().height
    await expect.poll(() => late.api.status().height, { timeout: PATIENCE_MS }).toBeGreaterThan(before + blocks)
  }
  // Before it had compared its clock with others it may have made one, or be about to end one.
  await grows(1n)
  const made = await produced()
  expect(made).toBeDefined()
  await grows(8n)
  const info = await createRpcClient({ url: late.rpcUrl }).request('aelf_nodeInfo')
  expect(Math.abs((info.clockOffsetMs ?? 0) - SKEW_MS)).toBeLessThan(SLOT_MS / 2)
  expect(await metrics()).toMatch(/^aelf_clock_offset_seconds [45]\./m)
  expect(await produced()).toBe(made)
  for (const one of running.slice(0, 3)) expect(codes(one)).toEqual([])
})
