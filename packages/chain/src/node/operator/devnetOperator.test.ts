import { afterAll, beforeAll, expect, test } from 'vitest'
import { asAddress } from '#primitives'
import { routes } from '#rpc/routes'
import { createLogger, createLogRing, type Devnet, startDevnet } from '../index.ts'

let devnet: Devnet
beforeAll(async () => {
  const ring = createLogRing()
  const logger = createLogger('silent', { ring })
  devnet = await startDevnet({ slotMs: 10_000, delegates: 4, backups: 1, reveals: 500, ring, logger })
  await devnet.fastForward(50_000)
}, 60_000)
afterAll(() => devnet.stop())

test('default: a delegate of a development network sees its own node, a demo account that of the delegate with its number', async () => {
  const { operator } = devnet
  const [first] = devnet.delegates
  const backup = devnet.delegates.find(({ isBackup }) => isBackup)
  const demo = devnet.accounts().find(({ label }) => label.startsWith('Demo'))
  if (first === undefined || backup === undefined || demo === undefined) throw new Error('a devnet has them')
  for (const { address } of [first, backup, demo]) expect(operator.isOperator(address)).toBe(true)
  expect(operator.isOperator(asAddress(`0x${'12'.repeat(20)}`))).toBe(false)
  expect(routes.aelf_nodeInfo.result.safeParse(operator.info()).error).toBeUndefined()

  const own = await operator.status(first.address)
  expect(routes.aelf_operatorStatus.result.safeParse(own).error).toBeUndefined()
  expect(own.delegate).toMatchObject({ address: first.address, name: first.name, inRotation: true })
  expect(own.recentSlots.some(({ state }) => state === 'produced')).toBe(true)
  const waiting = await operator.status(backup.address)
  expect(waiting.info).toMatchObject({ role: 'backup', delegate: backup.address })
  const shared = await operator.status(demo.address)
  expect(shared.info.delegate).toBe(devnet.nodes[0]?.signer?.address)
  expect(operator.logs({ limit: 10, level: 'info' }).length).toBeGreaterThan(0)
}, 60_000)
