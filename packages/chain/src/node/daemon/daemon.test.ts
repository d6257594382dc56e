import { privateKeyToAccount } from 'viem/accounts'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { asAddress, bytesToHex } from '#primitives'
import { createRpcClient } from '#rpc/client'
import { routes } from '#rpc/routes'
import { createLogger, createLogRing, nodeExitCode } from '../index.ts'
import { createStage, createTestNetwork, type Stage, type TestNetwork } from './testing/network.ts'

let world: TestNetwork
let stage: Stage

beforeEach(async () => {
  world = await createTestNetwork(3)
  stage = createStage(world)
})
afterEach(async () => {
  await stage.stop()
  await world.remove()
})

describe('aelf node', () => {
  test('default: three daemons of a new network produce and finalise; RPC and metrics answer', async () => {
    const daemons = [await stage.start('a', 0), await stage.start('b', 1), await stage.start('c', 2)]
    await stage.until(() => daemons.every(({ api }) => api.status().finalizedHeight >= 1n))
    const [first] = daemons
    const info = await createRpcClient({ url: first?.rpcUrl ?? '' }).request('aelf_chainInfo')
    expect(info.network).toBe('aelf test')
    const metrics = await (await fetch(first?.metricsUrl ?? '')).text()
    expect(metrics).toMatch(/^aelf_finalized_height [1-9]/m)
  })

  test('behavior: a restarted node goes on where it stood, and an observer that comes late catches up', async () => {
    const [a, b] = [await stage.start('a', 0), await stage.start('b', 1)]
    await stage.until(() => a.api.status().height > 4n)
    const before = a.api.status().height
    expect(before).toBeGreaterThan(0n)
    await stage.until(() => b.api.status().height > before)
    await b.stop()
    const again = await stage.start('b', 1)
    expect(again.api.status().height).toBeGreaterThan(0n)
    const late = await stage.start('late')
    const c = await stage.start('c', 2)
    await stage.until(() => late.api.status().height > before + 3n && c.api.status().finalizedHeight > before)
    expect(late.delegate).toBeUndefined()
  })

  test('default: the delegate pairs with its own node and sees it whole', async () => {
    const ring = createLogRing()
    const daemon = await stage.start('a', 0, { ring, logger: createLogger('silent', { ring }) })
    await stage.start('b', 1)
    await stage.until(() => daemon.api.status().height >= 6n)
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
    await stage.start('a', 0)
    const config = await world.config('a', 1)
    const error = await stage.startWith('second', config).catch((cause: unknown) => cause)
    expect(error).toMatchObject({ code: 'node.locked' })
    expect(nodeExitCode(error)).toBe(6)
  })
})
