import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { asAddress, bytesToHex } from '#primitives'
import { createRpcClient } from '#rpc/client'
import { routes } from '#rpc/routes'
import { createLogger, createLogRing, nodeExitCode, type RunningDaemon, startNode } from '../index.ts'
import { createSwitchboard, createTestNetwork, quiet, type TestNetwork, until } from './testing/network.ts'

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
  const ring = createLogRing()
  const daemon = await startNode(await world.config(name, delegate), {
    logger: createLogger('silent', { ring }),
    ring,
    openNetwork: switchboard.open(name),
    processFigures: false,
  })
  running.push(daemon)
  return daemon
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

  test('default: the delegate pairs with its own node and sees it whole', async () => {
    const daemon = await start('a', 0)
    await start('b', 1)
    await until(() => daemon.api.status().height >= 6n)
    const account = privateKeyToAccount(bytesToHex(world.secrets[0]?.privateKey ?? new Uint8Array()))
    // Every answer is checked against its schema here.
    const client = createRpcClient({ url: daemon.rpcUrl, schemas: routes })
    const { nonce, message } = await client.request('aelf_operatorChallenge', [
      asAddress(account.address.toLowerCase()),
    ])
    const signature = await account.signMessage({ message })
    const { token } = await client.request('aelf_operatorPair', [nonce, signature])
    const status = await client.request('aelf_operatorStatus', [token])
    expect(status.info).toMatchObject({ role: 'producer', peers: 1, delegate: account.address.toLowerCase() })
    expect(status.delegate).toMatchObject({ name: 'Delegate 0', keySource: 'keystore', watching: false })
    expect(BigInt(status.delegate?.lastSigned?.height ?? 0)).toBeGreaterThan(0n)
    expect(status.recentSlots.some(({ state }) => state === 'produced')).toBe(true)
    expect(status.disk.usedBytes).toBeGreaterThan(0)
    expect(status.warnings.map(({ code }) => code)).toEqual(['peers.few'])
    const logs = await client.request('aelf_operatorLogs', [token, { limit: 500, level: 'info' }])
    expect(logs.some((line) => line.message === 'The node is running')).toBe(true)
    expect(await client.request('aelf_operatorUnpair', [token])).toBe(true)
    await expect(client.request('aelf_operatorStatus', [token])).rejects.toMatchObject({
      code: 'operator.tokenUnknown',
    })
  })

  test('error: a data folder belongs to one process', async () => {
    await start('a', 0)
    const second = startNode(await world.config('a', 1), { logger: quiet, openNetwork: switchboard.open('second') })
    const error = await second.catch((cause: unknown) => cause)
    expect(error).toMatchObject({ code: 'node.locked' })
    expect(nodeExitCode(error)).toBe(6)
  })
})
